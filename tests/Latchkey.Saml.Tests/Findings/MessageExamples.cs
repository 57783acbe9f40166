using System.Text;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Logout;
using Latchkey.Saml.Messages;
using Latchkey.Saml.Metadata;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Responses;
using Latchkey.Saml.Tests.Keys;
using Latchkey.Saml.Tests.Messages;
using Latchkey.Saml.Tests.Responses;

namespace Latchkey.Saml.Tests.Findings;

/// <summary>What can be wrong with forms, SOAP envelopes, artifacts and logout messages.</summary>
internal static class MessageExamples
{
    private static readonly SamlArtifact Artifact = SamlArtifact.Create(Sample.IdentityProvider, 3);

    public static IEnumerable<FindingExample> All() =>
        from one in Forms().Concat(Envelopes()).Concat(LogoutRequests()).Concat(Artifacts())
        from finding in one.Findings
        select new FindingExample(one.What, finding, File: null);

    private static IEnumerable<(string What, IReadOnlyList<Finding> Findings)> Forms()
    {
        string message = MessageWriter.ToFormValue(Sample.LogoutRequest, TestKeys.ServiceProvider);
        yield return (
            "a RelayState of 81 bytes",
            Logout(IncomingMessage.FromForm(message, new string('a', 81)))
        );
        yield return ("a form without a message", Form(("RelayState", "a")));
        yield return (
            "a form with a signature of its own",
            Form(("SAMLRequest", message), ("Signature", "x"))
        );
    }

    private static IEnumerable<(string What, IReadOnlyList<Finding> Findings)> Envelopes()
    {
        string envelope = Encoding.UTF8.GetString(
            MessageWriter.ToSoap(Sample.LogoutRequest, TestKeys.ServiceProvider)
        );
        yield return ("a page in place of an envelope", Soap("<html><body>Busy</body></html>"));
        yield return (
            "a fault",
            Soap(Encoding.UTF8.GetString(MessageWriter.ToSoapFault("Not now", ours: true)))
        );
        yield return (
            "a header that has to be understood",
            Soap(
                envelope.With(
                    "<soap:Body>",
                    "<soap:Header><x soap:mustUnderstand=\"1\"/></soap:Header><soap:Body>"
                )
            )
        );
    }

    private static IEnumerable<(string What, IReadOnlyList<Finding> Findings)> LogoutRequests()
    {
        yield return (
            "a logout request whose time is over",
            Logout(
                Sample.By(
                    SamlBindings.Post,
                    Sample.LogoutRequest with
                    {
                        NotOnOrAfter = Sample.Now.AddMinutes(-5),
                    }
                )
            )
        );
        yield return (
            "a logout request with a BaseID",
            Logout(
                Sample.Posted(
                    Sample
                        .Text(Sample.LogoutRequest)
                        .Replace("saml:NameID", "saml:BaseID", StringComparison.Ordinal)
                )
            )
        );
    }

    private static IEnumerable<(string What, IReadOnlyList<Finding> Findings)> Artifacts()
    {
        yield return ("an artifact cut short", SamlArtifact.Read("AAQAAw==").Findings);
        yield return (
            "an artifact of SAML 1.1",
            SamlArtifact.Read("AAE" + new string('A', 56) + "=").Findings
        );
        yield return (
            "an artifact of somebody else",
            Artifact.EndpointAt("https://other.example.test", []).Findings
        );
        yield return (
            "an artifact with an index that the metadata has not",
            Artifact
                .EndpointAt(
                    Sample.IdentityProvider,
                    [new IndexedEndpoint(SamlBindings.Soap, "https://id.example.test/artifact", 0)]
                )
                .Findings
        );
        ArtifactResponse nothing = new()
        {
            Id = "_resolved",
            IssueInstant = Sample.Now,
            Issuer = Sample.IdentityProvider,
            InResponseTo = "_resolve",
        };
        yield return (
            "an artifact that was used before",
            ResponseValidator
                .ValidateArtifact(
                    MessageWriter.ToSoap(nothing, TestKeys.IdentityProvider),
                    nothing.InResponseTo,
                    ReceivedResponses.Rules
                )
                .Findings
        );
    }

    private static IReadOnlyList<Finding> Form(params (string Name, string Value)[] fields) =>
        Logout(
            IncomingMessage.FromForm(
                fields.Select(field => KeyValuePair.Create(field.Name, field.Value))
            )
        );

    private static IReadOnlyList<Finding> Soap(string xml) =>
        Logout(IncomingMessage.FromSoap(Encoding.UTF8.GetBytes(xml)));

    private static IReadOnlyList<Finding> Logout(IncomingMessage message) =>
        LogoutRequestValidator.Validate(message, Sample.Rules).Findings;
}
