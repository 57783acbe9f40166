namespace Latchkey.Saml.Xml;

/// <summary>The namespaces that mean something here; every other one is <see cref="Other"/>.</summary>
internal enum XmlNamespace : byte
{
    /// <summary>No namespace.</summary>
    None,

    /// <summary>A namespace that means nothing here.</summary>
    Other,

    /// <summary>The prefix xml.</summary>
    Xml,

    /// <summary>saml.</summary>
    Assertion,

    /// <summary>samlp.</summary>
    Protocol,

    /// <summary>ds.</summary>
    Signature,

    /// <summary>ec: parameters of exclusive canonicalization.</summary>
    ExclusiveCanonicalization,

    /// <summary>xsi.</summary>
    SchemaInstance,

    /// <summary>xenc.</summary>
    Encryption,

    /// <summary>xenc11.</summary>
    Encryption11,

    /// <summary>md.</summary>
    Metadata,

    /// <summary>mdui.</summary>
    MetadataUi,

    /// <summary>mdattr.</summary>
    MetadataAttributes,

    /// <summary>alg.</summary>
    MetadataAlgorithms,

    /// <summary>shibmd.</summary>
    ShibbolethMetadata,

    /// <summary>soap: the envelope of SOAP 1.1.</summary>
    Soap,

    /// <summary>aslo: the extension for logout without an answer.</summary>
    AsynchronousLogout,

    /// <summary>SAML 1.x messages, known only to be named in a refusal (S0-03).</summary>
    Saml1Protocol,
}

/// <summary>The address and the usual prefix of each <see cref="XmlNamespace"/>.</summary>
internal static class XmlNamespaces
{
    // In the order of how often they occur.
    private static readonly Known[] Table =
    [
        new(XmlNamespace.Assertion, "saml:", "urn:oasis:names:tc:SAML:2.0:assertion"u8),
        new(XmlNamespace.Protocol, "samlp:", "urn:oasis:names:tc:SAML:2.0:protocol"u8),
        new(XmlNamespace.Signature, "ds:", "http://www.w3.org/2000/09/xmldsig#"u8),
        new(
            XmlNamespace.ExclusiveCanonicalization,
            "ec:",
            "http://www.w3.org/2001/10/xml-exc-c14n#"u8
        ),
        new(XmlNamespace.SchemaInstance, "xsi:", "http://www.w3.org/2001/XMLSchema-instance"u8),
        new(XmlNamespace.Encryption, "xenc:", "http://www.w3.org/2001/04/xmlenc#"u8),
        new(XmlNamespace.Encryption11, "xenc11:", "http://www.w3.org/2009/xmlenc11#"u8),
        new(XmlNamespace.Metadata, "md:", "urn:oasis:names:tc:SAML:2.0:metadata"u8),
        new(XmlNamespace.MetadataUi, "mdui:", "urn:oasis:names:tc:SAML:metadata:ui"u8),
        new(
            XmlNamespace.MetadataAttributes,
            "mdattr:",
            "urn:oasis:names:tc:SAML:metadata:attribute"u8
        ),
        new(
            XmlNamespace.MetadataAlgorithms,
            "alg:",
            "urn:oasis:names:tc:SAML:metadata:algsupport"u8
        ),
        new(XmlNamespace.ShibbolethMetadata, "shibmd:", "urn:mace:shibboleth:metadata:1.0"u8),
        new(XmlNamespace.Soap, "soap:", "http://schemas.xmlsoap.org/soap/envelope/"u8),
        new(
            XmlNamespace.AsynchronousLogout,
            "aslo:",
            "urn:oasis:names:tc:SAML:2.0:protocol:ext:async-slo"u8
        ),
        new(XmlNamespace.Saml1Protocol, "", "urn:oasis:names:tc:SAML:1.0:protocol"u8),
        new(XmlNamespace.Xml, "xml:", "http://www.w3.org/XML/1998/namespace"u8),
    ];

    /// <summary>Finds the namespace of an address, compared octet by octet.</summary>
    public static XmlNamespace Of(ReadOnlySpan<byte> uri)
    {
        if (uri.IsEmpty)
            return XmlNamespace.None;
        foreach (var known in Table)
            if (uri.SequenceEqual(known.Uri))
                return known.Namespace;
        return XmlNamespace.Other;
    }

    /// <summary>The usual prefix with its colon, for findings; empty when there is none.</summary>
    public static string PrefixOf(XmlNamespace ns)
    {
        foreach (var known in Table)
            if (known.Namespace == ns)
                return known.Prefix;
        return "";
    }

    private sealed class Known(XmlNamespace ns, string prefix, ReadOnlySpan<byte> uri)
    {
        public XmlNamespace Namespace { get; } = ns;
        public string Prefix { get; } = prefix;
        public byte[] Uri { get; } = uri.ToArray();
    }
}
