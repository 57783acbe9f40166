using System.Globalization;
using System.Text;
using Latchkey.Server.Api.Applications;
using Latchkey.Server.Api.Calls;
using Latchkey.Server.Api.Declaration;
using Latchkey.Server.Api.OpenApi;
using Latchkey.Server.Applications;
using Latchkey.Server.Certificates;
using Latchkey.Server.Problems;

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
);

internal sealed record CertificatesBody(IReadOnlyList<CertificateBody> Items);

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

/// <summary>Shows and rotates the signing certificates of an application.</summary>
internal sealed class CertificateCalls(
    ApplicationCalls applications,
    CertificateRotation rotation,
    Refusal refusal
)
{
    public Task<ApiAnswer> ListAsync(string name, CancellationToken ct) =>
        AnswerAsync(name, async found => await rotation.OfAsync(found.Id, ct), ct);

    /// <summary>Publishes the next certificate beside the one that signs.</summary>
    public async Task<ApiAnswer> StartAsync(string name, HttpRequest request, CancellationToken ct)
    {
        var read = await CallBody.ReadAsync(request, "certificate", (s, _) => Choice(s), ct);
        return read.Value is { } choice
            ? await AnswerAsync(name, found => rotation.StartAsync(found.Id, choice, ct), ct)
            : refusal.Of(read.Problems);
    }

    /// <summary>Publishes a pair that was made elsewhere as the next one, or has it sign where none does yet. Its key is not answered, here or anywhere.</summary>
    public async Task<ApiAnswer> AddOwnAsync(string name, HttpRequest request, CancellationToken ct)
    {
        var read = await CallBody.ReadAsync(request, "key pair", (s, _) => Pair(s), ct);
        return read.Value is { } pair
            ? await AnswerAsync(name, found => rotation.AddOwnAsync(found.Id, pair, ct), ct)
            : refusal.Of(read.Problems);
    }

    /// <summary>Lets the next one sign, now or at a time.</summary>
    public async Task<ApiAnswer> SwitchAsync(string name, HttpRequest request, CancellationToken ct)
    {
        var read = await CallBody.ReadAsync(request, "switch", (s, _) => When(s), ct);
        return read.Value is { } when
            ? await AnswerAsync(name, found => rotation.SwitchAsync(found.Id, when.At, ct), ct)
            : refusal.Of(read.Problems);
    }

    public Task<ApiAnswer> UndoAsync(string name, CancellationToken ct) =>
        AnswerAsync(name, found => rotation.UndoAsync(found.Id, ct), ct);

    public Task<ApiAnswer> RetireAsync(string name, string certificate, CancellationToken ct) =>
        AnswerAsync(
            name,
            found =>
                rotation.RetireAsync(
                    found.Id,
                    Guid.TryParse(certificate, out var id) ? id : Guid.Empty,
                    ct
                ),
            ct
        );

    /// <summary>The certificate as a file.</summary>
    public async Task<IResult> DownloadAsync(
        string name,
        string certificate,
        bool pem,
        CancellationToken ct
    )
    {
        if (await applications.FindAsync(name, ct) is not { } application)
        {
            return refusal.Unknown(ApplicationCalls.Unknown, name);
        }
        var set = await rotation.OfAsync(application.Id, ct);
        var found = Guid.TryParse(certificate, out var id)
            ? set.Published.FirstOrDefault(c => c.Id == id)
            : null;
        if (found is null)
        {
            return refusal.Unknown("api-certificate-unknown", certificate);
        }
        var file = $"latchkey-{application.Slug}-certificate.{(pem ? "pem" : "der")}";
        return pem
            ? Results.Bytes(
                Encoding.ASCII.GetBytes(CertificateText.Pem(found.Certificate) + "\n"),
                CertificateEndpoints.Pem,
                file
            )
            : Results.Bytes(found.Certificate, CertificateEndpoints.Der, file);
    }

    private async Task<ApiAnswer> AnswerAsync(
        string name,
        Func<Application, Task<Outcome<CertificateSet>>> act,
        CancellationToken ct
    )
    {
        if (await applications.FindAsync(name, ct) is not { } application)
        {
            return refusal.Unknown(ApplicationCalls.Unknown, name);
        }
        var outcome = await act(application);
        if (!outcome.Ok)
        {
            return refusal.Of(outcome.Problems);
        }
        // As it will be shown from now on: databases keep times less exactly than memory does.
        var set = await rotation.OfAsync(application.Id, ct);
        return ApiAnswer.Shown(new CertificatesBody([.. set.Published.Select(c => Body(c, set))]));
    }

    private static CertificateBody Body(ApplicationCertificate certificate, CertificateSet set) =>
        new(
            certificate.Id,
            certificate == set.Active ? "active"
                : certificate == set.Next ? "next"
                : "former",
            CertificateText.Sha256(certificate.Certificate),
            CertificateText.Sha1(certificate.Certificate),
            certificate.NotBefore,
            certificate.NotAfter,
            certificate.SignsFrom,
            certificate.RetireAt,
            certificate.CreatedAt
        );

    private static KeyChoice Choice(Section section)
    {
        var choice = new KeyChoice(
            section.Word<KeyKind>("key", CertificateWords.Keys.TryParse, CertificateWords.Keys.All)
                ?? KeyKind.Rsa2048,
            section.Word<CertificateHash>(
                "hash",
                CertificateWords.Hashes.TryParse,
                CertificateWords.Hashes.All
            ) ?? CertificateHash.Sha256
        );
        section.End();
        return choice;
    }

    private static HandedKeyPair Pair(Section section)
    {
        var file = section.Text("pkcs12") ?? "";
        var bytes = new byte[file.Length];
        if (!Convert.TryFromBase64String(file, bytes, out var length))
        {
            section.Add("pkcs12", "key-pair-unreadable");
        }
        var pair = new HandedKeyPair(
            section.Text("pem"),
            length == 0 ? null : bytes[..length],
            section.Text("password")
        );
        section.End();
        return pair;
    }

    private static SwitchBody When(Section section)
    {
        var at = section.Time("at");
        section.End();
        return new SwitchBody(at);
    }
}
