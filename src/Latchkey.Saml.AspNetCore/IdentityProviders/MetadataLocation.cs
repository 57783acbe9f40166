using System.Net;
using System.Text;

namespace Latchkey.Saml.AspNetCore.IdentityProviders;

/// <summary>What <see cref="Saml2Options.IdpMetadata"/> says: an address, a file, or the XML itself.</summary>
internal sealed record MetadataLocation
{
    private const int MaximumBytes = 5 * 1024 * 1024;

    private MetadataLocation() { }

    public byte[]? Xml { get; private init; }

    public Uri? Address { get; private init; }

    public string? File { get; private init; }

    public override string ToString() => Address?.ToString() ?? File ?? "the XML in IdpMetadata";

    public static MetadataLocation Parse(string value)
    {
        var text = value.Trim().TrimStart('\uFEFF');
        if (text.StartsWith('<'))
        {
            return new() { Xml = Encoding.UTF8.GetBytes(text) };
        }

        return
            Uri.TryCreate(text, UriKind.Absolute, out var address)
            && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
            ? new() { Address = address }
            : new() { File = Path.GetFullPath(text) };
    }

    /// <exception cref="Saml2MetadataException">It cannot be had.</exception>
    public async Task<byte[]> LoadAsync(HttpClient backchannel, CancellationToken cancellationToken)
    {
        try
        {
            return Xml
                ?? (
                    Address is null
                        ? await ReadFileAsync(cancellationToken)
                        : await FetchAsync(backchannel, cancellationToken)
                );
        }
        catch (Exception e)
            when (e is HttpRequestException or IOException or UnauthorizedAccessException
                || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested)
            )
        {
            throw new Saml2MetadataException(
                $"The identity provider's metadata cannot be had from {this}: {e.Message}",
                e
            );
        }
    }

    private async Task<byte[]> ReadFileAsync(CancellationToken cancellationToken)
    {
        var length = new FileInfo(File!).Length;
        return length <= MaximumBytes
            ? await System.IO.File.ReadAllBytesAsync(File!, cancellationToken)
            : throw new IOException($"It has {length} bytes; {MaximumBytes} are allowed.");
    }

    private async Task<byte[]> FetchAsync(
        HttpClient backchannel,
        CancellationToken cancellationToken
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Address);
        request.Headers.Accept.ParseAdd(
            "application/samlmetadata+xml, application/xml;q=0.9, */*;q=0.1"
        );
        using var response = await backchannel.SendAsync(
            request,
            HttpCompletionOption.ResponseContentRead,
            cancellationToken
        );
        return response.StatusCode == HttpStatusCode.OK
            ? await response.Content.ReadAsByteArrayAsync(cancellationToken)
            : throw new HttpRequestException($"The answer was HTTP {(int)response.StatusCode}.");
    }
}
