using System.Text;

namespace Latchkey.Server.Certificates;

/// <summary>An application's certificates as files, in every form that service providers want. The private key has no such way out (rule I6).</summary>
internal static class CertificateDownload
{
    /// <summary>The certificate that signs now.</summary>
    public static async Task<IResult> ActiveAsync(
        Guid id,
        string form,
        CertificateQueries queries,
        CancellationToken cancellationToken
    )
    {
        var found = await queries.FindAsync(id, cancellationToken);
        return found?.Set.Active is { } active
            ? Answer(active, form, $"latchkey-{found.Application.Slug}-certificate")
            : Results.NotFound();
    }

    /// <summary>Any that is stored; its file is named by its fingerprint, so that two of them do not take each other's place.</summary>
    public static async Task<IResult> AnyAsync(
        Guid id,
        Guid certificate,
        string form,
        CertificateQueries queries,
        CancellationToken cancellationToken
    )
    {
        var found = await queries.FindAsync(id, cancellationToken);
        if (found?.Set.Find(certificate) is not { } stored)
        {
            return Results.NotFound();
        }
        var print = CertificateText
            .Sha256(stored.Certificate)[..11]
            .Replace(":", "", StringComparison.Ordinal)
            .ToLowerInvariant();
        return Answer(stored, form, $"latchkey-{found.Application.Slug}-{print}");
    }

    private static IResult Answer(ApplicationCertificate certificate, string form, string name)
    {
        var der = certificate.Certificate;
        return form switch
        {
            "pem" => Text(CertificateText.Pem(der) + "\n", "application/x-pem-file"),
            "der" => Results.Bytes(der, "application/pkix-cert", $"{name}.der"),
            "txt" => Text(Convert.ToBase64String(der) + "\n", "text/plain"),
            _ => Results.NotFound(),
        };

        IResult Text(string text, string type) =>
            Results.Bytes(Encoding.ASCII.GetBytes(text), type, $"{name}.{form}");
    }
}
