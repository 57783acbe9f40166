using System.Security.Cryptography;
using System.Security.Cryptography.Xml;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Issuing;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Responses;
using Latchkey.Saml.Tests.Issuing;
using Latchkey.Saml.Tests.Keys;

namespace Latchkey.Saml.Tests.Responses;

/// <summary>Responses as a service provider receives them: altered as a test wants, then signed by System.Security.Cryptography.Xml.</summary>
internal static partial class ReceivedResponses
{
    public static VerificationKey IdentityProviderKey { get; } =
        VerificationKey.FromCertificate(TestKeys.CertificateDer("test-only-idp"));

    public static ResponseRules Rules { get; } =
        new()
        {
            ServiceProviderEntityId = SampleResponses.Ada.Assertion.Audience,
            AssertionConsumerServiceUrl = SampleResponses.Ada.Destination,
            IdentityProviderEntityId = SampleResponses.Ada.Issuer,
            Keys = [IdentityProviderKey],
            RequestId = SampleResponses.Ada.InResponseTo,
            Now = SampleResponses.Now,
        };

    /// <summary>The sample Response without any signature, as text.</summary>
    public static string Unsigned { get; } =
        SignatureElement()
            .Replace(
                Encoding.UTF8.GetString(
                    ResponseWriter.Write(
                        SampleResponses.Ada,
                        TestKeys.IdentityProvider,
                        SignedParts.Assertion,
                        SignatureAlgorithm.RsaSha256
                    )
                ),
                ""
            );

    public static string Written(SignedParts parts) =>
        Encoding.UTF8.GetString(
            ResponseWriter.Write(
                SampleResponses.Ada,
                TestKeys.IdentityProvider,
                parts,
                SignatureAlgorithm.RsaSha256
            )
        );

    /// <summary>Replaces the one place where a text stands.</summary>
    public static string With(this string xml, string old, string replacement)
    {
        int at = xml.IndexOf(old, StringComparison.Ordinal);
        at.ShouldBeGreaterThanOrEqualTo(0, $"not in the message: {old}");
        return xml[..at] + replacement + xml[(at + old.Length)..];
    }

    /// <summary>Takes an element out, given its start tag up to the name and its end tag.</summary>
    public static string Without(this string xml, string start, string end)
    {
        int from = xml.IndexOf(start, StringComparison.Ordinal);
        from.ShouldBeGreaterThanOrEqualTo(0, $"not in the message: {start}");
        int to = xml.IndexOf(end, from, StringComparison.Ordinal) + end.Length;
        return xml[..from] + xml[to..];
    }

    public static string SignResponse(this string xml, Action<SignedXml>? alter = null) =>
        Sign(xml, "/samlp:Response", alter);

    public static string SignAssertion(this string xml, Action<SignedXml>? alter = null) =>
        Sign(xml, "/samlp:Response/saml:Assertion", alter);

    public static Verdict<VerifiedAssertion> Validate(
        this string xml,
        ResponseRules? rules = null
    ) =>
        ResponseValidator.Validate(
            Convert.ToBase64String(Encoding.UTF8.GetBytes(xml)),
            rules ?? Rules
        );

    public static void ShouldBeRefusedFor<T>(this Verdict<T> verdict, string code)
        where T : class
    {
        verdict.Accepted.ShouldBeFalse();
        verdict.Findings.Select(finding => finding.Code).ShouldContain(code, Explain(verdict));
    }

    public static void ShouldBeAccepted<T>(this Verdict<T> verdict)
        where T : class => verdict.Accepted.ShouldBeTrue(Explain(verdict));

    public static RSA PrivateKey(string name = "test-only-idp")
    {
        RSA rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(TestKeys.PrivateKeyDer(name), out _);
        return rsa;
    }

    private static string Explain<T>(Verdict<T> verdict)
        where T : class => string.Join("\n", verdict.Findings);

    public static string Sign(this string xml, string path, Action<SignedXml>? alter)
    {
        XmlDocument document = new() { PreserveWhitespace = true };
        document.LoadXml(xml);
        XmlNamespaceManager names = new(document.NameTable);
        names.AddNamespace("samlp", "urn:oasis:names:tc:SAML:2.0:protocol");
        names.AddNamespace("saml", "urn:oasis:names:tc:SAML:2.0:assertion");
        XmlElement element = (XmlElement)document.SelectSingleNode(path, names)!;

        using RSA key = PrivateKey();
        SignedXml signed = new(element) { SigningKey = key };
        signed.SignedInfo!.CanonicalizationMethod = SignedXml.XmlDsigExcC14NTransformUrl;
        signed.SignedInfo.SignatureMethod = SignedXml.XmlDsigRSASHA256Url;
        Reference reference = new("#" + element.GetAttribute("ID"))
        {
            DigestMethod = SignedXml.XmlDsigSHA256Url,
        };
        reference.AddTransform(new XmlDsigEnvelopedSignatureTransform());
        reference.AddTransform(new XmlDsigExcC14NTransform());
        signed.AddReference(reference);
        alter?.Invoke(signed);
        signed.ComputeSignature();

        // Metadata has no Issuer: the Signature comes first there.
        XmlNode? issuer = element.SelectSingleNode("saml:Issuer", names);
        element.InsertAfter(document.ImportNode(signed.GetXml(), deep: true), issuer);
        return document.OuterXml;
    }

    [GeneratedRegex(
        "<ds:Signature .*?</ds:Signature>",
        RegexOptions.Singleline,
        matchTimeoutMilliseconds: 5000
    )]
    private static partial Regex SignatureElement();
}
