using System.Text;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Issuing;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Logout;
using Latchkey.Saml.Messages;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Responses;
using Latchkey.Saml.Tests.Issuing;
using Latchkey.Saml.Tests.Keys;
using Latchkey.Saml.Tests.Messages;
using Latchkey.Saml.Tests.Responses;

namespace Latchkey.Saml.Tests.Fuzzing;

/// <summary>An altered LogoutRequest, posted or in an envelope, is refused, or says exactly what was signed (rule B3).</summary>
internal sealed class LogoutRequestTarget(bool inEnvelope) : FuzzTarget
{
    // Unsigned, and of another: what a forger would put in the place of what was signed.
    private static readonly string Eve = Sample.Text(
        Sample.LogoutRequest with
        {
            Id = "_logout000000000000000000000000000000000009",
            NameId = new NameId("eve"),
            SessionIndexes = ["_session9"],
        }
    );

    private readonly string signed = Facts.Of(
        Read(inEnvelope, Encoding.UTF8.GetBytes(Written(inEnvelope)))
    );

    private readonly AlteredMessages messages = new(
        [Written(inEnvelope)],
        [Eve, ReceivedResponses.Written(SignedParts.Response)]
    );

    public override string Name => inEnvelope ? "logout-soap" : "logout-post";

    public override byte[] Make(Random random) => messages.Next(random);

    public override void Check(byte[] input) =>
        Read(inEnvelope, input).ShouldSayNothingButWhatWasSigned(signed);

    private static Verdict<Received<LogoutRequest>> Read(bool inEnvelope, byte[] input) =>
        LogoutRequestValidator.Validate(
            inEnvelope
                ? IncomingMessage.FromSoap(input)
                : IncomingMessage.FromForm(Convert.ToBase64String(input)),
            Sample.Rules
        );

    private static string Written(bool inEnvelope) =>
        Encoding.UTF8.GetString(
            inEnvelope
                ? MessageWriter.ToSoap(Sample.LogoutRequest, TestKeys.ServiceProvider)
                : Convert.FromBase64String(
                    MessageWriter.ToFormValue(Sample.LogoutRequest, TestKeys.ServiceProvider)
                )
        );
}

/// <summary>An altered answer to an ArtifactResolve is refused, or the Response in it says exactly what was signed (rule B4).</summary>
internal sealed class ArtifactAnswerTarget : FuzzTarget
{
    private const string ResolveId = "_resolve00000000000000000000000000000000001";

    private static readonly string Genuine = Encoding.UTF8.GetString(
        MessageWriter.ToSoap(
            new ArtifactResponse
            {
                Id = "_resolved0000000000000000000000000000000001",
                IssueInstant = Sample.Now,
                Issuer = Sample.IdentityProvider,
                InResponseTo = ResolveId,
                Message = ResponseWriter.Write(
                    SampleResponses.Ada,
                    TestKeys.IdentityProvider,
                    SignedParts.AssertionAndResponse,
                    SignatureAlgorithm.RsaSha256
                ),
            },
            TestKeys.IdentityProvider
        )
    );

    private static readonly string Signed = Facts.Of(Read(Encoding.UTF8.GetBytes(Genuine)));

    private readonly AlteredMessages messages = new(
        [Genuine],
        [ReceivedResponses.Written(SignedParts.Response), Sample.Text(Sample.LogoutRequest)]
    );

    public override string Name => "artifact-answer";

    public override byte[] Make(Random random) => messages.Next(random);

    public override void Check(byte[] input) =>
        Read(input).ShouldSayNothingButWhatWasSigned(Signed);

    private static Verdict<VerifiedAssertion> Read(byte[] input) =>
        ResponseValidator.ValidateArtifact(input, ResolveId, ReceivedResponses.Rules);
}
