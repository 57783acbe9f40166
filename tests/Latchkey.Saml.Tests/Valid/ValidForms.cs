using System.Security.Cryptography.X509Certificates;
using System.Security.Cryptography.Xml;
using System.Text.RegularExpressions;
using Latchkey.Saml.Issuing;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Tests.Issuing;
using Latchkey.Saml.Tests.Keys;
using Latchkey.Saml.Tests.Responses;

namespace Latchkey.Saml.Tests.Valid;

/// <summary>The same message written in the ways that XML allows: prefixes, white space, comments, quotes, signatures.</summary>
internal static class ValidForms
{
    private const string Saml = "urn:oasis:names:tc:SAML:2.0:assertion";
    private const string Schema = "http://www.w3.org/2001/XMLSchema";

    public static IEnumerable<ValidMessage> All =>
        [
            new(
                "prefix-other.xml",
                "other prefixes than the usual ones",
                () => Renamed("saml", "a", Renamed("samlp", "b", Unsigned)).SignResponse()
            ),
            new(
                "prefix-long.xml",
                "long prefixes with letters that are not ASCII",
                () =>
                    Renamed("saml", "Aussage.v2-0", Renamed("samlp", "протокол", Unsigned))
                        .SignAssertion()
            ),
            new(
                "prefix-swapped.xml",
                "the usual prefixes for each other's namespace",
                () =>
                    Renamed("x", "samlp", Renamed("samlp", "saml", Renamed("saml", "x", Unsigned)))
                        .SignResponse()
            ),
            new(
                "default-namespace.xml",
                "no prefixes: default namespaces",
                () => Renamed("saml", "", Renamed("samlp", "", Unsigned)).SignAssertion()
            ),
            new(
                "default-namespace-both-signed.xml",
                "no prefixes, both signed",
                () =>
                    Renamed("saml", "", Renamed("samlp", "", Unsigned))
                        .SignAssertion()
                        .SignResponse()
            ),
            new(
                "namespaces-at-root.xml",
                "all namespaces declared at the root, some of them unused",
                () =>
                    Unsigned
                        .With(
                            "<samlp:Response ",
                            $"<samlp:Response xmlns:saml=\"{Saml}\" xmlns:xs=\"{Schema}\" xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\" xmlns:x=\"urn:unused\" "
                        )
                        .Replace(
                            $"<saml:Assertion xmlns:saml=\"{Saml}\"",
                            "<saml:Assertion",
                            StringComparison.Ordinal
                        )
                        .SignAssertion()
            ),
            new(
                "inclusive-prefixes.xml",
                "an InclusiveNamespaces list for prefixes that only xsi:type uses",
                () =>
                    Unsigned
                        .With("<samlp:Response ", $"<samlp:Response xmlns:xsd=\"{Schema}\" ")
                        .SignAssertion(signed => Inclusive(signed, "xsd xs"))
            ),
            new(
                "inclusive-default.xml",
                "an InclusiveNamespaces list with #default and a prefix that occurs nowhere",
                () =>
                    Renamed("samlp", "", Unsigned)
                        .SignAssertion(signed => Inclusive(signed, "#default nowhere"))
            ),
            new(
                "inclusive-all.xml",
                "an InclusiveNamespaces list with every prefix, over line breaks",
                () =>
                    Unsigned
                        .With("<samlp:Response ", $"<samlp:Response xmlns:xsd=\"{Schema}\" ")
                        .SignResponse(signed => Inclusive(signed, "saml samlp\n ds xs xsi xsd"))
            ),
            new(
                "signed-info-with-comments.xml",
                "SignedInfo canonicalized with comments",
                () =>
                    Unsigned.SignAssertion(signed =>
                        signed.SignedInfo!.CanonicalizationMethod =
                            SignedXml.XmlDsigExcC14NWithCommentsTransformUrl
                    )
            ),
            new(
                "pretty-printed.xml",
                "white space between all elements",
                () =>
                    Unsigned
                        .Replace("><", ">\n    <", StringComparison.Ordinal)
                        .SignAssertion()
                        .SignResponse()
            )
            {
                Attributes = ValidMessage.With("nothing"),
            },
            new(
                "windows-line-ends.xml",
                "line ends of two characters, put in behind the signature",
                () =>
                    Unsigned
                        .Replace("><", ">\n<", StringComparison.Ordinal)
                        .SignAssertion()
                        .Replace("\n", "\r\n", StringComparison.Ordinal)
            ),
            new(
                "comments.xml",
                "comments between elements and inside values",
                () =>
                    Unsigned
                        .With("<samlp:Status>", "<!-- of the status --><samlp:Status>")
                        .With("<saml:Subject>", "<!-- of the subject --><saml:Subject>")
                        .With(">ada@", "><!-- who -->ada<!---->@")
                        .SignResponse()
            ),
            new(
                "comments-put-in.xml",
                "comments put in behind the signature",
                () =>
                    "<!-- before -->\n"
                    + ValidMessage
                        .Written(SignedParts.Assertion)
                        .With("<saml:Subject>", "<!-- inside --><saml:Subject>")
                    + "\n<!-- behind -->\n"
            ),
            new(
                "declaration-and-mark.xml",
                "a byte order mark and an XML declaration",
                () =>
                    "\uFEFF<?xml version='1.0' encoding='utf-8' standalone=\"yes\" ?>\n"
                    + ValidMessage.Written(SignedParts.Response)
                    + "\n"
            ),
            new(
                "single-quotes.xml",
                "single quotes, white space inside tags, attributes in another order",
                () =>
                    ValidMessage
                        .Written(SignedParts.Assertion)
                        .With(
                            "<saml:Conditions NotBefore=\"2026-03-14T09:23:53Z\" NotOnOrAfter=\"2026-03-14T09:31:53Z\">",
                            "<saml:Conditions\n\tNotOnOrAfter = '2026-03-14T09:31:53Z'\n\tNotBefore='2026-03-14T09:23:53Z'\n>"
                        )
                        .Replace("</saml:Subject>", "</saml:Subject  >", StringComparison.Ordinal)
            ),
            new(
                "empty-element-tags.xml",
                "tags of empty elements in place of pairs",
                () =>
                    Regex.Replace(
                        ValidMessage.Written(SignedParts.AssertionAndResponse),
                        "<((?:ds|ec|samlp|saml):\\w+)([^<>]*)></\\1>",
                        "<$1$2/>",
                        RegexOptions.None,
                        TimeSpan.FromSeconds(5)
                    )
            ),
            new(
                "certificate-in-lines.xml",
                "a long certificate with line breaks, values of the signature in lines",
                () =>
                    Regex.Replace(
                        ValidMessage.Written(SignedParts.Response),
                        "<ds:X509Certificate>([^<]*)</ds:X509Certificate>",
                        match =>
                            "<ds:X509Certificate>\n"
                            + InLines(match.Groups[1].Value)
                            + "\n</ds:X509Certificate>",
                        RegexOptions.None,
                        TimeSpan.FromSeconds(5)
                    )
            ),
            new(
                "certificate-chain.xml",
                "several certificates, names and an issuer's serial number in KeyInfo",
                () =>
                    Unsigned.SignResponse(signed =>
                    {
                        KeyInfoX509Data data = new(TestKeys.CertificateDer("test-only-idp"));
                        data.AddCertificate(
                            X509CertificateLoader.LoadCertificate(
                                TestKeys.CertificateDer("test-only-sp")
                            )
                        );
                        data.AddSubjectName("CN=Latchkey test identity provider");
                        data.AddIssuerSerial("CN=Latchkey test identity provider", "1");
                        signed.KeyInfo = new KeyInfo();
                        signed.KeyInfo.AddClause(new KeyInfoName("key-1"));
                        signed.KeyInfo.AddClause(data);
                    })
            ),
            new(
                "no-key-info.xml",
                "no KeyInfo",
                () => Unsigned.SignAssertion(signed => signed.KeyInfo = new KeyInfo())
            ),
            new(
                "signature-value-in-lines.xml",
                "SignatureValue and DigestValue with white space",
                () =>
                    Regex.Replace(
                        Unsigned.SignAssertion(),
                        "<SignatureValue>([^<]*)</SignatureValue>",
                        match =>
                            "<SignatureValue>\n"
                            + InLines(match.Groups[1].Value)
                            + "\n</SignatureValue>",
                        RegexOptions.None,
                        TimeSpan.FromSeconds(5)
                    )
            ),
            new(
                "sha-512.xml",
                "RSA with SHA-512",
                () => ValidMessage.Written(SignedParts.Assertion, SignatureAlgorithm.RsaSha512)
            ),
            new(
                "sha-384-both-signed.xml",
                "RSA with SHA-384, both signed",
                () =>
                    ValidMessage.Written(
                        SignedParts.AssertionAndResponse,
                        SignatureAlgorithm.RsaSha384
                    )
            ),
            new(
                "ids-on-signatures.xml",
                "an Id on the Signature",
                () => Unsigned.SignAssertion(signed => signed.Signature.Id = "signature-1")
            ),
        ];

    private static string Unsigned => ValidMessage.Unsigned;

    // Another prefix, or none.
    private static string Renamed(string prefix, string other, string xml) =>
        Regex.Replace(
            xml.Replace(
                $"xmlns:{prefix}=",
                other.Length == 0 ? "xmlns=" : $"xmlns:{other}=",
                StringComparison.Ordinal
            ),
            $"(</?){prefix}:",
            other.Length == 0 ? "$1" : $"$1{other}:",
            RegexOptions.None,
            TimeSpan.FromSeconds(5)
        );

    private static void Inclusive(SignedXml signed, string prefixes)
    {
        TransformChain chain = new();
        chain.Add(new XmlDsigEnvelopedSignatureTransform());
        chain.Add(new XmlDsigExcC14NTransform(prefixes));
        ((Reference)signed.SignedInfo!.References[0]!).TransformChain = chain;
    }

    private static string InLines(string base64) =>
        string.Join('\n', base64.Chunk(64).Select(line => new string(line)));
}
