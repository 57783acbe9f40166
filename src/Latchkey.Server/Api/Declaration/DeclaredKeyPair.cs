namespace Latchkey.Server.Api.Declaration;

/// <summary>A key pair that was made elsewhere, as a file says it: never the private key itself.</summary>
/// <param name="Certificate">PEM, or base64 of DER.</param>
/// <param name="PrivateKey">Where its PEM is found; not needed where the certificate is published already.</param>
/// <param name="Password">Where the password is found that opens it, if it is encrypted.</param>
internal sealed record DeclaredKeyPair(
    string Certificate,
    SecretReference? PrivateKey,
    SecretReference? Password
)
{
    /// <summary>Reads <c>key_pair</c> of an application.</summary>
    public static DeclaredKeyPair? Read(Section application)
    {
        if (application.Map("key_pair") is not { } section)
        {
            return null;
        }
        var pair = new DeclaredKeyPair(
            section.Required("certificate"),
            Reference(section, "private_key"),
            Reference(section, "password")
        );
        section.End();
        return pair;
    }

    private static SecretReference? Reference(Section section, string key) =>
        section.Map(key) is { } reference ? SecretReference.Read(reference) : null;
}
