using System.Text;

namespace Latchkey.Cli.Tests;

/// <summary>The command as a script sees it: exit codes, streams, help.</summary>
public sealed class ProcessTests(Parties parties) : IClassFixture<Parties>
{
    [Fact]
    public async Task Accepted_is_0()
    {
        var file = parties.Write("a.b64", await parties.AnswerAsync());

        var run = await Run.Process(
            [],
            parties.VerifyOptions(file, "--request-id", Parties.RequestId)
        );

        run.Code.ShouldBe(0, run.Output + run.Error);
    }

    [Fact]
    public async Task Refused_is_1()
    {
        var file = parties.Write("a.b64", await parties.AnswerAsync());

        var run = await Run.Process([], parties.VerifyOptions(file, "--json"));

        run.Code.ShouldBe(1, run.Output + run.Error);
    }

    [Fact]
    public async Task A_missing_option_is_2()
    {
        var run = await Run.Process([], "saml", "verify", parties.PathOf("idp.xml"));

        run.Code.ShouldBe(2);
    }

    [Fact]
    public async Task A_missing_file_is_2_with_one_sentence_and_nothing_on_standard_output()
    {
        var run = await Run.Process([], parties.VerifyOptions(parties.PathOf("nowhere.b64")));

        (run.Code, run.Output, run.Error).ShouldSatisfyAllConditions(
            r => r.Code.ShouldBe(2),
            r => r.Output.ShouldBeEmpty(),
            r => r.Error.Trim().ShouldNotContain("\n")
        );
    }

    [Fact]
    public async Task A_Response_from_standard_input_is_verified()
    {
        var response = Encoding.ASCII.GetBytes(await parties.AnswerAsync() + "\n");

        var run = await Run.Process(
            response,
            parties.VerifyOptions("-", "--request-id", Parties.RequestId)
        );

        run.Code.ShouldBe(0, run.Output + run.Error);
    }

    [Fact]
    public async Task A_message_from_standard_input_is_decoded()
    {
        var run = await Run.Process(
            Encoding.ASCII.GetBytes(await parties.AnswerAsync()),
            "saml",
            "decode"
        );

        run.Output.ShouldContain(">ada@example.test</saml:NameID>");
    }

    [Theory]
    [InlineData("decode")]
    [InlineData("verify")]
    [InlineData("metadata")]
    [InlineData("sign")]
    [InlineData("request")]
    public async Task The_help_of_every_command_has_examples(string command)
    {
        (await Run.Latchkey("saml", command, "--help")).Output.ShouldContain($"Examples:\n  ");
    }
}
