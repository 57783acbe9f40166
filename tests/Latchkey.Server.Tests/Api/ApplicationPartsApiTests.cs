using System.Text.Json;
using Latchkey.Server.Tests.Storage;

namespace Latchkey.Server.Tests.Api;

public abstract class ApplicationPartsApiTests(TestDatabase database) : ApiTest(database)
{
    private string App => $"/applications/{Mark}";

    [Fact]
    [Trait("Rule", "S4-12")]
    [Trait("Rule", "S2-19")]
    public async Task Access_is_granted_and_taken_back_one_by_one()
    {
        await MakeAsync();
        await SendAsync("POST", "/groups", $$"""{"name": "{{Mark}}", "members": ["{{Mark}}"]}""");

        (await SendAsync("PUT", $"{App}/groups/{Mark}")).Status.ShouldBe(204);
        (await SendAsync("PUT", $"{App}/users/{Mark}")).Status.ShouldBe(204);
        var both = await SendAsync("GET", $"{App}/access/{Mark}");
        (await SendAsync("DELETE", $"{App}/groups/{Mark}")).Status.ShouldBe(204);
        (await SendAsync("DELETE", $"{App}/users/{Mark}")).Status.ShouldBe(204);
        var none = await SendAsync("GET", $"{App}/access/{Mark}");

        both["may_sign_in"].GetBoolean().ShouldBeTrue();
        both["groups"][0].GetString().ShouldBe(Mark);
        none["may_sign_in"].GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task Of_many_who_grant_at_once_all_are_heard()
    {
        await MakeAsync();
        var names = Enumerable.Range(0, 4).Select(i => $"{Mark}-{i}").ToList();
        foreach (var name in names)
        {
            await SendAsync("POST", "/groups", $$"""{"name": "{{name}}"}""");
        }

        await Task.WhenAll(names.Select(name => SendAsync("PUT", $"{App}/groups/{name}")));

        (await SendAsync("GET", App))["groups"]
            .EnumerateArray()
            .Select(g => g.GetString())
            .ShouldBe(names);
    }

    [Fact]
    [Trait("Rule", "I6")]
    [Trait("Rule", "J-39")]
    [Trait("Rule", "J-42")]
    [Trait("Rule", "J-43")]
    public async Task A_certificate_is_rotated_step_by_step_and_back()
    {
        await MakeAsync();

        var started = await SendAsync("POST", $"{App}/certificates", """{"key": "p-256"}""");
        var switched = await SendAsync("POST", $"{App}/certificates/switch", "{}");
        var undone = await SendAsync("POST", $"{App}/certificates/undo");
        var next = undone["items"][1].GetProperty("id").GetString();
        var retired = await SendAsync("DELETE", $"{App}/certificates/{next}");

        Statuses(started).ShouldBe(["active", "next"]);
        Statuses(switched).ShouldBe(["active", "former"]);
        Statuses(undone).ShouldBe(["active", "next"]);
        Statuses(retired).ShouldBe(["active"]);
        retired.Text.ShouldBe((await SendAsync("GET", $"{App}/certificates")).Text);
    }

    [Fact]
    [Trait("Rule", "J-20")]
    public async Task A_certificate_is_downloaded_and_a_private_key_never()
    {
        await MakeAsync();
        var list = await SendAsync("GET", $"{App}/certificates");
        var id = list["items"][0].GetProperty("id").GetString();

        var pem = await SendAsync("GET", $"{App}/certificates/{id}/pem");

        pem.Text.ShouldStartWith("-----BEGIN CERTIFICATE-----");
        (list.Text + pem.Text).ShouldNotContain("PRIVATE");
        (await SendAsync("GET", $"{App}/certificates/x/der")).Problems.ShouldBe([
            "404 api-certificate-unknown",
        ]);
    }

    [Fact]
    [Trait("Rule", "S0-18")]
    public async Task An_application_is_cloned()
    {
        await MakeAsync();

        var clone = await SendAsync("POST", $"{App}/clone", $$"""{"label": "{{Mark}} clone"}""");

        (clone.Status, clone["active"].GetBoolean()).ShouldBe((201, false));
        clone["sp_entity_id"].GetString().ShouldBe("https://app.example.test/sp");
    }

    [Fact]
    [Trait("Rule", "S0-37")]
    public async Task The_address_of_a_handover_page_is_answered_once()
    {
        await MakeAsync();

        var made = await SendAsync("POST", $"{App}/handover-links", """{"days": 7}""");
        var list = await SendAsync("GET", $"{App}/handover-links");
        var gone = await SendAsync("DELETE", $"{App}/handover-links/{made["id"].GetString()}");

        made["address"].GetString()!.ShouldContain("/hand-over/");
        list.Text.ShouldNotContain("/hand-over/");
        gone.Status.ShouldBe(204);
        (await SendAsync("GET", $"{App}/handover-links"))["items"].GetArrayLength().ShouldBe(0);
    }

    [Fact]
    [Trait("Rule", "J-58")]
    [Trait("Rule", "J-59")]
    public async Task The_catalogue_is_listed_by_pages_found_by_other_names_and_shown()
    {
        var first = await SendAsync("GET", "/connectors?limit=100");
        var second = await SendAsync(
            "GET",
            $"/connectors?limit=200&cursor={first["next_cursor"].GetString()}"
        );
        var jira = await SendAsync("GET", "/connectors?search=jira");
        var slack = await SendAsync("GET", "/connectors/slack");

        var slugs = Slugs(first).Concat(Slugs(second)).ToList();
        slugs.Count.ShouldBeGreaterThan(180);
        slugs.ShouldBeUnique();
        Slugs(jira).ShouldContain("atlassian-cloud");
        slack["variables"][0].GetProperty("name").GetString().ShouldBe("domain");
    }

    private static IEnumerable<string?> Slugs(Answer list) =>
        list["items"].EnumerateArray().Select(i => i.GetProperty("slug").GetString());

    private static IEnumerable<string?> Statuses(Answer list) =>
        list["items"].EnumerateArray().Select(i => i.GetProperty("status").GetString());

    private Task<Answer> MakeAsync() =>
        SendAsync(
            "POST",
            "/applications",
            $$"""{"slug": "{{Mark}}", "label": "{{Mark}}", "sp_entity_id": "https://app.example.test/sp", "acs_urls": ["https://app.example.test/acs"], "active": true}"""
        );
}

public sealed class ApplicationPartsApiOnSqlite(SqliteDatabase database)
    : ApplicationPartsApiTests(database),
        IClassFixture<SqliteDatabase>;

public sealed class ApplicationPartsApiOnPostgreSql(PostgreSqlDatabase database)
    : ApplicationPartsApiTests(database),
        IClassFixture<PostgreSqlDatabase>;
