using Latchkey.Server.Api.OpenApi;
using Latchkey.Server.Applications;
using Latchkey.Server.Certificates;

namespace Latchkey.Server.Api.Certificates;

/// <summary>A signing certificate, without its key: that has no way out (rule I6).</summary>
/// <param name="Status">Whether it signs now, comes next, or signed before and is still published.</param>
/// <param name="SignsFrom">Null while nobody has said.</param>
/// <param name="RetireAt">When the metadata stops naming it.</param>
internal sealed record CertificateBody(
    Guid Id,
    [property: WordsOf(typeof(CertificateWords), nameof(CertificateWords.Statuses))] string Status,
    string Sha256,
    string Sha1,
    DateTimeOffset NotBefore,
    DateTimeOffset NotAfter,
    DateTimeOffset? SignsFrom,
    DateTimeOffset? RetireAt,
    DateTimeOffset CreatedAt
)
{
    /// <summary>What is published of an application, the one that signs first.</summary>
    public static IReadOnlyList<CertificateBody> Of(CertificateSet set) =>
        [
            .. set.Published.Select(c => new CertificateBody(
                c.Id,
                c == set.Active ? "active"
                    : c == set.Next ? "next"
                    : "former",
                CertificateText.Sha256(c.Certificate),
                CertificateText.Sha1(c.Certificate),
                c.NotBefore,
                c.NotAfter,
                c.SignsFrom,
                c.RetireAt,
                c.CreatedAt
            )),
        ];
}

internal sealed record CertificatesBody(IReadOnlyList<CertificateBody> Items);

/// <summary>An application with what it signs by.</summary>
/// <param name="KnownAt">When the service provider last read the certificate that signs next from the metadata, or else the one that signs; null if it never did.</param>
internal sealed record CertifiedApplicationBody(
    Guid Id,
    string Slug,
    string Label,
    IReadOnlyList<CertificateBody> Certificates,
    DateTimeOffset? KnownAt
)
{
    public static CertifiedApplicationBody Of(CertifiedApplication row) =>
        new(
            row.Application.Id,
            row.Application.Slug,
            row.Application.Label,
            CertificateBody.Of(row.Set),
            row.Reading?.LastAt
        );
}

/// <summary>That an application's metadata was read from an address.</summary>
/// <param name="ByBrowser">Whether somebody looked at it, rather than the service provider itself.</param>
/// <param name="Readings">How often, counted at most once an hour.</param>
/// <param name="Certificates">Which of the published certificates stood in it the last time.</param>
internal sealed record MetadataReadingBody(
    string ClientIp,
    string? UserAgent,
    bool ByBrowser,
    int Readings,
    DateTimeOffset FirstAt,
    DateTimeOffset LastAt,
    IReadOnlyList<Guid> Certificates
)
{
    public static MetadataReadingBody Of(MetadataReading reading, CertificateSet set) =>
        new(
            reading.ClientIp,
            reading.UserAgent,
            reading.ByBrowser,
            reading.Readings,
            reading.FirstAt,
            reading.LastAt,
            [.. set.Published.Where(reading.Has).Select(c => c.Id)]
        );
}

internal sealed record MetadataReadingsBody(IReadOnlyList<MetadataReadingBody> Items);

/// <summary>What the next key is made of.</summary>
internal sealed record NewCertificateBody(
    [property: WordsOf(typeof(CertificateWords), nameof(CertificateWords.Keys))] string? Key,
    [property: WordsOf(typeof(CertificateWords), nameof(CertificateWords.Hashes))] string? Hash
);

/// <summary>A key pair that was made elsewhere (J-38).</summary>
/// <param name="Pem">The certificate and its private key, one below the other.</param>
/// <param name="Pkcs12">Instead: a PKCS#12 file in base64.</param>
/// <param name="Password">What opens the private key, if it is encrypted.</param>
internal sealed record OwnCertificateBody(
    [property: WriteOnly] string? Pem,
    [property: WriteOnly] string? Pkcs12,
    [property: WriteOnly] string? Password
);

/// <summary>When the next key takes over; null for now.</summary>
internal sealed record SwitchBody(DateTimeOffset? At);

internal static class CertificateWords
{
    public static IReadOnlyList<string> Statuses { get; } = ["active", "next", "former"];

    public static Words<KeyKind> Keys { get; } =
        new(
            ("rsa-2048", KeyKind.Rsa2048),
            ("rsa-3072", KeyKind.Rsa3072),
            ("rsa-4096", KeyKind.Rsa4096),
            ("p-256", KeyKind.P256)
        );

    public static Words<CertificateHash> Hashes { get; } =
        new(("sha256", CertificateHash.Sha256), ("sha1", CertificateHash.Sha1));
}
