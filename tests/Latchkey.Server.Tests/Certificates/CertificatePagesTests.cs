using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Latchkey.Server.Applications;
using Latchkey.Server.Certificates;
using Latchkey.Server.Roles;
using Latchkey.Server.Tests.Applications;
using Latchkey.Testing;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Tests.Certificates;

/// <summary>The pages of certificates, without JavaScript.</summary>
public sealed class CertificatePagesTests(SqliteIdentityProvider host)
    : IClassFixture<SqliteIdentityProvider>
{
    private const string List = "/admin/certificates";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Rule", "J-39")]
    [Trait("Rule", "J-42")]
    public async Task Flow_C_takes_three_clicks_across_the_overlap()
    {
        var made = await AddAsync();
        var browser = await host.BrowserAsync();
        await browser.OpenAsync(Search(made));

        await browser.ClickAsync($"#start-{made.Slug}");
        await browser.ClickAsync($"#switch-{made.Slug}");
        await browser.ClickAsync($"#retire-{made.Slug}");

        browser.Clicks.ShouldBe(3);
        browser.Errors.ShouldBeEmpty();
        await using var db = host.Open();
        db.ApplicationCertificates.Count(c => c.ApplicationId == made.Id).ShouldBe(1);
    }

    [Fact]
    public async Task A_switch_can_be_undone_from_the_list()
    {
        var made = await AddAsync();
        var before = await host.Queries.ActiveCertificateAsync(made.Id, Ct);
        var browser = await host.BrowserAsync();
        await browser.OpenAsync(Search(made));
        await browser.ClickAsync($"#start-{made.Slug}");
        await browser.ClickAsync($"#switch-{made.Slug}");

        await browser.ClickAsync($"#undo-{made.Slug}");

        (await host.Queries.ActiveCertificateAsync(made.Id, Ct))!.Id.ShouldBe(before!.Id);
    }

    [Fact]
    public async Task Several_are_started_and_switched_at_a_time_with_one_press_each()
    {
        var (first, second) = (await AddAsync("Several one"), await AddAsync("Several two"));
        var browser = await host.BrowserAsync();
        await browser.OpenAsync(List + "?q=several");
        browser.Tick($"#choose-{first.Slug}");
        browser.Tick($"#choose-{second.Slug}");
        await browser.ClickAsync("#start-chosen");
        browser.Tick("#All");
        var at = host.Clock.GetUtcNow().AddDays(2);
        browser.Type("#At", at.ToString("yyyy-MM-ddTHH:mm", CultureInfo.InvariantCulture));

        await browser.ClickAsync("#switch-chosen");

        browser.Errors.ShouldBeEmpty();
        foreach (var made in (Application[])[first, second])
        {
            (await SetAsync(made)).SwitchAt.ShouldBe(at);
        }
    }

    [Fact]
    public async Task Without_a_choice_the_page_says_so()
    {
        await AddAsync();
        var browser = await host.BrowserAsync();
        await browser.OpenAsync(List);

        await browser.ClickAsync("#switch-chosen");

        browser.Errors.Single().ShouldStartWith("No application is chosen");
    }

    [Fact]
    public async Task The_next_to_end_stands_first()
    {
        var late = await AddAsync("Order late");
        var early = await AddAsync("Order early");
        await using (var db = host.Open())
        {
            var sooner = host.Clock.GetUtcNow().AddYears(1);
            await db
                .ApplicationCertificates.Where(c => c.ApplicationId == early.Id)
                .ExecuteUpdateAsync(set => set.SetProperty(c => c.NotAfter, sooner), Ct);
        }
        var browser = await host.BrowserAsync();

        await browser.OpenAsync(List + "?q=order");

        browser
            .Page.QuerySelectorAll("tbody th a")
            .Select(e => e.TextContent.Trim())
            .ShouldBe([early.Label, late.Label]);
    }

    [Fact]
    public async Task Applications_of_the_same_name_are_told_apart_by_their_entity_ID()
    {
        var twins = new[] { await AddAsync("Twin"), await AddAsync("Twin") };
        var browser = await host.BrowserAsync();

        await browser.OpenAsync(List + "?q=twin");

        browser
            .Page.QuerySelectorAll("tbody th .lk-sub")
            .Select(e => e.TextContent.Trim())
            .ShouldBe(twins.Select(a => a.SpEntityId!), ignoreOrder: true);
        browser
            .Page.QuerySelectorAll("tbody input[type=checkbox]")
            .Select(e => e.GetAttribute("aria-label"))
            .Distinct()
            .Count()
            .ShouldBe(2);
    }

    [Theory]
    [InlineData(400, "lk-tag-ok")]
    [InlineData(30, "lk-tag-warn")]
    [InlineData(5, "lk-tag-bad")]
    [Trait("Rule", "J-40")]
    public async Task A_colour_and_the_date_say_how_long_a_certificate_is_valid(
        int days,
        string colour
    )
    {
        var made = await AddAsync();
        var end = host.Clock.GetUtcNow().AddDays(days).AddHours(1);
        await using (var db = host.Open())
        {
            await db
                .ApplicationCertificates.Where(c => c.ApplicationId == made.Id)
                .ExecuteUpdateAsync(set => set.SetProperty(c => c.NotAfter, end), Ct);
        }
        var browser = await host.BrowserAsync();

        await browser.OpenAsync($"/admin/applications/{made.Id}");

        browser.Find($"#needs .lk-tag.{colour}").TextContent.ShouldContain($"{days}");
        browser
            .Text("#needs")
            .ShouldContain(end.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Who_fetched_the_new_certificate_stands_in_the_table_and_who_did_not_is_to_be_sent_it()
    {
        var made = await AddAsync();
        var browser = await host.BrowserAsync();
        await browser.OpenAsync(Search(made));
        await browser.ClickAsync($"#start-{made.Slug}");
        browser.Text("tbody").ShouldContain("Copied by hand");
        browser.Find($"#send-{made.Slug}").ShouldNotBeNull();

        await host.ReadMetadataAsync(made, "203.0.113.9");
        await Wait.UntilAsync(
            async () =>
                (await host.Service<CertificateQueries>().FindAsync(made.Id, Ct))!.Reading
                    is not null,
            () => "the reading was not written down"
        );
        await browser.OpenAsync(Search(made));

        browser.Text("tbody").ShouldContain("Fetched the new one");
        browser.Text("tbody").ShouldContain("203.0.113.9");
    }

    [Fact]
    [Trait("Rule", "S0-15")]
    public async Task The_page_to_forward_holds_the_next_certificate_in_the_form_that_the_connector_wants()
    {
        var made = await AddAsync();
        var browser = await host.BrowserAsync();
        await browser.OpenAsync(Search(made));
        await browser.ClickAsync($"#start-{made.Slug}");
        var next = (await SetAsync(made)).Next!;

        await browser.ClickAsync($"#send-{made.Slug}");

        browser.Value("#new-certificate").Trim().ShouldBe(CertificateText.Pem(next.Certificate));
        browser.Value("#message").ShouldContain(CertificateText.Sha256(next.Certificate));
    }

    [Fact]
    public async Task A_key_that_the_applications_algorithm_does_not_fit_is_said_and_put_right_with_one_click()
    {
        var made = await AddAsync();
        var browser = await host.BrowserAsync();
        await browser.OpenAsync(Page(made));
        ((AngleSharp.Html.Dom.IHtmlSelectElement)browser.Find("#Input_Kind")).Value = "P256";
        await browser.ClickAsync("#start-rotation");
        browser.Text("#algorithm").ShouldContain("ecdsa-sha256");

        await browser.ClickAsync("#set-algorithm");

        browser.Page.QuerySelector("#algorithm").ShouldBeNull();
        await using var db = host.Open();
        db.Applications.Single(a => a.Id == made.Id)
            .SignatureAlgorithm.ShouldBe(Saml.Keys.SignatureAlgorithm.EcdsaSha256);
    }

    [Fact]
    [Trait("Rule", "S4-06")]
    [Trait("Rule", "J-38")]
    public async Task An_own_pair_becomes_the_next_one_and_no_page_shows_its_key()
    {
        var made = await AddAsync();
        using var key = RSA.Create(3072);
        var pem = Own(key);
        var browser = await host.BrowserAsync();
        await browser.OpenAsync(Page(made));
        browser.Choose("#Input_File", "own.pem", Encoding.ASCII.GetBytes(pem));

        await browser.ClickAsync("#add-own");

        browser.Errors.ShouldBeEmpty();
        var next = (await SetAsync(made)).Next!;
        CertificateFacts.Of(next).Bits.ShouldBe(3072);
        browser.Page.Source.Text.ShouldNotContain("PRIVATE KEY-");
        (await host.EventsOfAsync(made.Id)).ShouldAllBe(e => !e.Details.Contains("PRIVATE KEY-"));
        next.ProtectedPrivateKey.AsSpan()
            .IndexOf(key.ExportPkcs8PrivateKey().AsSpan(40, 64))
            .ShouldBe(-1);
    }

    [Fact]
    [Trait("Rule", "S4-01")]
    public async Task Before_the_activation_an_own_pair_is_the_one_that_signs()
    {
        var made = await host.AddAsync();
        using var key = RSA.Create(2048);
        var browser = await host.BrowserAsync();
        await browser.OpenAsync(Page(made));
        browser.Type("#Input_Pair", Own(key));

        await browser.ClickAsync("#add-own");
        await host.AskAsync(s => s.ActivateAsync(made.Id));

        var set = await SetAsync(made);
        set.Published.Count().ShouldBe(1);
        CertificateFacts.Of(set.Active!).Kind.ShouldBe("rsa");
        set.Active!.SignsFrom.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_pair_that_is_refused_leaves_nothing_behind()
    {
        var made = await AddAsync();
        var browser = await host.BrowserAsync();
        await browser.OpenAsync(Page(made));
        browser.Type("#Input_Pair", "nonsense");

        await browser.ClickAsync("#add-own");

        browser.Errors.Single().ShouldStartWith("No certificate can be read here");
        (await SetAsync(made)).Next.ShouldBeNull();
    }

    [Fact]
    [Trait("Rule", "I6")]
    public async Task A_private_key_that_was_pasted_with_a_mistake_is_not_sent_back()
    {
        var made = await AddAsync();
        using var key = RSA.Create(2048);
        var browser = await host.BrowserAsync();
        await browser.OpenAsync(Page(made));
        browser.Type("#Input_Pair", key.ExportPkcs8PrivateKeyPem());

        await browser.ClickAsync("#add-own");

        browser.Errors.ShouldNotBeEmpty();
        browser.Page.Source.Text.ShouldNotContain("PRIVATE KEY-");
    }

    [Theory]
    [InlineData("pem", "application/x-pem-file")]
    [InlineData("der", "application/pkix-cert")]
    [InlineData("txt", "text/plain")]
    [Trait("Rule", "J-39")]
    [Trait("Rule", "S2-23")]
    [Trait("Rule", "S2-24")]
    [Trait("Rule", "S2-28")]
    public async Task Every_certificate_can_be_downloaded_in_every_form(string form, string type)
    {
        var made = await AddAsync();
        var active = (await SetAsync(made)).Active!;
        var user = await host.AddUserAsync(u => u.Role = Role.Owner);
        var browser = await host.SignedInAsync(user);

        var page = await browser.OpenAsync($"{Page(made)}/{active.Id}.{form}");

        page.Status.ShouldBe(HttpStatusCode.OK);
        page.Headers["Content-Type"].ShouldBe(type);
        using var stranger = host.Stranger();
        (await stranger.GetAsync($"{Page(made)}/{active.Id}.{form}", Ct)).StatusCode.ShouldNotBe(
            HttpStatusCode.OK
        );
    }

    [Fact]
    public async Task The_technical_contact_is_kept_and_a_wrong_address_refused()
    {
        var made = await AddAsync();
        var browser = await host.BrowserAsync();
        await browser.OpenAsync(Page(made));
        browser.Type("#Input_TechnicalContact", "ops@example.test");
        await browser.ClickAsync("#save-contact");
        browser.Value("#Input_TechnicalContact").ShouldBe("ops@example.test");
        browser.Type("#Input_TechnicalContact", "nobody");

        await browser.ClickAsync("#save-contact");

        browser.Errors.Single().ShouldStartWith("No mail can go there");
    }

    [Fact]
    public async Task The_hand_over_page_that_was_shared_shows_the_next_certificate_too()
    {
        var made = await AddAsync();
        var browser = await host.BrowserAsync();
        await browser.OpenAsync(Search(made));
        await browser.ClickAsync($"#start-{made.Slug}");

        await browser.OpenAsync($"/admin/applications/{made.Id}/hand-over");

        browser
            .Value("#new-sha256")
            .ShouldBe(CertificateText.Sha256((await SetAsync(made)).Next!.Certificate));
    }

    private Task<Application> AddAsync(string? label = null)
    {
        var input = host.Input() with { Active = true };
        return host.AddAsync(label is null ? input : input with { Label = label });
    }

    private static string Search(Application made) => $"{List}?q={Uri.EscapeDataString(made.Slug)}";

    private static string Page(Application made) => $"/admin/applications/{made.Id}/certificates";

    private Task<CertificateSet> SetAsync(Application made) =>
        host.AskAsync<CertificateRotation, CertificateSet>(r => r.OfAsync(made.Id, Ct));

    private string Own(RSA key)
    {
        using var certificate = new CertificateRequest(
            "CN=own",
            key,
            HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1
        ).CreateSelfSigned(host.Clock.GetUtcNow().AddDays(-1), host.Clock.GetUtcNow().AddYears(1));
        return certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem();
    }
}
