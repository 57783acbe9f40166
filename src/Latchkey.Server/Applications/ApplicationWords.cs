using Latchkey.Saml.Issuing;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Protocol;

namespace Latchkey.Server.Applications;

/// <summary>The words of an application's settings.</summary>
internal static class ApplicationWords
{
    public static Words<ApplicationKind> Kind { get; } =
        new(("saml", ApplicationKind.Saml), ("bookmark", ApplicationKind.Bookmark));

    /// <summary>Bindings, as the specification ends their URIs.</summary>
    public static UriWords Bindings { get; } =
        new(
            ("HTTP-POST", SamlBindings.Post),
            ("HTTP-Redirect", SamlBindings.Redirect),
            ("HTTP-Artifact", SamlBindings.Artifact)
        );

    /// <summary>What is signed (J-15).</summary>
    public static Words<SignedParts> Sign { get; } =
        new(
            ("assertion_and_response", SignedParts.AssertionAndResponse),
            ("assertion", SignedParts.Assertion),
            ("response", SignedParts.Response)
        );

    /// <summary>Signature algorithms, each with the digest of its name (J-14).</summary>
    public static Words<SignatureAlgorithm> SignatureAlgorithm { get; } =
        new(
            ("rsa-sha256", Saml.Keys.SignatureAlgorithm.RsaSha256),
            ("rsa-sha384", Saml.Keys.SignatureAlgorithm.RsaSha384),
            ("rsa-sha512", Saml.Keys.SignatureAlgorithm.RsaSha512),
            ("ecdsa-sha256", Saml.Keys.SignatureAlgorithm.EcdsaSha256),
            ("ecdsa-sha384", Saml.Keys.SignatureAlgorithm.EcdsaSha384),
            ("ecdsa-sha512", Saml.Keys.SignatureAlgorithm.EcdsaSha512),
            ("rsa-pss-sha256", Saml.Keys.SignatureAlgorithm.RsaPssSha256),
            ("rsa-pss-sha384", Saml.Keys.SignatureAlgorithm.RsaPssSha384),
            ("rsa-pss-sha512", Saml.Keys.SignatureAlgorithm.RsaPssSha512),
            ("rsa-sha1", Saml.Keys.SignatureAlgorithm.RsaSha1)
        );

    /// <summary>Ciphers for assertions.</summary>
    public static Words<ContentEncryption> ContentEncryption { get; } =
        new(
            ("aes256-gcm", Saml.Issuing.ContentEncryption.Aes256Gcm),
            ("aes128-gcm", Saml.Issuing.ContentEncryption.Aes128Gcm),
            ("aes256-cbc", Saml.Issuing.ContentEncryption.Aes256Cbc),
            ("aes128-cbc", Saml.Issuing.ContentEncryption.Aes128Cbc)
        );

    /// <summary>Ways for the cipher's key to travel.</summary>
    public static Words<KeyEncryption> KeyEncryption { get; } =
        new(
            ("rsa-oaep", Saml.Issuing.KeyEncryption.RsaOaepMgf1p),
            ("rsa-oaep-sha256", Saml.Issuing.KeyEncryption.RsaOaepSha256),
            ("rsa-oaep-digest-sha256", Saml.Issuing.KeyEncryption.RsaOaepMgf1pSha256),
            ("rsa-oaep-11-sha1", Saml.Issuing.KeyEncryption.RsaOaepSha1),
            ("rsa-oaep-11-sha256-mask-sha1", Saml.Issuing.KeyEncryption.RsaOaepSha256MaskSha1),
            ("rsa-oaep-11-sha1-mask-sha256", Saml.Issuing.KeyEncryption.RsaOaepSha1MaskSha256)
        );

    /// <summary>NameID formats, as the specification ends their URIs (J-13).</summary>
    public static UriWords NameIdFormats { get; } =
        new(
            ("emailAddress", Saml.Protocol.NameIdFormats.EmailAddress),
            ("unspecified", Saml.Protocol.NameIdFormats.Unspecified),
            ("persistent", Saml.Protocol.NameIdFormats.Persistent),
            ("transient", Saml.Protocol.NameIdFormats.Transient)
        );

    /// <summary>Bindings of logout addresses.</summary>
    public static UriWords LogoutBindings { get; } =
        new(
            ("redirect", SamlBindings.Redirect),
            ("post", SamlBindings.Post),
            ("soap", SamlBindings.Soap)
        );

    /// <summary>Attribute name formats.</summary>
    public static UriWords AttributeNameFormats { get; } =
        new(
            ("unspecified", Saml.Protocol.AttributeNameFormats.Unspecified),
            ("basic", Saml.Protocol.AttributeNameFormats.Basic),
            ("uri", Saml.Protocol.AttributeNameFormats.Uri)
        );
}
