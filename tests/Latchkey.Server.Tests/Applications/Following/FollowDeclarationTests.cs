using System.Text.Json;
using Latchkey.Saml.Keys;
using Latchkey.Server.Api.Applications;
using Latchkey.Server.Api.Declaration;
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
