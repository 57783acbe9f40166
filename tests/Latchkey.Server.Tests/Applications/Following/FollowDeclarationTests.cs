using System.Net.Http.Json;
using System.Text.Json;
using Latchkey.Saml.Keys;
using Latchkey.Server.Api.Applications;
using Latchkey.Server.Api.Declaration;
using Latchkey.Server.Api.Tokens;
using Latchkey.Server.Applications;
using Latchkey.Server.Applications.Following;

namespace Latchkey.Server.Tests.Applications.Following;

/// <summary>A declaration names an address to follow; and an address that it names lowers no security unseen.</summary>
public sealed class FollowDeclarationTests(FollowingOnSqlite host)
    : IClassFixture<FollowingOnSqlite>
{
    private static readonly SigningKey s_old = SpMetadata.NewKey("old");
    private static readonly SigningKey s_new = SpMetadata.NewKey("new");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_address_makes_an_application_that_follows_it()
    {
        await using var site = await PublishedMetadata.StartAsync(Metadata("made"));

        await ApplyAsync(Following("made", site.Url));

        var made = (await host.AskAsync(s => s.FindBySlugAsync("made")))!;
        made.SpEntityId.ShouldBe("urn:example:made");
        (await FollowedAsync(made))!.Url.ShouldBe(site.Url);
    }

    [Fact]
    public async Task Applying_it_again_changes_nothing_and_asks_nobody()
    {
        await using var site = await PublishedMetadata.StartAsync(Metadata("again"));
        await ApplyAsync(Following("again", site.Url));
        var asked = site.Asked;

        var plan = await ApplyAsync(Following("again", site.Url));

        plan.Applications.Single().Action.ShouldBe("unchanged");
        site.Asked.ShouldBe(asked);
    }

    [Fact]
    public async Task An_empty_address_follows_none()
    {
        await using var site = await PublishedMetadata.StartAsync(Metadata("none"));
        await ApplyAsync(Following("none", site.Url));

        await ApplyAsync(Following("none", ""));

        var made = (await host.AskAsync(s => s.FindBySlugAsync("none")))!;
        (await FollowedAsync(made)).ShouldBeNull();
    }

    [Fact]
    public async Task The_API_says_how_it_is_followed()
    {
        await using var site = await PublishedMetadata.StartAsync(Metadata("shown"));
        await ApplyAsync(Following("shown", site.Url));
        var made = (await host.AskAsync(s => s.FindBySlugAsync("shown")))!;

        var answer = JsonSerializer.Serialize(
            ApplicationShown.Of(made, null, [], [], await FollowedAsync(made))
        );

        answer.ShouldContain($"\"SpMetadataUrl\":\"{site.Url}\"");
        answer.ShouldContain("\"Problem\":null");
    }

    [Fact]
    [Trait("Rule", "M3")]
    public async Task An_address_that_is_read_at_every_start_lowers_no_security()
    {
        await using var site = await PublishedMetadata.StartAsync(Metadata("safe"));
        var text = $"applications:\n  - slug: safe\n    sp_metadata: {site.Url}\n";
        await ApplyAsync(text);
        site.Publish(
            Metadata("safe") with
            {
                Acs = ["https://safe.example.test/acs", "https://evil.example.test/acs"],
                Signing = [s_new],
                SignsRequests = false,
            }
        );

        (await ApplyAsync(text)).Applications.Single().Action.ShouldBe("unchanged");
    }

    [Fact]
    public async Task An_address_that_is_read_at_every_start_keeps_up_with_keys()
    {
        await using var site = await PublishedMetadata.StartAsync(Metadata("keys"));
        var text = $"applications:\n  - slug: keys\n    sp_metadata: {site.Url}\n";
        await ApplyAsync(text);
        site.Publish(Metadata("keys") with { Signing = [s_old, s_new] });

        await ApplyAsync(text);

        (await host.AskAsync(s => s.FindBySlugAsync("keys")))!.SpSigningCertificates.Count.ShouldBe(
            2
        );
    }

    [Fact]
    [Trait("Rule", "S1-13")]
    [Trait("Rule", "M3")]
    public async Task Calls_follow_an_address_read_it_and_decide_what_it_left()
    {
        await using var site = await PublishedMetadata.StartAsync(Metadata("called"));
        var user = await host.AddUserAsync(u => u.Role = Latchkey.Server.Roles.Role.Owner);
        using var client = new HttpClient(host.Handler())
        {
            BaseAddress = new Uri(TestIdentityProvider.Origin),
        };
        client.DefaultRequestHeaders.Authorization = new(
            "Bearer",
            await host.AskAsync(
                async (ApiTokenService t) => (await t.CreateAsync("x", user.Id, Ct)).Value!.Secret
            )
        );
        const string App = "applications/called";
        await SendAsync(
            client,
            "POST",
            "applications",
            new
            {
                slug = "called",
                label = "Called",
                sp_metadata = site.Url,
            }
        );

        var followed = await SendAsync(
            client,
            "PUT",
            $"{App}/followed-metadata",
            new { url = site.Url }
        );
        site.Publish(
            Metadata("called") with
            {
                Acs = ["https://elsewhere.example.test/acs"],
                Signing = [s_old, s_new],
            }
        );
        var read = await SendAsync(client, "POST", $"{App}/followed-metadata/refresh", null);
        var waits = (await SendAsync(client, "GET", $"{App}/metadata-proposals", null))
            .GetProperty("items")
            .EnumerateArray()
            .Single();
        var proposal = $"{App}/metadata-proposals/{waits.GetProperty("id").GetString()}";
        var taken = await SendAsync(
            client,
            "POST",
            proposal,
            new { fields = new[] { "acs_urls" } }
        );
        var own = await SendAsync(
            client,
            "POST",
            $"{App}/metadata-proposals",
            new { metadata = site.Url }
        );
        await SendAsync(client, "DELETE", $"{App}/followed-metadata", null);

        followed.GetProperty("sp_metadata_url").GetString().ShouldBe(site.Url);
        read.GetProperty("changed")[0].GetString().ShouldBe("sp_signing_certificates");
        read.GetProperty("waiting")[0].GetString().ShouldBe("acs_urls");
        waits.GetProperty("waits").GetBoolean().ShouldBeTrue();
        waits.GetProperty("fields")[0].GetProperty("lowers").GetArrayLength().ShouldBe(1);
        taken.GetProperty("acs_urls")[0].GetString().ShouldBe("https://elsewhere.example.test/acs");
        own.GetProperty("fields").GetArrayLength().ShouldBe(0);
        var made = (await host.AskAsync(s => s.FindBySlugAsync("called")))!;
        (await FollowedAsync(made)).ShouldBeNull();
    }

    private static async Task<JsonElement> SendAsync(
        HttpClient client,
        string method,
        string path,
        object? body
    )
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "/api/v1/" + path)
        {
            Content = body is null ? null : JsonContent.Create(body),
        };
        using var response = await client.SendAsync(request, Ct);
        var text = await response.Content.ReadAsStringAsync(Ct);
        response.IsSuccessStatusCode.ShouldBeTrue(text);
        return text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text);
    }

    private static SpMetadata Metadata(string name) =>
        new($"urn:example:{name}")
        {
            Acs = [$"https://{name}.example.test/acs"],
            Signing = [s_old],
            SignsRequests = true,
        };

    private static string Following(string slug, string url) =>
        $"applications:\n  - slug: {slug}\n    label: {slug}\n    sp_metadata_url: \"{url}\"\n";

    private Task<FollowedMetadata?> FollowedAsync(Application application) =>
        host.AskAsync((MetadataFollowing f) => f.FindAsync(application.Id, Ct));

    private async Task<DeclarationPlan> ApplyAsync(string text)
    {
        var problems = new DeclarationProblems();
        var plan = await host.AskAsync(
            (DeclarationService s) =>
                s.RunAsync(text, MetadataFiles.None, problems, apply: true, Ct)
        );
        problems.Any.ShouldBeFalse();
        return plan!;
    }
}
