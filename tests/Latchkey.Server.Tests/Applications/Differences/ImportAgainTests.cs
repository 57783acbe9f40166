using Latchkey.Saml.Keys;
using Latchkey.Server.Applications;
using Latchkey.Server.Insights;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Tests.Applications.Differences;

/// <summary>Metadata imported again shows the difference before it is applied (S1-13) and lowers no security unseen (M3). Without JavaScript.</summary>
public sealed class ImportAgainOnSqliteTests(SqliteIdentityProvider host)
    : ImportAgainTests(host),
        IClassFixture<SqliteIdentityProvider>;

public sealed class ImportAgainOnPostgreSqlTests(PostgreSqlIdentityProvider host)
    : ImportAgainTests(host),
        IClassFixture<PostgreSqlIdentityProvider>;

public abstract class ImportAgainTests(TestIdentityProvider host)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    // Making one takes long enough to share them.
    private static readonly SigningKey s_old = SpMetadata.NewKey("old");
    private static readonly SigningKey s_new = SpMetadata.NewKey("new");

    [Fact]
    [Trait("Rule", "S1-13")]
    public async Task Nothing_changes_before_it_is_confirmed()
    {
        var (application, published) = await KnownAsync();

        var browser = await OpenAsync(
            application,
            published with
            {
                Acs = [published.Acs[0], published.Acs[0] + "/second"],
            }
        );

        browser.Text("table").ShouldContain("/second");
        (await FindAsync(application)).AcsEndpoints.Count.ShouldBe(1);
    }

    [Fact]
    [Trait("Rule", "S1-13")]
    public async Task What_is_harmles_is_ticked_and_changed_when_confirmed()
    {
        var (application, published) = await KnownAsync();
        var browser = await OpenAsync(
            application,
            published with
            {
                Acs = [published.Acs[0], published.Acs[0] + "/second"],
            }
        );

        await browser.ClickAsync("#apply");

        (await FindAsync(application)).AcsEndpoints.Count.ShouldBe(2);
    }

    [Fact]
    [Trait("Rule", "S1-13")]
    public async Task An_addres_leads_to_the_same_page_as_a_file()
    {
        var (application, _) = await KnownAsync();
        var browser = await host.BrowserAsync();
        await browser.OpenAsync($"/admin/applications/{application.Id}/metadata");
        browser.Type("#MetadataUrl", "https://127.0.0.1/metadata");

        await browser.ClickAsync("#show-difference");

        browser.Errors.Single().ShouldContain("private or local address");
    }

    [Fact]
    [Trait("Rule", "S1-13")]
    public async Task The_applications_page_leads_there()
    {
        var (application, _) = await KnownAsync();
        var browser = await host.BrowserAsync();
        await browser.OpenAsync($"/admin/applications/{application.Id}");

        await browser.ClickAsync("#import-again");

        browser.Address.ShouldBe($"/admin/applications/{application.Id}/metadata");
    }

    [Fact]
    [Trait("Rule", "S1-13")]
    public async Task Metadata_that_changes_nothing_says_so()
    {
        var (application, published) = await KnownAsync();

        var browser = await OpenAsync(application, published);

        browser.Text("#same").ShouldContain("Nothing would change");
    }

    [Theory]
    [Trait("Rule", "M3")]
    [InlineData("acs-host", "acs_urls", "evil.example.test")]
    [InlineData("acs-http", "acs_urls", "plain http")]
    [InlineData("slo-host", "slo_urls", "evil.example.test")]
    [InlineData("signing-added", "sp_signing_certificates", "1 more keys")]
    [InlineData("signing-replaced", "sp_signing_certificates", "None of the certificates")]
    [InlineData("signing-gone", "sp_signing_certificates", "No certificate would remain")]
    [InlineData("encryption-gone", "sp_encryption_certificates", "Nothing would be encrypted")]
    [InlineData("encryption-replaced", "sp_encryption_certificates", "other keys than today")]
    [InlineData("signed-requests", "require_signed_requests", "nobody signed")]
    [InlineData("signed-assertions", "want_assertions_signed", "not ask for a signed")]
    [InlineData("entity-id", "sp_entity_id", "urn:example:other")]
    public async Task A_change_that_lowers_security_is_named_and_not_made_without_its_own_tick(
        string change,
        string field,
        string named
    )
    {
        var (application, published) = await KnownAsync();
        var browser = await OpenAsync(application, Lowered(published, change));
        browser.Text($"#take-{field}-why").ShouldContain(named);
        browser.Find("#lowering").ShouldNotBeNull();
        var before = await FindAsync(application);

        await browser.ClickAsync("#apply");

        Facts(await FindAsync(application)).ShouldBe(Facts(before));
    }

    [Fact]
    [Trait("Rule", "M3")]
    public async Task With_its_tick_it_is_made_and_the_event_names_it()
    {
        var (application, published) = await KnownAsync();
        var browser = await OpenAsync(application, Lowered(published, "signing-replaced"));
        browser.Tick("#take-sp_signing_certificates");

        await browser.ClickAsync("#apply");

        (await FindAsync(application)).SpSigningCertificates.ShouldBe([
            Convert.ToBase64String(s_new.Certificate.RawData),
        ]);
        (await EventAsync(application, EventTypes.MetadataApply)).Details.ShouldContain(
            "signing-replaced"
        );
    }

    [Fact]
    [Trait("Rule", "M3")]
    public async Task What_an_administrator_changed_is_not_overwritten_without_a_tick()
    {
        var (application, published) = await KnownAsync();
        await host.AskAsync(s =>
            s.UpdateAsync(
                application.Id,
                new ApplicationInput
                {
                    AcsEndpoints = ApplicationInput.AcsFrom([published.Acs[0] + "/own"]),
                },
                null
            )
        );
        var browser = await OpenAsync(application, published);
        browser.Text("#take-acs_urls-why").ShouldContain("An administrator keeps another value");

        await browser.ClickAsync("#apply");

        (await FindAsync(application))
            .AcsEndpoints.Single()
            .Location.ShouldBe(published.Acs[0] + "/own");
    }

    [Fact]
    [Trait("Rule", "S1-13")]
    public async Task Change_nothing_changes_nothing()
    {
        var (application, published) = await KnownAsync();
        var browser = await OpenAsync(application, published with { Slo = [] });
        var before = await FindAsync(application);

        await browser.ClickAsync("#dismiss");

        (await FindAsync(application)).Version.ShouldBe(before.Version);
        (await EventAsync(application, EventTypes.MetadataDismiss)).Success.ShouldBeTrue();
    }

    [Fact]
    [Trait("Rule", "S1-13")]
    public async Task Who_confirms_what_somebody_else_has_changed_meanwhile_is_shown_it_first()
    {
        var (application, published) = await KnownAsync();
        var browser = await OpenAsync(application, published with { Slo = [] });
        await host.AskAsync(s =>
            s.UpdateAsync(application.Id, new ApplicationInput { Label = "Meanwhile" }, null)
        );

        await browser.ClickAsync("#apply");

        browser.Errors.Single().ShouldContain("Somebody else changed");
        (await FindAsync(application)).SloEndpoints.Count.ShouldBe(1);
    }

    [Fact]
    [Trait("Rule", "S1-13")]
    public async Task Of_several_service_providers_the_applications_own_is_meant()
    {
        var application = await host.AddAsync(
            host.Input() with
            {
                SpEntityId = "https://two.example.test/sp",
            }
        );

        var browser = await host.BrowserAsync();
        await browser.OpenAsync($"/admin/applications/{application.Id}/metadata");
        browser.Choose("#MetadataFile", "several.xml", TestData.Bytes("several.xml"));
        await browser.ClickAsync("#show-difference");

        browser.Text("table").ShouldContain("https://two.example.test/acs");
    }

    [Fact]
    [Trait("Rule", "S1-13")]
    public async Task Of_several_others_one_is_chosen()
    {
        var application = await host.AddAsync();
        var browser = await host.BrowserAsync();
        await browser.OpenAsync($"/admin/applications/{application.Id}/metadata");
        browser.Choose("#MetadataFile", "several.xml", TestData.Bytes("several.xml"));
        await browser.ClickAsync("#show-difference");
        browser.Tick("input[name='Entity'][value='https://two.example.test/sp']");

        await browser.ClickAsync("#show-difference");

        browser.Text("#take-sp_entity_id-why").ShouldContain("https://two.example.test/sp");
    }

    /// <summary>An application that was brought up to date with its metadata once.</summary>
    private async Task<(Application, SpMetadata)> KnownAsync()
    {
        var application = await host.AddAsync();
        var published = SpMetadata.Of(application) with
        {
            Slo = [application.AcsEndpoints[0].Location + "/logout"],
            Signing = [s_old],
            Encryption = [s_old],
            SignsRequests = true,
            WantsSignedAssertions = true,
        };
        var browser = await OpenAsync(application, published);
        await browser.ClickAsync("#apply");
        return (application, published);
    }

    private SpMetadata Lowered(SpMetadata published, string change) =>
        change switch
        {
            "acs-host" => published with
            {
                Acs = [published.Acs[0], "https://evil.example.test/acs"],
            },
            "acs-http" => published with { Acs = [published.Acs[0], "http://localhost/acs"] },
            "slo-host" => published with { Slo = ["https://evil.example.test/logout"] },
            "signing-added" => published with { Signing = [s_old, s_new] },
            "signing-replaced" => published with { Signing = [s_new] },
            // Without a certificate nothing it says of signed requests counts, so that is another field.
            "signing-gone" => published with { Signing = [], SignsRequests = false },
            "encryption-gone" => published with { Encryption = [] },
            "encryption-replaced" => published with { Encryption = [s_new] },
            "signed-requests" => published with { SignsRequests = false },
            "signed-assertions" => published with { WantsSignedAssertions = false },
            _ => published with { EntityId = "urn:example:other" },
        };

    private static string Facts(Application application) =>
        string.Join(
            '\n',
            ApplicationChanges.Snapshot(application).Select(field => $"{field.Key}={field.Value}")
        );

    private async Task<AdminBrowser> OpenAsync(Application application, SpMetadata published)
    {
        var browser = await host.BrowserAsync();
        await browser.OpenAsync($"/admin/applications/{application.Id}/metadata");
        browser.Choose("#MetadataFile", "sp.xml", published.Bytes());
        await browser.ClickAsync("#show-difference");
        return browser;
    }

    private async Task<Application> FindAsync(Application application) =>
        (await host.AskAsync(s => s.FindAsync(application.Id)))!;

    private async Task<Event> EventAsync(Application application, string type)
    {
        await using var db = host.Open();
        return await db
            .Events.Where(e => e.ApplicationId == application.Id && e.Type == type)
            .OrderByDescending(e => e.Id)
            .FirstAsync(Ct);
    }
}
