using Latchkey.Server.Api.Tokens;
using Latchkey.Server.Certificates;
using Latchkey.Server.Insights;
using Latchkey.Server.Storage;
using Latchkey.Server.Tests.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Latchkey.Server.Tests.Api;

/// <summary>What pages of the administration show beside the lists, answered by calls.</summary>
public abstract class ReadingApiTests(TestDatabase database) : ApiTest(database)
{
    private string App => $"/applications/{Mark}";

    [Fact]
    [Trait("Rule", "S0-17")]
    public async Task A_preview_says_what_would_be_sent_and_who_would_object()
    {
        await MakeAsync();

        var none = await SendAsync("GET", $"{App}/preview/{Mark}");
        await SendAsync("PUT", $"{App}/users/{Mark}");
        var sent = await SendAsync("GET", $"{App}/preview/{Mark}?by=code");

        none["would_be_sent"].GetBoolean().ShouldBeFalse();
        var objection = none["objections"][0];
        (
            objection.GetProperty("by").GetString(),
            objection.GetProperty("code").GetString()
        ).ShouldBe(("identity_provider", "no-access"));
        sent["would_be_accepted"].GetBoolean().ShouldBeTrue();
        sent["name_id"].GetString().ShouldBe($"{Mark}@example.test");
        sent["xml"].GetString()!.ShouldContain("Assertion");
    }

    [Fact]
    [Trait("Rule", "J-112")]
    public async Task A_preview_takes_a_token_that_may_read_users_too()
    {
        await MakeAsync();
        Use(await TokenAsync(ApiScopes.ApplicationsRead));

        (await SendAsync("GET", $"{App}/preview/{Mark}")).Problems.ShouldBe([
            "403 token-scope-missing",
        ]);
    }

    [Theory]
    [InlineData("/preview/nobody", "404 api-user-unknown")]
    [InlineData("/preview/nobody?by=magic", "400 declaration-not-word by")]
    public async Task A_preview_of_nobody_or_by_no_way_is_refused(string path, string problem)
    {
        await MakeAsync();

        (await SendAsync("GET", App + path)).Problems.ShouldBe([problem]);
    }

