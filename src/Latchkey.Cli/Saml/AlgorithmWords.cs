namespace Latchkey.Cli.Saml;

/// <summary>What an algorithm's URI means, in plain words, with what is to be known about it.</summary>
internal static class AlgorithmWords
{
    private static readonly Dictionary<string, string> s_words = new(StringComparer.Ordinal)
    {
        ["http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"] = "RSA (PKCS#1 v1.5) with SHA-256",
        ["http://www.w3.org/2001/04/xmldsig-more#rsa-sha384"] = "RSA (PKCS#1 v1.5) with SHA-384",
        ["http://www.w3.org/2001/04/xmldsig-more#rsa-sha512"] = "RSA (PKCS#1 v1.5) with SHA-512",
        ["http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1"] = "RSA-PSS with SHA-256",
        ["http://www.w3.org/2007/05/xmldsig-more#sha384-rsa-MGF1"] = "RSA-PSS with SHA-384",
        ["http://www.w3.org/2007/05/xmldsig-more#sha512-rsa-MGF1"] = "RSA-PSS with SHA-512",
        ["http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"] = "ECDSA with SHA-256",
        ["http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384"] = "ECDSA with SHA-384",
        ["http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512"] = "ECDSA with SHA-512",
        ["http://www.w3.org/2000/09/xmldsig#rsa-sha1"] = "RSA with SHA-1: broken, have it changed",
        ["http://www.w3.org/2000/09/xmldsig#dsa-sha1"] = "DSA with SHA-1: never accepted",
        ["http://www.w3.org/2000/09/xmldsig#hmac-sha1"] =
            "HMAC, a shared secret and no signature: never accepted",
        ["http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"] =
            "HMAC, a shared secret and no signature: never accepted",
        ["http://www.w3.org/2001/04/xmldsig-more#rsa-md5"] = "RSA with MD5: never accepted",

        ["http://www.w3.org/2001/04/xmlenc#sha256"] = "SHA-256",
        ["http://www.w3.org/2001/04/xmldsig-more#sha384"] = "SHA-384",
        ["http://www.w3.org/2001/04/xmlenc#sha512"] = "SHA-512",
        ["http://www.w3.org/2000/09/xmldsig#sha1"] = "SHA-1",
        ["http://www.w3.org/2001/04/xmldsig-more#md5"] = "MD5: never accepted",

        ["http://www.w3.org/2001/10/xml-exc-c14n#"] = "exclusive canonicalization",
        ["http://www.w3.org/2001/10/xml-exc-c14n#WithComments"] =
            "exclusive canonicalization with comments",
        ["http://www.w3.org/TR/2001/REC-xml-c14n-20010315"] = "inclusive canonicalization 1.0",
        ["http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments"] =
            "inclusive canonicalization 1.0 with comments",
        ["http://www.w3.org/2006/12/xml-c14n11"] = "inclusive canonicalization 1.1",
        ["http://www.w3.org/2000/09/xmldsig#enveloped-signature"] = "without the signature itself",
        ["http://www.w3.org/TR/1999/REC-xpath-19991116"] = "XPath: never accepted",
        ["http://www.w3.org/TR/1999/REC-xslt-19991116"] =
            "XSLT, a program in the message: never accepted",

        ["http://www.w3.org/2009/xmlenc11#aes128-gcm"] = "AES-128-GCM",
        ["http://www.w3.org/2009/xmlenc11#aes192-gcm"] = "AES-192-GCM",
        ["http://www.w3.org/2009/xmlenc11#aes256-gcm"] = "AES-256-GCM",
        ["http://www.w3.org/2001/04/xmlenc#aes128-cbc"] =
            "AES-128-CBC: can be altered unnoticed unless the Response is signed",
        ["http://www.w3.org/2001/04/xmlenc#aes192-cbc"] =
            "AES-192-CBC: can be altered unnoticed unless the Response is signed",
        ["http://www.w3.org/2001/04/xmlenc#aes256-cbc"] =
            "AES-256-CBC: can be altered unnoticed unless the Response is signed",
        ["http://www.w3.org/2001/04/xmlenc#tripledes-cbc"] = "Triple DES: never accepted",
        ["http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p"] = "RSA-OAEP (MGF1 with SHA-1)",
        ["http://www.w3.org/2009/xmlenc11#rsa-oaep"] = "RSA-OAEP",
        ["http://www.w3.org/2001/04/xmlenc#rsa-1_5"] =
            "RSA PKCS#1 v1.5: lets strangers decrypt, never accepted",
        ["http://www.w3.org/2009/xmlenc11#mgf1sha1"] = "MGF1 with SHA-1",
        ["http://www.w3.org/2009/xmlenc11#mgf1sha256"] = "MGF1 with SHA-256",
        ["http://www.w3.org/2009/xmlenc11#mgf1sha384"] = "MGF1 with SHA-384",
        ["http://www.w3.org/2009/xmlenc11#mgf1sha512"] = "MGF1 with SHA-512",
    };

    /// <summary>The algorithm in words; an unknown one as its URI.</summary>
    public static string Of(string? uri) =>
        uri is null ? "an algorithm that is not named"
        : s_words.TryGetValue(uri, out var words) ? words
        : $"an unknown algorithm, {TerminalText.Show(uri)}";
}
