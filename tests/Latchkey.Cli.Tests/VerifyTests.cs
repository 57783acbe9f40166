using System.Text;
using System.Text.Json;
using Latchkey.Saml.Keys;

namespace Latchkey.Cli.Tests;

/// <summary><c>latchkey saml verify</c>: verdicts of one Response.</summary>
public sealed class VerifyTests(Parties parties) : IClassFixture<Parties>
{
    [Fact]
    public async Task A_genuine_Response_is_accepted_with_exit_code_0()
    {
        var run = await parties.VerifyAsync(await parties.AnswerAsync());

        run.Code.ShouldBe(0, run.Output);
    }

    [Fact]
    public async Task The_verdict_in_JSON_is_one_line_with_exactly_the_promised_members()
    {
        var run = await parties.VerifyAsync(await parties.AnswerAsync());

        Members(run.Lines.ShouldHaveSingleItem())
            .ShouldBe([
                "accepted",
                "nameId",
                "nameIdFormat",
                "attributes",
                "sessionIndex",
                "findings",
            ]);
    }

    [Fact]
    public async Task An_accepted_Response_tells_its_facts()
    {
        var response = await parties.AnswerAsync(
            "--session-index",
            "_s1",
            "--attribute",
            "groups=A",
            "--attribute",
            "mail=ada@example.test",
            "--attribute",
            "groups=B & C"
        );

        var run = await parties.VerifyAsync(response);

        JsonElement
            .DeepEquals(
                Parse(run.Output),
                Parse(
                    """
                    {
                      "accepted": true,
                      "nameId": "ada@example.test",
                      "nameIdFormat": "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
                      "attributes": { "groups": ["A", "B & C"], "mail": ["ada@example.test"] },
                      "sessionIndex": "_s1",
                      "findings": []
                    }
                    """
                )
            )
            .ShouldBeTrue(run.Output);
    }

