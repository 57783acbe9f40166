namespace Latchkey.Server.Certificates;

/// <summary>That an application's metadata was read from an address, and what stood in it the last time.</summary>
internal sealed class MetadataReading
{
    public required Guid ApplicationId { get; init; }

    /// <summary>The address it was read from.</summary>
    public required string ClientIp { get; init; }

    /// <summary>What the reader called itself, cut short; null if it did not say.</summary>
    public string? UserAgent { get; init; }

    /// <summary>Whether somebody looked at it in a browser: that is not the service provider's own reading.</summary>
    public bool ByBrowser { get; init; }

    /// <summary>The identifiers of the certificates that were published, without hyphens, a space between them.</summary>
    public required string Certificates { get; init; }

    /// <summary>How often it was written down, at most once an hour.</summary>
    public int Readings { get; init; } = 1;

    public required DateTimeOffset FirstAt { get; init; }
    public required DateTimeOffset LastAt { get; init; }

    public bool Has(ApplicationCertificate certificate) =>
        Certificates.Contains(certificate.Id.ToString("N"), StringComparison.Ordinal);

    public static string Named(IEnumerable<ApplicationCertificate> certificates) =>
        string.Join(' ', certificates.Select(c => c.Id.ToString("N")));
}
