using Latchkey.Server.Insights;
using Latchkey.Server.Tests.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Tests.Api;

public abstract class ApplicationWriteTests(TestDatabase database) : ApiTest(database)
{
    [Fact]
    public async Task An_application_is_created_in_the_words_of_the_file()
    {
        var made = await SendAsync(
            "POST",
            "/applications",
            $$"""
            {"slug": "{{Mark}}", "label": "Wiki", "sp_entity_id": "https://app.example.test/sp",
             "acs_urls": ["https://app.example.test/acs"], "users": ["{{Mark}}"], "active": true,
             "attributes": [{"name": "mail", "source": "email"}],
             "constant_attributes": [{"name": "SessionDuration", "value": "3600"}],
             "session_lifetime": 60}
            """
        );

        made.Status.ShouldBe(201);
        made["users"][0].GetString().ShouldBe(Mark);
        made["session_lifetime"].GetInt32().ShouldBe(60);
        made["certificate"].GetProperty("sha256").GetString().ShouldNotBeEmpty();
        made.ETag.ShouldBe("\"1\"");
    }

    [Fact]
    [Trait("Rule", "J-53")]
    public async Task A_bookmark_is_created_with_an_address_alone()
    {
        var made = await SendAsync(
            "POST",
            "/applications",
            $$"""{"kind": "bookmark", "slug": "{{Mark}}", "label": "Docs", "login_url": "https://docs.example.test/", "active": true}"""
        );

        (made.Status, made["kind"].GetString()).ShouldBe((201, "bookmark"));
    }

    [Fact]
    public async Task Metadata_fills_what_is_not_said()
    {
        var made = await SendAsync(
            "POST",
            "/applications",
            $$"""
            {"slug": "{{Mark}}", "sp_metadata": "<md:EntityDescriptor xmlns:md='urn:oasis:names:tc:SAML:2.0:metadata' entityID='https://docs.example.test/sp'><md:SPSSODescriptor protocolSupportEnumeration='urn:oasis:names:tc:SAML:2.0:protocol'><md:AssertionConsumerService Binding='urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST' Location='https://docs.example.test/acs' index='4'/></md:SPSSODescriptor></md:EntityDescriptor>"}
            """
        );

        made["sp_entity_id"].GetString().ShouldBe("https://docs.example.test/sp");
        made["acs_endpoints"][0].GetProperty("index").GetInt32().ShouldBe(4);
    }

    [Fact]
    [Trait("Rule", "J-29")]
    public async Task A_connector_is_filled_with_its_variables_and_waits_to_be_switched_on()
    {
        var made = await SendAsync(
            "POST",
            "/applications",
            $$"""{"slug": "{{Mark}}", "connector": "slack", "connector_variables": {"domain": "example"} }"""
        );

        made.Status.ShouldBe(201);
        made["acs_urls"][0].GetString().ShouldBe("https://example.slack.com/sso/saml");
        made["active"].GetBoolean().ShouldBeFalse();
    }

    [Fact]
    [Trait("Rule", "J-27")]
    public async Task A_change_changes_what_it_says_and_nothing_else()
    {
        var before = await MakeAsync();

        var after = await SendAsync("PATCH", $"/applications/{Mark}", """{"label": "Other"}""");

        after["label"].GetString().ShouldBe("Other");
        Without(after, "label").ShouldBe(Without(before, "label"));
    }

    [Fact]
    [Trait("Rule", "J-27")]
    public async Task Changing_one_list_of_attributes_leaves_the_other()
    {
        await MakeAsync();

        var after = await SendAsync(
            "PATCH",
            $"/applications/{Mark}",
            """{"attributes": [{"name": "mail", "source": "username"}]}"""
        );

        after["attributes"][0].GetProperty("source").GetString().ShouldBe("username");
        after["constant_attributes"][0].GetProperty("value").GetString().ShouldBe("3600");
    }

    [Fact]
    [Trait("Rule", "J-27")]
    public async Task What_was_shown_can_be_sent_back_and_changes_nothing()
    {
        var before = await MakeAsync();
        var sent = Without(before, "version");

        var after = await SendAsync("PATCH", $"/applications/{Mark}", sent);

        after.Text.ShouldBe((await SendAsync("GET", $"/applications/{Mark}")).Text);
        after["version"].GetInt64().ShouldBe(before["version"].GetInt64());
    }

    [Fact]
    public async Task A_null_empties_a_text()
    {
        await MakeAsync();

        var after = await SendAsync("PATCH", $"/applications/{Mark}", """{"relay_state": null}""");

        after["relay_state"].ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
    }

