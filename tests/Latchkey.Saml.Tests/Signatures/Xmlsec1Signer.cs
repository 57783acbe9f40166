using System.Diagnostics;
using System.Text;
using Latchkey.Saml.Tests.Responses;

namespace Latchkey.Saml.Tests.Signatures;

/// <summary>Has xmlsec1 sign a sample Response in our profile.</summary>
internal static class Xmlsec1Signer
{
    /// <summary>A Response in which a template of a Signature waits for its values.</summary>
    public static string WithTemplate(
        string element,
        string canonicalization,
        string signature,
        string digest,
        string prefixes
    )
    {
        string id =
            element == "samlp:Response"
                ? "_response0000000000000000000000000000000001"
                : "_assertion00000000000000000000000000000001";
        string inclusive =
            prefixes.Length == 0
                ? ""
                : $"<ec:InclusiveNamespaces xmlns:ec=\"http://www.w3.org/2001/10/xml-exc-c14n#\" PrefixList=\"{prefixes}\"/>";
        string template = $"""
            <ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#">
              <ds:SignedInfo>
                <!-- a comment that counts only where comments are kept -->
                <ds:CanonicalizationMethod Algorithm="{canonicalization}"/>
                <ds:SignatureMethod Algorithm="{signature}"/>
                <ds:Reference URI="#{id}">
                  <ds:Transforms>
                    <ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/>
                    <ds:Transform Algorithm="{canonicalization}">{inclusive}</ds:Transform>
                  </ds:Transforms>
                  <ds:DigestMethod Algorithm="{digest}"/>
                  <ds:DigestValue></ds:DigestValue>
                </ds:Reference>
              </ds:SignedInfo>
              <ds:SignatureValue></ds:SignatureValue>
              <ds:KeyInfo><ds:KeyName>whatever</ds:KeyName></ds:KeyInfo>
            </ds:Signature>
            """;
        string before = element == "samlp:Response" ? "<samlp:Status>" : "<saml:Subject>";
        return ReceivedResponses
            .Unsigned.With(
                "<samlp:Response ",
                "<!-- before --><samlp:Response xmlns=\"urn:default\" xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" "
            )
            .With("<saml:NameID", "<!-- inside -->\n    <saml:NameID")
            .With(before, template + before);
    }

    /// <summary>Fills the template in.</summary>
    public static string Sign(string xml, string element, string key = "test-only-idp")
    {
        string folder = Directory.CreateTempSubdirectory("latchkey-xmlsec1-").FullName;
        try
        {
            string file = Path.Combine(folder, "in.xml");
            string output = Path.Combine(folder, "out.xml");
            File.WriteAllText(file, xml, new UTF8Encoding(false));
            ProcessStartInfo start = new("xmlsec1")
            {
                UseShellExecute = false,
                RedirectStandardError = true,
            };
            string ns =
                element == "samlp:Response"
                    ? "urn:oasis:names:tc:SAML:2.0:protocol"
                    : "urn:oasis:names:tc:SAML:2.0:assertion";
            string[] arguments =
            [
                "--sign",
                "--privkey-pem",
                TestData.PathOf($"keys/{key}.key.pem"),
                "--id-attr:ID",
                $"{ns}:{element[(element.IndexOf(':', StringComparison.Ordinal) + 1)..]}",
                "--output",
                output,
                file,
            ];
            foreach (string argument in arguments)
                start.ArgumentList.Add(argument);
            using Process process = Process.Start(start)!;
            string errors = process.StandardError.ReadToEnd();
            process.WaitForExit();
            process.ExitCode.ShouldBe(0, errors);
            return File.ReadAllText(output);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
