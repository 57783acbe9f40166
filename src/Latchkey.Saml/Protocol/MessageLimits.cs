namespace Latchkey.Saml.Protocol;

/// <summary>Bounds on what a stranger may send, enforced while reading and before any cryptography (rule X2).</summary>
public sealed record MessageLimits
{
    /// <summary>The defaults, generous for real messages.</summary>
    public static MessageLimits Default { get; } = new();

    /// <summary>Length of a message as it arrives, in characters of base64.</summary>
    public int EncodedLength { get; init; } = 1_400_000;

    /// <summary>Length of the XML in bytes, also after inflating.</summary>
    public int XmlBytes { get; init; } = 1_048_576;

    /// <summary>Nesting of elements.</summary>
    public int Depth { get; init; } = 32;

    /// <summary>Elements in all.</summary>
    public int Elements { get; init; } = 10_000;

    /// <summary>Attributes of one element, namespace declarations not counted.</summary>
    public int AttributesPerElement { get; init; } = 64;

    /// <summary>Namespace declarations in all.</summary>
    public int NamespaceDeclarations { get; init; } = 512;

    /// <summary>EncryptedKey elements in all that are decrypted; each costs an RSA operation with each of our keys.</summary>
    public int EncryptedKeys { get; init; } = 16;

    /// <summary>Length of RelayState in bytes. The specification says 80; real deployments send more, so this only bounds.</summary>
    public int RelayStateBytes { get; init; } = 4_096;
}
