using System.Security.Cryptography;
using System.Text;
using Latchkey.Saml.Artifacts;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Issuing;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Messages;
using Latchkey.Saml.Metadata;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Requests;
using Latchkey.Saml.Responses;
using Latchkey.Saml.Tests.Issuing;
using Latchkey.Saml.Tests.Keys;
using Latchkey.Saml.Tests.Messages;
using Latchkey.Saml.Tests.Responses;

namespace Latchkey.Saml.Tests.Artifacts;

/// <summary>HTTP-Artifact both ways (rule B4, saml-bindings-2.0 §3.6, saml-core-2.0 §3.5).</summary>
public sealed class ArtifactTests
{
    private const string ResolveId = "_resolve00000000000000000000000000000000001";

    private static readonly SamlArtifact Artifact = SamlArtifact.Create(Sample.IdentityProvider, 3);

    private static readonly byte[] Response = ResponseWriter.Write(
        SampleResponses.Ada,
        TestKeys.IdentityProvider,
        SignedParts.AssertionAndResponse,
        SignatureAlgorithm.RsaSha256
    );

    private static readonly ArtifactResponse Answer = new()
    {
        Id = "_resolved0000000000000000000000000000000001",
        IssueInstant = Sample.Now,
        Issuer = Sample.IdentityProvider,
        InResponseTo = ResolveId,
        Message = Response,
    };

    [Fact]
    public void B4_An_artifact_is_type_4_index_source_and_handle()
    {
        byte[] octets = Convert.FromBase64String(Artifact.Value);

        octets.Length.ShouldBe(44);
        octets[..4].ShouldBe([0, 4, 0, 3]);
        octets[4..24].ShouldBe(SHA1.HashData(Encoding.UTF8.GetBytes(Sample.IdentityProvider)));
        Artifact.IsFrom(Sample.IdentityProvider).ShouldBeTrue();
        Artifact.IsFrom(Sample.IdentityProvider + "/").ShouldBeFalse();
    }

    [Fact]
    public void B4_No_two_artifacts_are_the_same() =>
        SamlArtifact.Create(Sample.IdentityProvider, 3).ShouldNotBe(Artifact);

    [Fact]
    public void B4_What_a_browser_brings_by_Redirect_is_read()
    {
        string url = Artifact.ToRedirectUrl("https://wiki.example.test/acs?x=1", "a&b é");

        ReceivedArtifact read = ReceivedArtifact.FromRedirect(new Uri(url).Query).Value!;

        url.ShouldStartWith("https://wiki.example.test/acs?x=1&SAMLart=");
        read.Artifact.ShouldBe(Artifact);
        read.Artifact.EndpointIndex.ShouldBe(3);
        read.RelayState.ShouldBe("a&b é");
    }

    [Fact]
    public void B4_What_a_browser_brings_by_form_is_read() =>
        ReceivedArtifact
            .FromForm(Artifact.Value, "state")
            .Value.ShouldBe(new ReceivedArtifact(Artifact, "state"));

    /// <summary>A query, and the finding.</summary>
    public static TheoryData<string, string> BrokenQueries =>
        new()
        {
            { "SAMLart=*", "artifact-malformed" },
            { "SAMLart=AAQ%3D", "artifact-malformed" },
            { "SAMLart=AAE" + new string('A', 56) + "%3D", "artifact-type-unsupported" },
            { "SAMLart=%zz", "query-parameter-malformed" },
            { "RelayState=x", "query-parameter-missing" },
            { "SAMLart=x&SAMLart=x", "query-parameter-repeated" },
            { "SAMLart=x&SAMLResponse=x", "query-parameter-repeated" },
        };

    [Theory]
    [MemberData(nameof(BrokenQueries))]
    public void B4_A_broken_artifact_is_refused(string query, string code) =>
        ReceivedArtifact.FromRedirect(query).ShouldBeRefusedFor(code);

