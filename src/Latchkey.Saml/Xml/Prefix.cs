namespace Latchkey.Saml.Xml;

/// <summary>
/// The namespace prefixes that we write. One bit each, in the order of the alphabet, which is the order in which
/// canonical XML wants declarations (xml-c14n §4.8): walking the bits upwards is walking in canonical order.
/// </summary>
[Flags]
internal enum Prefix
{
    None = 0,
    Alg = 1 << 0,
    Aslo = 1 << 1,
    Ds = 1 << 2,
    Ec = 1 << 3,
    Md = 1 << 4,
    Mdattr = 1 << 5,
    Mdui = 1 << 6,
    Saml = 1 << 7,
    Samlp = 1 << 8,
    Shibmd = 1 << 9,
    Soap = 1 << 10,
    Xenc = 1 << 11,
    Xenc11 = 1 << 12,
    Xs = 1 << 13,
    Xsi = 1 << 14,
}

internal static class PrefixText
{
    /// <summary>The prefix with its colon. For exactly one prefix.</summary>
    public static ReadOnlySpan<byte> WithColon(this Prefix prefix) =>
        prefix switch
        {
            Prefix.Alg => "alg:"u8,
            Prefix.Aslo => "aslo:"u8,
            Prefix.Ds => "ds:"u8,
            Prefix.Ec => "ec:"u8,
            Prefix.Md => "md:"u8,
            Prefix.Mdattr => "mdattr:"u8,
            Prefix.Mdui => "mdui:"u8,
            Prefix.Saml => "saml:"u8,
            Prefix.Samlp => "samlp:"u8,
            Prefix.Shibmd => "shibmd:"u8,
            Prefix.Soap => "soap:"u8,
            Prefix.Xenc => "xenc:"u8,
            Prefix.Xenc11 => "xenc11:"u8,
            Prefix.Xs => "xs:"u8,
            Prefix.Xsi => "xsi:"u8,
            _ => throw new ArgumentOutOfRangeException(nameof(prefix), prefix, message: null),
        };

    /// <summary>The namespace declaration with the space before it. For exactly one prefix.</summary>
    public static ReadOnlySpan<byte> Declaration(this Prefix prefix) =>
        prefix switch
        {
            Prefix.Alg => " xmlns:alg=\"urn:oasis:names:tc:SAML:metadata:algsupport\""u8,
            Prefix.Aslo => " xmlns:aslo=\"urn:oasis:names:tc:SAML:2.0:protocol:ext:async-slo\""u8,
            Prefix.Ds => " xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\""u8,
            Prefix.Ec => " xmlns:ec=\"http://www.w3.org/2001/10/xml-exc-c14n#\""u8,
            Prefix.Md => " xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\""u8,
            Prefix.Mdattr => " xmlns:mdattr=\"urn:oasis:names:tc:SAML:metadata:attribute\""u8,
            Prefix.Mdui => " xmlns:mdui=\"urn:oasis:names:tc:SAML:metadata:ui\""u8,
            Prefix.Saml => " xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\""u8,
            Prefix.Samlp => " xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\""u8,
            Prefix.Shibmd => " xmlns:shibmd=\"urn:mace:shibboleth:metadata:1.0\""u8,
            Prefix.Soap => " xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\""u8,
            Prefix.Xenc => " xmlns:xenc=\"http://www.w3.org/2001/04/xmlenc#\""u8,
            Prefix.Xenc11 => " xmlns:xenc11=\"http://www.w3.org/2009/xmlenc11#\""u8,
            Prefix.Xs => " xmlns:xs=\"http://www.w3.org/2001/XMLSchema\""u8,
            Prefix.Xsi => " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\""u8,
            _ => throw new ArgumentOutOfRangeException(nameof(prefix), prefix, message: null),
        };
}