    [Fact]
    public async Task Who_looked_at_another_version_is_told()
    {
        var made = await MakeAsync();
        await SendAsync("PATCH", $"/applications/{Mark}", """{"label": "Faster"}""");

        var byHeader = await SendAsync(
            "PATCH",
            $"/applications/{Mark}",
            """{"label": "Slower"}""",
            ("If-Match", made.ETag!)
        );
        var byField = await SendAsync(
            "PATCH",
            $"/applications/{Mark}",
            """{"label": "Slower", "version": 1}"""
        );

        byHeader.Problems.ShouldBe(["412 application-changed version"]);
        byField.Problems.ShouldBe(["409 application-changed version"]);
    }

    [Theory]
    [InlineData("""{"lable": "x"}""", "422 declaration-key-unknown lable")]
    [InlineData("""{"hidden": 1}""", "422 declaration-not-flag hidden")]
    [InlineData("""{"label": null}""", "422 label-empty label")]
    [InlineData("""{"acs_urls": "x"}""", "422 declaration-not-list acs_urls")]
    [InlineData(
        """{"encryption": {"content": "rot13"}}""",
        "422 declaration-not-word encryption.content"
    )]
    [InlineData(
        """{"encryption": {"assertions": true}}""",
        "422 encryption-without-certificate encryption.assertions"
    )]
    [InlineData(
        """{"attributes": [{"name": "a", "source": "nonsense"}]}""",
        "422 attribute-source-unknown attributes[0].source"
    )]
    [InlineData(
        """{"constant_attributes": [{"name": "a"}]}""",
        "422 declaration-key-missing constant_attributes[0].value"
    )]
    [InlineData("""{"groups": ["nobody"]}""", "422 api-group-unknown groups[0]")]
    [InlineData("""{"users": ["nobody"]}""", "422 api-user-unknown users[0]")]
    [InlineData("""{"slug": "other"}""", "422 slug-fixed slug")]
    [InlineData("""{"kind": "bookmark"}""", "422 kind-fixed kind")]
    [InlineData(
        """{"sp_metadata": "https://sp.example.test/"}""",
        "422 api-metadata-create-only sp_metadata"
    )]
    [InlineData("""{"label": """, "400 api-body-not-json")]
    [InlineData("""[]""", "422 declaration-not-mapping")]
    public async Task A_refusal_names_the_field_and_changes_nothing(string body, string problem)
    {
        var before = await MakeAsync();

        var answer = await SendAsync("PATCH", $"/applications/{Mark}", body);

        answer.Problems.ShouldBe([problem]);
        (await SendAsync("GET", $"/applications/{Mark}")).Text.ShouldBe(before.Text);
    }

    [Fact]
    public async Task A_slug_that_is_taken_is_a_conflict()
    {
        await MakeAsync();

        (await MakeAsync()).Problems.ShouldContain("409 slug-taken slug");
    }

    [Fact]
    public async Task Every_change_is_an_event_of_whom_the_token_acts_for()
    {
        await MakeAsync();

        await SendAsync("PATCH", $"/applications/{Mark}", $$"""{"label": "{{Mark}} 2"}""");

        await using var db = Database.Open();
        var told = await db.Events.SingleAsync(
            e => e.Type == EventTypes.ApplicationUpdate && e.TargetName == Mark + " 2",
            Ct
        );
        told.ActorName.ShouldBe(Mark);
    }

    private Task<Answer> MakeAsync() =>
        SendAsync(
            "POST",
            "/applications",
            $$"""
            {"slug": "{{Mark}}", "label": "{{Mark}}", "sp_entity_id": "https://app.example.test/sp",
             "acs_urls": ["https://app.example.test/acs"], "relay_state": "/start", "users": ["{{Mark}}"],
             "attributes": [{"name": "mail", "source": "email"}],
             "constant_attributes": [{"name": "SessionDuration", "value": "3600"}]}
            """
        );

    private static string Without(Answer answer, string field)
    {
        var json = System.Text.Json.Nodes.JsonNode.Parse(answer.Text)!.AsObject();
        foreach (var gone in new[] { field, "version", "updated_at" })
        {
            json.Remove(gone);
        }
        return json.ToJsonString();
    }
}

public sealed class ApplicationWriteOnSqlite(SqliteDatabase database)
    : ApplicationWriteTests(database),
        IClassFixture<SqliteDatabase>;

public sealed class ApplicationWriteOnPostgreSql(PostgreSqlDatabase database)
    : ApplicationWriteTests(database),
        IClassFixture<PostgreSqlDatabase>;