    [Fact]
    public void B4_It_is_resolved_at_the_registered_endpoint_of_its_index_only()
    {
        IndexedEndpoint[] registered =
        [
            new(SamlBindings.Soap, "https://id.example.test/other", 1),
            new(SamlBindings.Post, "https://id.example.test/post", 3),
            new(SamlBindings.Soap, "https://id.example.test/artifact", 3),
        ];

        Artifact
            .EndpointAt(Sample.IdentityProvider, registered)
            .Value!.Location.ShouldBe("https://id.example.test/artifact");
        Artifact
            .EndpointAt(Sample.IdentityProvider, registered[..2])
            .ShouldBeRefusedFor("artifact-endpoint-unregistered");
        Artifact
            .EndpointAt(
                Sample.IdentityProvider,
                [new(SamlBindings.Soap, "http://id.example.test/artifact", 3)]
            )
            .ShouldBeRefusedFor("artifact-endpoint-unregistered");
        Artifact
            .EndpointAt("https://other.example.test", registered)
            .ShouldBeRefusedFor("artifact-issuer-unknown");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void B4_The_request_for_the_message_is_read(bool signed)
    {
        ArtifactResolve request = Resolve();

        Received<ArtifactResolve> read = ArtifactResolveValidator
            .Validate(
                IncomingMessage.FromSoap(
                    MessageWriter.ToSoap(request, signed ? TestKeys.ServiceProvider : null)
                ),
                Sample.Rules
            )
            .Value!;

        read.Message.ShouldBe(request);
        read.Signed.ShouldBe(signed);
    }

    [Fact]
    public void I2_An_unsigned_request_for_the_message_is_refused_where_signatures_are_demanded() =>
        ArtifactResolveValidator
            .Validate(
                IncomingMessage.FromSoap(MessageWriter.ToSoap(Resolve())),
                Sample.Rules with
                {
                    RequireSignature = true,
                }
            )
            .ShouldBeRefusedFor("signature-missing");

    [Fact]
    public void B4_The_Response_behind_an_artifact_is_accepted()
    {
        Verdict<VerifiedAssertion> verdict = ValidateArtifact(Written());

        verdict.ShouldBeAccepted();
        verdict.Value!.NameId.ShouldBe(SampleResponses.Ada.Assertion.NameId);
        verdict.Value.Attributes.Count.ShouldBe(4);
    }

    [Theory]
    [InlineData(SignedParts.Assertion)]
    [InlineData(SignedParts.Response)]
    public void B4_It_is_accepted_with_either_signature(SignedParts parts) =>
        ValidateArtifact(
                MessageWriter.ToSoap(
                    Answer with
                    {
                        Message = ResponseWriter.Write(
                            SampleResponses.Plain,
                            TestKeys.IdentityProvider,
                            parts,
                            SignatureAlgorithm.RsaSha256
                        ),
                    },
                    TestKeys.IdentityProvider
                )
            )
            .ShouldBeAccepted();

    [Fact]
    public void B4_The_answers_own_signature_may_be_missing_but_not_wrong()
    {
        string written = Encoding.UTF8.GetString(Written());
        // The first signature is the answer's own.
        ValidateArtifact(Encoding.UTF8.GetBytes(Sample.Unsigned(written))).ShouldBeAccepted();
        ValidateArtifact(MessageWriter.ToSoap(Answer, TestKeys.ServiceProvider))
            .ShouldBeRefusedFor("signature-invalid");
    }

    [Fact]
    public void B4_The_answers_signature_does_not_stand_in_for_one_of_the_message() =>
        ValidateArtifact(
                Encoding.UTF8.GetBytes(
                    InSoap(
                        PlatformSigning.Sign(Resolved(ReceivedResponses.Unsigned), "test-only-idp")
                    )
                )
            )
            .ShouldBeRefusedFor("signature-missing");

    [Fact]
    public void B4_The_message_has_to_be_of_the_issuer_that_was_asked() =>
        ValidateArtifact(
                Written(),
                ReceivedResponses.Rules with
                {
                    IdentityProviderEntityId = "https://other.example.test",
                }
            )
            .ShouldBeRefusedFor("issuer-mismatch");

    [Fact]
    public void B4_An_answer_to_another_request_is_refused() =>
        ResponseValidator
            .ValidateArtifact(Written(), "_other", ReceivedResponses.Rules)
            .ShouldBeRefusedFor("in-response-to-mismatch");

    [Fact]
    public void B4_An_artifact_that_is_not_known_has_a_finding_of_its_own()
    {
        ValidateArtifact(
                MessageWriter.ToSoap(Answer with { Message = default }, TestKeys.IdentityProvider)
            )
            .ShouldBeRefusedFor("artifact-unresolved");
        ValidateArtifact(
                MessageWriter.ToSoap(
                    Answer with
                    {
                        Message = default,
                        Status = new SamlStatus(StatusCodes.Requester, StatusCodes.RequestDenied),
                    },
                    TestKeys.IdentityProvider
                )
            )
            .ShouldBeRefusedFor("artifact-unresolved");
    }

    [Fact]
    public void B4_Every_rule_of_the_Response_holds_behind_an_artifact_too() =>
        ValidateArtifact(
                Written(),
                ReceivedResponses.Rules with
                {
                    ServiceProviderEntityId = "https://other.example.test",
                }
            )
            .ShouldBeRefusedFor("audience-mismatch");

    [Fact]
    public void B4_A_request_behind_an_artifact_is_read_too()
    {
        AuthnRequest request = new()
        {
            Id = "_request",
            IssueInstant = Sample.Now,
            Issuer = Sample.ServiceProvider,
            Destination = Sample.LogoutUrl,
        };
        byte[] answer = MessageWriter.ToSoap(
            Answer with
            {
                Issuer = Sample.ServiceProvider,
                Message = Convert.FromBase64String(
                    MessageWriter.ToFormValue(request, TestKeys.ServiceProvider)
                ),
            },
            TestKeys.ServiceProvider
        );

        Received<AuthnRequest> read = AuthnRequestValidator
            .Validate(IncomingMessage.FromArtifact(answer, ResolveId, "state"), Sample.Rules)
            .Value!;

        read.Message.ShouldBe(request);
        read.Binding.ShouldBe(SamlBindings.Artifact);
        read.RelayState.ShouldBe("state");
    }

    [Fact]
    public void B3_An_answer_is_never_written_unsigned_nor_for_a_browser()
    {
        Should.Throw<ArgumentException>(() => MessageWriter.ToSoap(Answer));
        Should.Throw<ArgumentException>(() =>
            MessageWriter.ToFormValue(Answer, TestKeys.IdentityProvider)
        );
        Should.Throw<ArgumentException>(() =>
            MessageWriter.ToRedirectUrl(Resolve(), Sample.LogoutUrl, key: TestKeys.ServiceProvider)
        );
    }

    [Fact]
    public void Xmlsec1_agrees_on_all_three_signatures_of_an_answer()
    {
        string protocol = "urn:oasis:names:tc:SAML:2.0:protocol:";
        foreach (string element in new[] { "ArtifactResponse", "Response", "Assertion" })
            Xmlsec1.ShouldVerify(
                Written(),
                TestData.PathOf("keys/test-only-idp.crt.pem"),
                $"//*[local-name()='{element}']/*[local-name()='Signature']",
                protocol + "ArtifactResponse",
                protocol + "Response",
                "urn:oasis:names:tc:SAML:2.0:assertion:Assertion"
            );
        Xmlsec1.ShouldVerify(
            MessageWriter.ToSoap(Resolve(), TestKeys.ServiceProvider),
            TestData.PathOf("keys/test-only-sp.crt.pem"),
            "//*[local-name()='Signature']",
            protocol + "ArtifactResolve"
        );
    }

    private static ArtifactResolve Resolve() =>
        new()
        {
            Id = ResolveId,
            IssueInstant = Sample.Now,
            Issuer = Sample.ServiceProvider,
            Artifact = Artifact,
        };

    private static byte[] Written() => MessageWriter.ToSoap(Answer, TestKeys.IdentityProvider);

    private static Verdict<VerifiedAssertion> ValidateArtifact(
        byte[] envelope,
        ResponseRules? rules = null
    ) => ResponseValidator.ValidateArtifact(envelope, ResolveId, rules ?? ReceivedResponses.Rules);

    private static string Resolved(string message) =>
        $"<samlp:ArtifactResponse xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" ID=\"_a\" InResponseTo=\"{ResolveId}\" IssueInstant=\"2026-03-14T09:26:53Z\" Version=\"2.0\"><saml:Issuer xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">{Sample.IdentityProvider}</saml:Issuer><samlp:Status><samlp:StatusCode Value=\"{StatusCodes.Success}\"/></samlp:Status>{message}</samlp:ArtifactResponse>";

    private static string InSoap(string xml) =>
        $"<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>{xml}</s:Body></s:Envelope>";
}
