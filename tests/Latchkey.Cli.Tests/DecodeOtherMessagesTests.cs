using System.Text;
using Latchkey.Saml.Messages;
using Latchkey.Saml.Protocol;

namespace Latchkey.Cli.Tests;

/// <summary><c>latchkey saml decode</c> of logout messages, SOAP and artifacts.</summary>
public sealed class DecodeOtherMessagesTests(Parties parties) : IClassFixture<Parties>
{
    private const string Address = "https://idp.test/saml2/wiki/logout";

    private static LogoutRequest Request { get; } =
        new()
        {
            Id = "_l1",
            IssueInstant = Parties.Time,
            Issuer = Parties.Audience,
            Destination = Address,
            NameId = new NameId("ada@example.test"),
            SessionIndexes = ["_s1", "_s2"],
            Reason = LogoutReasons.User,
            Asynchronous = true,
        };

    [Fact]
    public async Task A_logout_request_is_explained()
    {
        var run = await DecodeAsync(
            MessageWriter.ToRedirectUrl(Request, Address, "x", parties.Key)
        );

        run.Code.ShouldBe(0);
        run.Output.ShouldContain("samlp:LogoutRequest, a request to end a session");
        run.Output.ShouldContain("NameID          ada@example.test");
        run.Output.ShouldContain("SessionIndex    _s1");
        run.Output.ShouldContain("SessionIndex    _s2");
        run.Output.ShouldContain("Asynchronous (the sender waits for no answer)");
    }

    [Fact]
    public async Task A_partial_logout_is_explained()
    {
        var answer = new LogoutResponse
        {
            Id = "_l2",
            IssueInstant = Parties.Time,
            Issuer = Parties.Audience,
            Destination = Address,
            InResponseTo = "_l1",
            Status = new SamlStatus(
                StatusCodes.Success,
                StatusCodes.PartialLogout,
                "One is silent"
            ),
        };

        var run = await DecodeAsync(MessageWriter.ToFormValue(answer, parties.Key));

        run.Output.ShouldContain("(not every application could be signed out)");
        run.Output.ShouldContain("StatusMessage   One is silent");
    }

    [Fact]
    public async Task A_message_in_a_SOAP_envelope_is_explained_as_the_message()
    {
        var run = await DecodeAsync(
            Encoding.UTF8.GetString(MessageWriter.ToSoap(Request, parties.Key))
        );

        run.Output.ShouldContain("XML in a SOAP 1.1 envelope");
        run.Output.ShouldContain("samlp:LogoutRequest, a request to end a session");
        run.Output.ShouldContain("where a receiver looks for it");
    }

    [Fact]
    public async Task An_artifact_is_explained_in_a_URL_and_alone()
    {
        var artifact = SamlArtifact.Create("https://idp.test", 5);

        foreach (
            var text in new[]
            {
                artifact.ToRedirectUrl("https://wiki.test/acs", "x"),
                artifact.Value,
            }
        )
        {
            var run = await DecodeAsync(text);

            run.Code.ShouldBe(0);
            run.Output.ShouldContain(artifact.SourceId);
            run.Output.ShouldContain("index 5 of the sender's ArtifactResolutionService");
        }
    }

    [Fact]
    public async Task The_message_behind_an_artifact_is_named_and_its_signatures_too()
    {
        var answer = new ArtifactResponse
        {
            Id = "_a1",
            IssueInstant = Parties.Time,
            Issuer = "https://idp.test",
            InResponseTo = "_a0",
            Message = Convert.FromBase64String(await parties.AnswerAsync()),
        };

        var run = await DecodeAsync(
            Encoding.UTF8.GetString(MessageWriter.ToSoap(answer, parties.Key))
        );

        run.Output.ShouldContain("samlp:ArtifactResponse, the message behind an artifact");
        run.Output.ShouldContain("brings          samlp:Response");
        run.Output.ShouldNotContain("wrapping attack");
    }

    private static Task<Run> DecodeAsync(string message) =>
        Run.Latchkey(["saml", "decode", message]);
}