    [Theory]
    [InlineData("client_ip=198.51.100.7", "one")]
    [InlineData("client_ip=198.51.100.", "one two")]
    [InlineData("finding_code=user-unknown", "two")]
    [InlineData("client_ip=203.0.113.9", "")]
    public async Task Events_are_narrowed_by_address_and_by_finding(string query, string expected)
    {
        await using (var db = Database.Open())
        {
            db.Events.AddRange(
                Failed("one", "198.51.100.7", "password-wrong"),
                Failed("two", "198.51.100.71", "user-unknown")
            );
            await db.SaveChangesAsync(Ct);
        }

        var found = await SendAsync("GET", $"/events?name={Mark}&success=false&{query}");

        found["items"]
            .EnumerateArray()
            .Select(e => e.GetProperty("target_name").GetString()![Mark.Length..])
            .Order(StringComparer.Ordinal)
            .ShouldBe(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Event Failed(string name, string address, string finding) =>
            new()
            {
                At = DateTimeOffset.UtcNow,
                Type = EventTypes.UserLoginAttempt,
                Success = false,
                TargetName = Mark + name,
                ClientIp = address,
                FindingCode = finding,
            };
    }

    [Fact]
    public async Task Events_are_narrowed_to_one_for_each_try_as_on_the_page()
    {
        await using (var db = Database.Open())
        {
            db.Events.AddRange(
                Happened("try", EventTypes.SsoAuth),
                Happened("step", EventTypes.SamlRequestReceived)
            );
            await db.SaveChangesAsync(Ct);
        }

        var found = await SendAsync("GET", $"/events?name={Mark}&type=sign-ins");

        found["items"]
            .EnumerateArray()
            .Select(e => e.GetProperty("target_name").GetString())
            .ShouldBe([Mark + "try"]);

        Event Happened(string name, string type) =>
            new()
            {
                At = DateTimeOffset.UtcNow,
                Type = type,
                Success = true,
                TargetName = Mark + name,
            };
    }

    [Fact]
    [Trait("Rule", "S0-37")]
    public async Task The_hand_over_says_what_the_other_side_needs()
    {
        await MakeAsync();

        var shown = await SendAsync("GET", $"{App}/hand-over");

        shown["metadata_url"].GetString()!.ShouldEndWith($"/saml2/{Mark}/metadata");
        shown["certificate_pem"].GetString()!.ShouldStartWith("-----BEGIN CERTIFICATE-----");
        shown["next_certificate_pem"].GetString().ShouldBeNull();
    }

    [Fact]
    public async Task Who_read_the_metadata_and_whether_the_next_certificate_stood_in_it_is_listed()
    {
        await MakeAsync();
        await SendAsync("POST", $"{App}/certificates", """{"key": "p-256"}""");
        var before = await SendAsync("GET", $"/certificates?search={Mark}");
        await ReadAsync();

        var readings = await SendAsync("GET", $"{App}/metadata-readings");
        var after = await SendAsync("GET", $"/certificates?search={Mark}");

        before["items"][0].GetProperty("known_at").GetString().ShouldBeNull();
        after["items"][0].GetProperty("known_at").GetString().ShouldNotBeNull();
        var row = readings["items"].EnumerateArray().Single();
        row.GetProperty("client_ip").GetString().ShouldBe("203.0.113.8");
        row.GetProperty("certificates")
            .EnumerateArray()
            .Select(c => c.GetGuid())
            .ShouldBe(
                after["items"]
                    [0]
                    .GetProperty("certificates")
                    .EnumerateArray()
                    .Select(c => c.GetProperty("id").GetGuid())
            );
    }

    [Fact]
    public async Task Certificates_of_all_applications_come_a_page_at_a_time()
    {
        await MakeAsync();
        await MakeAsync("-b");

        var first = await SendAsync("GET", $"/certificates?search={Mark}&limit=1");
        var second = await SendAsync(
            "GET",
            $"/certificates?search={Mark}&limit=1&cursor={first["next_cursor"].GetString()}"
        );

        new[] { first, second }
            .Select(page => page["items"][0].GetProperty("slug").GetString())
            .ShouldBe([Mark, Mark + "-b"]);
        second["next_cursor"].GetString().ShouldBeNull();
    }

    [Fact]
    public async Task The_overview_is_answered_in_figures()
    {
        await MakeAsync();

        var shown = await SendAsync("GET", "/overview");

        shown["applications"].GetInt32().ShouldBeGreaterThan(0);
        shown["sign_ins"].GetArrayLength().ShouldBe(14);
        shown["applications_open_to_nobody"].GetProperty("part").GetInt32().ShouldBeGreaterThan(0);
    }

    private Task<Answer> MakeAsync(string ending = "") =>
        SendAsync(
            "POST",
            "/applications",
            $$"""{"label": "{{Mark}}{{ending}}", "slug": "{{Mark}}{{ending}}", "sp_entity_id": "urn:{{Mark}}{{ending}}", "acs_urls": ["https://{{Mark}}.example/acs"], "active": true}"""
        );

    /// <summary>The service provider reads the metadata, and it is written down.</summary>
    private async Task ReadAsync()
    {
        await using var db = await Server
            .Services.GetRequiredService<IDbContextFactory<LatchkeyDbContext>>()
            .CreateDbContextAsync(Ct);
        var application = await db.Applications.SingleAsync(a => a.Slug == Mark, Ct);
        var set = await WithAsync<CertificateRotation, CertificateSet>(rotation =>
            rotation.OfAsync(application.Id, Ct)
        );
        await Server
            .Services.GetRequiredService<MetadataReadings>()
            .StoreAsync(
                new MetadataReading
                {
                    ApplicationId = application.Id,
                    ClientIp = "203.0.113.8",
                    Certificates = MetadataReading.Named(set.Published),
                    FirstAt = set.Now,
                    LastAt = set.Now,
                },
                Ct
            );
    }
}

public sealed class ReadingApiOnSqlite(SqliteDatabase database)
    : ReadingApiTests(database),
        IClassFixture<SqliteDatabase>;

public sealed class ReadingApiOnPostgreSql(PostgreSqlDatabase database)
    : ReadingApiTests(database),
        IClassFixture<PostgreSqlDatabase>;
