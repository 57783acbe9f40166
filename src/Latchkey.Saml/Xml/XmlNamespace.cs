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

    /// <summary>xenc.</summary>
    Encryption,

    /// <summary>xenc11.</summary>
    Encryption11,

    /// <summary>md.</summary>
    Metadata,

    /// <summary>mdui.</summary>
    MetadataUi,

    /// <summary>SAML 1.x messages, known only to be named in a refusal (S0-03).</summary>
    Saml1Protocol,
}

/// <summary>The addresses of <see cref="XmlNamespace"/>.</summary>
internal static class XmlNamespaces
{
    /// <summary>Finds the namespace of an address, compared octet by octet.</summary>
    public static XmlNamespace Of(ReadOnlySpan<byte> uri)
    {
        if (uri.IsEmpty)
            return XmlNamespace.None;
        if (uri.SequenceEqual("urn:oasis:names:tc:SAML:2.0:assertion"u8))
            return XmlNamespace.Assertion;
        if (uri.SequenceEqual("urn:oasis:names:tc:SAML:2.0:protocol"u8))
            return XmlNamespace.Protocol;
        if (uri.SequenceEqual("http://www.w3.org/2000/09/xmldsig#"u8))
            return XmlNamespace.Signature;
        if (uri.SequenceEqual("http://www.w3.org/2001/10/xml-exc-c14n#"u8))
            return XmlNamespace.ExclusiveCanonicalization;
        if (uri.SequenceEqual("http://www.w3.org/2001/04/xmlenc#"u8))
            return XmlNamespace.Encryption;
        if (uri.SequenceEqual("http://www.w3.org/2009/xmlenc11#"u8))
            return XmlNamespace.Encryption11;
        if (uri.SequenceEqual("urn:oasis:names:tc:SAML:2.0:metadata"u8))
            return XmlNamespace.Metadata;
        if (uri.SequenceEqual("urn:oasis:names:tc:SAML:metadata:ui"u8))
            return XmlNamespace.MetadataUi;
        if (uri.SequenceEqual("urn:oasis:names:tc:SAML:1.0:protocol"u8))
            return XmlNamespace.Saml1Protocol;
        if (uri.SequenceEqual("http://www.w3.org/XML/1998/namespace"u8))
            return XmlNamespace.Xml;
        return XmlNamespace.Other;
    }

    /// <summary>The usual prefix, for findings.</summary>
    public static string PrefixOf(XmlNamespace ns) =>
        ns switch
        {
            XmlNamespace.Assertion => "saml:",
            XmlNamespace.Protocol => "samlp:",
            XmlNamespace.Signature => "ds:",
            XmlNamespace.ExclusiveCanonicalization => "ec:",
            XmlNamespace.Encryption => "xenc:",
            XmlNamespace.Encryption11 => "xenc11:",
            XmlNamespace.Metadata => "md:",
            XmlNamespace.MetadataUi => "mdui:",
            _ => "",
        };
}
