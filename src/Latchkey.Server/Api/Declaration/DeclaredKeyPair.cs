namespace Latchkey.Server.Api.Declaration;

/// <summary>A key pair that was made elsewhere, as a file says it: never the private key itself.</summary>
/// <param name="Certificate">PEM, or base64 of DER; null for the one in <paramref name="Pkcs12"/>.</param>
/// <param name="PrivateKey">Where its PEM is found; not needed where the certificate is published already.</param>
/// <param name="Pkcs12">Instead: where a PKCS#12 file is found; a variable holds it in base64.</param>
/// <param name="Password">Where the password is found that opens it, if it is encrypted.</param>
/// <param name="SwitchAt">Of the pair that waits: when it begins to sign; null to leave that as it is.</param>
internal sealed record DeclaredKeyPair(
    string? Certificate,
    SecretReference? PrivateKey,
    SecretReference? Pkcs12,
    SecretReference? Password,
    DateTimeOffset? SwitchAt
)
{
    /// <summary>The application's key of the pair that signs.</summary>
    public const string Signing = "key_pair";

    /// <summary>The application's key of the pair that is published beside it and signs later.</summary>
    public const string Next = "next_key_pair";

    /// <summary>Reads <see cref="Signing"/> or <see cref="Next"/> of an application.</summary>
    public static DeclaredKeyPair? Read(Section application, string key)
    {
        if (application.Map(key) is not { } section)
        {
            return null;
        }
        var inFile = section.IsMap("pkcs12");
        if (inFile && section.IsMap("private_key"))
        {
            section.Add("pkcs12", "key-pair-two-sources");
        }
        var pair = new DeclaredKeyPair(
            inFile ? section.Text("certificate") : section.Required("certificate"),
            Reference(section, "private_key"),
            Reference(section, "pkcs12"),
            Reference(section, "password"),
            key == Next ? section.Time("switch_at") : null
        );
        section.End();
        return pair;
    }

    private static SecretReference? Reference(Section section, string key) =>
        section.Map(key) is { } reference ? SecretReference.Read(reference) : null;
}