    [Fact]
    public async Task A_refused_Response_tells_no_facts()
    {
        var run = await parties.VerifyAsync(await parties.AnswerAsync("--lifetime", "-600"));

        Parse(run.Output).GetProperty("nameId").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task A_finding_has_exactly_the_promised_members()
    {
        var run = await Run.Latchkey(
            parties.VerifyOptions(
                parties.Write("unsolicited.b64", await parties.SignedAsync()),
                "--json"
            )
        );

        Members(Parse(run.Output).GetProperty("findings")[0].GetRawText())
            .ShouldBe(["code", "rule", "severity", "expected", "found", "at", "spec"]);
    }

    [Theory]
    [InlineData("--sp-entity-id", "https://other.example.test", "audience-mismatch")]
    [InlineData("--acs", "https://app.example.test/other", "recipient-mismatch")]
    [InlineData("--acs", "https://app.example.test/other", "destination-mismatch")]
    [InlineData("--request-id", "_other", "in-response-to-mismatch")]
    [InlineData("--now", "2026-03-01T13:00:00Z", "bearer-expired")]
    [InlineData("--now", "2026-03-01T11:00:00Z", "not-yet-valid")]
    public async Task What_does_not_fit_the_options_is_refused_by_name(
        string option,
        string value,
        string code
    )
    {
        var response = parties.Write("misfit.b64", await parties.AnswerAsync());
        var options = parties.VerifyOptions(response, "--request-id", Parties.RequestId, "--json");
        options[Array.IndexOf(options, option) + 1] = value;

        var run = await Run.Latchkey(options);

        (run.Code, Codes(run)).ShouldSatisfyAllConditions(
            r => r.Code.ShouldBe(1),
            r => r.Item2.ShouldContain(code)
        );
    }

    [Fact]
    public async Task Without_request_and_without_leave_an_unsolicited_Response_is_refused()
    {
        var response = parties.Write("unsolicited.b64", await parties.SignedAsync());

        var run = await Run.Latchkey(parties.VerifyOptions(response, "--json"));

        Codes(run).ShouldBe(["response-unsolicited"]);
    }

    [Fact]
    public async Task With_leave_an_unsolicited_Response_is_accepted()
    {
        var response = parties.Write("unsolicited.b64", await parties.SignedAsync());

        var run = await Run.Latchkey(parties.VerifyOptions(response, "--allow", "unsolicited"));

        run.Code.ShouldBe(0, run.Output);
    }

    [Fact]
    public async Task An_unknown_leave_is_unusable_and_the_known_ones_are_named()
    {
        var run = await parties.VerifyAsync(await parties.AnswerAsync(), "--allow", "sha1,md5");

        (run.Code, run.Error).ShouldSatisfyAllConditions(
            r => r.Code.ShouldBe(2),
            r => r.Error.ShouldContain("“md5”"),
            r => r.Error.ShouldContain("unsolicited, sha1, cbc")
        );
    }

    [Fact]
    public async Task S3_SHA1_is_refused()
    {
        var run = await parties.VerifyAsync(
            Sha1Response.Sign(await parties.AnswerAsync("--xml"), parties.Key)
        );

        Codes(run).ShouldContain("signature-algorithm");
    }

    [Fact]
    public async Task S3_SHA1_passes_with_leave_and_a_warning()
    {
        var run = await parties.VerifyAsync(
            Sha1Response.Sign(await parties.AnswerAsync("--xml"), parties.Key),
            "--allow",
            "sha1"
        );

        (run.Code, run.Output).ShouldSatisfyAllConditions(
            r => r.Code.ShouldBe(0, r.Output),
            r => r.Output.ShouldContain("\"severity\":\"warning\"")
        );
    }

    [Fact]
    public async Task Every_signing_key_of_the_metadata_counts()
    {
        using var other = SigningKey.Create("New", Parties.Time, Parties.Time.AddYears(1));
        var metadata = parties.Write(
            "two-keys.xml",
            Parties.Metadata(Parties.Issuer, other, parties.Key)
        );

        (await VerifyWithMetadataAsync(metadata)).Code.ShouldBe(0);
    }

    [Fact]
    public async Task S4_A_key_that_the_metadata_does_not_name_does_not_count()
    {
        using var other = SigningKey.Create("Other", Parties.Time, Parties.Time.AddYears(1));
        var metadata = parties.Write("other-key.xml", Parties.Metadata(Parties.Issuer, other));

        Codes(await VerifyWithMetadataAsync(metadata)).ShouldContain("signature-invalid");
    }

    [Fact]
    public async Task Metadata_that_is_none_is_unusable()
    {
        var run = await VerifyWithMetadataAsync(parties.Write("none.xml", "<a/>"));

        run.Code.ShouldBe(2);
    }

    [Fact]
    public async Task Metadata_that_is_not_there_is_unusable()
    {
        var run = await VerifyWithMetadataAsync(parties.PathOf("nowhere.xml"));

        run.Code.ShouldBe(2);
    }

    [Fact]
    public async Task Of_several_identity_providers_one_has_to_be_chosen()
    {
        var run = await VerifyWithMetadataAsync(Federation());

        (run.Code, run.Error).ShouldSatisfyAllConditions(
            r => r.Code.ShouldBe(2),
            r => r.Error.ShouldContain("--idp-entity-id")
        );
    }

    [Fact]
    public async Task The_chosen_identity_provider_is_taken()
    {
        var run = await VerifyWithMetadataAsync(Federation(), "--idp-entity-id", Parties.Issuer);

        run.Code.ShouldBe(0, run.Error);
    }

    [Theory]
    [InlineData("--now", "yesterday")]
    [InlineData("--request-id", "")]
    public async Task A_value_that_means_nothing_is_unusable(string option, string value)
    {
        var options = parties.VerifyOptions(parties.PathOf("idp.xml"), "--request-id", "_1");
        options[Array.IndexOf(options, option) + 1] = value;

        var run = await Run.Latchkey(options);

        run.Code.ShouldBe(2);
    }

    [Fact]
    public async Task The_XML_itself_is_taken_too()
    {
        var response = parties.Write("response.xml", await parties.AnswerAsync("--xml"));

        var run = await Run.Latchkey(
            parties.VerifyOptions(response, "--request-id", Parties.RequestId)
        );

        run.Code.ShouldBe(0, run.Output);
    }

    [Fact]
    public async Task For_people_a_refusal_says_what_to_do()
    {
        var response = parties.Write("unsolicited.b64", await parties.SignedAsync());

        var run = await Run.Latchkey(parties.VerifyOptions(response));

        run.Output.ShouldContain("what to do");
    }

    [Fact]
    public async Task O1_What_a_terminal_would_obey_is_shown_and_not_sent()
    {
        var response = await parties.AnswerAsync("--attribute", "a=x\u009B31m\u202Ey");

        var run = await Run.Latchkey(
            parties.VerifyOptions(
                parties.Write("controls.b64", response),
                "--request-id",
                Parties.RequestId
            )
        );

        run.Output.ShouldContain(@"x\u{9B}31m\u{202E}y");
    }

    private async Task<Run> VerifyWithMetadataAsync(string metadata, params string[] more)
    {
        var options = parties.VerifyOptions(
            parties.Write("answer.b64", await parties.AnswerAsync()),
            ["--request-id", Parties.RequestId, "--json", .. more]
        );
        options[Array.IndexOf(options, "--idp-metadata") + 1] = metadata;
        return await Run.Latchkey(options);
    }

    private string Federation() =>
        parties.Write(
            "federation.xml",
            "<md:EntitiesDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\">"
                + Encoding.UTF8.GetString(Parties.Metadata(Parties.Issuer, parties.Key))
                + Encoding.UTF8.GetString(
                    Parties.Metadata("https://second.example.test", parties.Key)
                )
                + "</md:EntitiesDescriptor>"
        );

    private static JsonElement Parse(string json) => JsonDocument.Parse(json).RootElement;

    private static IEnumerable<string> Members(string json) =>
        Parse(json).EnumerateObject().Select(member => member.Name);

    private static IEnumerable<string?> Codes(Run run) =>
        Parse(run.Output)
            .GetProperty("findings")
            .EnumerateArray()
            .Select(finding => finding.GetProperty("code").GetString());
}
