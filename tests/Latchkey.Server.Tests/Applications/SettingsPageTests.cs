using AngleSharp.Html.Dom;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Protocol;
using Latchkey.Server.Applications;

namespace Latchkey.Server.Tests.Applications;

/// <summary>The settings that a newcomer does not need, and what fields say of themselves; without JavaScript.</summary>
public sealed class SettingsPageTests(SqliteIdentityProvider host)
    : IClassFixture<SqliteIdentityProvider>
{
    [Fact]
    [Trait("Rule", "J-25")]
    [Trait("Rule", "S1-09")]
    public async Task Times_context_and_failures_are_set_on_the_page()
    {
        var (made, browser) = await OpenAsync();
        browser.Type("#Form_ClockSkew", "60");
        browser.Type("#Form_AssertionLifetime", "120");
        browser.Type("#Form_SessionEnd", "custom");
        browser.Type("#Form_SessionMinutes", "30");
        browser.Type("#Form_Context", AuthnContextClasses.Unspecified);
        browser.Tick("#Form_AnswerFailures");
        await browser.ClickAsync("#add-context");
        browser.Type("#Form_Contexts_0__Method", "otp");
        browser.Type("#Form_Contexts_0__ClassRef", "urn:example:otp");

        await browser.ClickAsync("#save");

        var stored = await StoredAsync(made);
        (stored.ClockSkewSeconds, stored.AssertionLifetimeSeconds).ShouldBe((60, 120));
        stored.SessionLifetimeMinutes.ShouldBe(30);
        stored.AuthnContext.Always.ShouldBe(AuthnContextClasses.Unspecified);
        stored.AuthnContext.Mappings.ShouldBe([new("otp", "urn:example:otp")]);
        stored.AnswerFailures.ShouldBeTrue();
    }

    [Fact]
    [Trait("Rule", "S1-15")]
    public async Task Every_setting_is_explained_beside_it()
    {
        var (_, browser) = await OpenAsync();
        // What is searched for or typed in once is no setting; rows are explained above them.
        string[] others = ["Form_MetadataText", "Form_UserSearch", "Form_ContextCustom"];
        browser
            .Page.QuerySelectorAll("#application-form .lk-field [id^='Form_']")
            .Where(e => e is IHtmlInputElement or IHtmlSelectElement or IHtmlTextAreaElement)
            .Select(e => e.Id!)
            .Where(id => !id.Any(char.IsAsciiDigit) && !others.Contains(id, StringComparer.Ordinal))
            .Where(id => browser.Page.GetElementById(id + "-hint") is null)
            .ShouldBeEmpty();
    }

    [Fact]
    [Trait("Rule", "J-30")]
    public async Task Logout_addresses_are_set_and_emptied_on_the_page()
    {
        var (made, browser) = await OpenAsync();
        browser.Type("#Form_Slo_0__Binding", "post");
        browser.Type("#Form_Slo_0__Location", "https://app.example.test/slo");
        browser.Type("#Form_Slo_0__ResponseLocation", "https://app.example.test/slo/done");
        await browser.ClickAsync("#save");
        (await StoredAsync(made)).SloEndpoints.ShouldBe([
            new(
                SamlBindings.Post,
                "https://app.example.test/slo",
                "https://app.example.test/slo/done"
            ),
        ]);

        browser.Type("#Form_Slo_1__Location", "https://app.example.test/soap");
        browser.Type("#Form_Slo_1__Binding", "soap");
        browser.Type("#Form_Slo_0__Location", "");
        browser.Type("#Form_Slo_0__ResponseLocation", "");
        await browser.ClickAsync("#save");
        (await StoredAsync(made)).SloEndpoints.ShouldBe([
            new(SamlBindings.Soap, "https://app.example.test/soap", null),
        ]);
    }

    [Fact]
    [Trait("Rule", "J-30")]
    public async Task A_logout_address_that_is_none_is_refused_beside_its_field()
    {
        var (made, browser) = await OpenAsync();
        browser.Type("#Form_Slo_0__Location", "app.example.test/slo");

        await browser.ClickAsync("#save");

        browser.Text("#Form_Slo_0__Location-error").ShouldNotBeEmpty();
        (await StoredAsync(made)).SloEndpoints.ShouldBeEmpty();
    }

    [Fact]
    [Trait("Rule", "J-03")]
    public async Task The_tile_is_set_on_the_page()
    {
        var (made, browser) = await OpenAsync();
        browser.Type("#Form_Description", "Where we write.");
        browser.Type("#Form_Color", "plum");
        browser.Type("#Form_Categories", "Work, Writing ,work");
        browser.Tick("#Form_Hidden");

        await browser.ClickAsync("#save");

        var stored = await StoredAsync(made);
        (stored.Description, stored.Color, stored.Hidden).ShouldBe(
            ("Where we write.", "plum", true)
        );
        stored.Categories.ShouldBe(["Work", "Writing"]);
    }

    [Fact]
    public async Task A_number_that_is_none_is_refused_beside_its_field()
    {
        var (made, browser) = await OpenAsync();
        browser.Type("#Form_ClockSkew", "a few");

        await browser.ClickAsync("#save");

        browser.Text("#Form_ClockSkew-error").ShouldContain("no whole number");
        (await StoredAsync(made)).ClockSkewSeconds.ShouldBe(180);
    }

    [Fact]
    public async Task A_time_out_of_bounds_is_refused_beside_its_field()
    {
        var (_, browser) = await OpenAsync();
        browser.Type("#Form_AssertionLifetime", "5");

        await browser.ClickAsync("#save");

        browser.Text("#Form_AssertionLifetime-error").ShouldContain("30 to 3600");
    }

    [Fact]
    [Trait("Rule", "S1-33")]
    public async Task An_expression_shows_what_it_makes_of_a_person()
    {
        await host.AddUserAsync(u =>
            (u.Username, u.NormalizedUsername) = ("MaxMuster", "MAXMUSTER")
        );
        var (_, browser) = await OpenAsync(
            new("login", AttributeKind.Expression, "lower(username) + \"@corp\""),
            new("none", AttributeKind.User, "department")
        );
        browser.Type("#Form_Sample", "MaxMuster");

        await browser.ClickAsync("#try-sample");

        browser.Text("#check-attribute-0").ShouldBe("For MaxMuster: maxmuster@corp");
        browser.Text("#check-attribute-1").ShouldBe("MaxMuster has nothing here: it is left out.");
    }

    [Fact]
    public async Task An_attribute_that_is_there_twice_says_so_while_it_is_typed()
    {
        var (_, browser) = await OpenAsync(
            new("mail", AttributeKind.User, "email"),
            new("mail2", AttributeKind.User, "email")
        );
        browser.Type("#Form_Attributes_1__Name", "mail");

        await browser.ClickAsync("#try-sample");

        browser.Text("#check-attribute-1").ShouldContain("There is an attribute “mail” already");
        browser.Text("#check-attribute-0").ShouldStartWith("For ");
    }

    [Fact]
    public async Task An_expression_that_cannot_be_read_says_where()
    {
        var (_, browser) = await OpenAsync(new AttributeMapping("x", AttributeKind.Constant, "1"));
        browser.Type("#Form_Attributes_0__Source", "expression");
        browser.Type("#Form_Attributes_0__Value", "lower(");

        await browser.ClickAsync("#try-sample");

        browser.Text("#check-attribute-0").ShouldStartWith("Column 6");
    }

    [Fact]
    public async Task Trying_an_expression_makes_no_pseudonym()
    {
        var (made, browser) = await OpenAsync(
            new AttributeMapping("id", AttributeKind.Expression, "pseudonym()")
        );

        await browser.ClickAsync("#try-sample");

        browser.Text("#check-attribute-0").ShouldContain("has nothing here");
        await using var db = host.Open();
        db.PersistentNameIds.ShouldNotContain(p => p.SpEntityId == made.SpEntityId);
    }

    [Fact]
    [Trait("Rule", "K-03")]
    public async Task A_shared_entity_ID_is_told_and_allowed()
    {
        var other = await host.AddAsync();
        var (_, browser) = await OpenAsync();
        browser.Type("#Form_SpEntityId", other.SpEntityId);

        await CheckAsync(browser, "check");

        browser.Text("#check-sp").ShouldContain(other.Label);
    }

    [Fact]
    public async Task An_address_of_this_machine_says_who_can_use_it()
    {
        var (_, browser) = await OpenAsync();
        browser.Type("#Form_Acs_0__Url", "http://127.0.0.1:35001/acs");

        await CheckAsync(browser, "check-acs:0");

        browser.Text("#check-acs-0").ShouldContain("on the same machine only");
    }

    [Fact]
    [Trait("Rule", "J-28")]
    public async Task A_certificate_shows_its_key_and_its_end()
    {
        using var key = SigningKey.Create(
            "decrypts",
            new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero),
            new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)
        );
        var (_, browser) = await OpenAsync();
        browser.Type("#Form_EncryptionCertificates", key.Certificate.ExportCertificatePem());

        await CheckAsync(browser, "check");

        browser.Text("#check-encryption").ShouldContain("RSA 2048");
        browser.Text("#check-encryption").ShouldContain("ended 2026-01-01");
        browser.Text("#check-encryption").ShouldContain("encryption is off");
    }

    [Fact]
    public async Task A_form_that_was_hardly_begun_is_checked_too()
    {
        var browser = await host.BrowserAsync();
        await browser.OpenAsync("/admin/applications/new");
        await browser.ClickAsync("#add-attribute");
        browser.Type("#Form_Label", "Begun");

        await CheckAsync(browser, "check");

        browser.Status.ShouldBe(System.Net.HttpStatusCode.OK);
        browser.Value("#Form_IdpEntityId").ShouldEndWith("/saml2/begun");
    }

    [Fact]
    public async Task A_text_that_is_no_certificate_says_so()
    {
        var (_, browser) = await OpenAsync();
        browser.Type("#Form_SigningCertificates", "hello");

        await CheckAsync(browser, "check");

        browser.Text("#check-signing").ShouldContain("This is not a certificate");
    }

    [Fact]
    [Trait("Rule", "J-27")]
    public async Task Metadata_that_publishes_a_key_switches_encryption_on_and_its_demands_are_kept()
    {
        var browser = await host.BrowserAsync();
        await browser.OpenAsync("/admin/applications/new");
        browser.Choose("#Form_MetadataFile", "sp.xml", TestData.Bytes("everything.xml"));
        await browser.ClickAsync("#read");
        browser.Type("#Form_Slug", "demands");
        browser.Type("#Form_IdpEntityId", "");

        await browser.ClickAsync("#save");

        var made = (await host.AskAsync(s => s.FindBySlugAsync("demands")))!;
        var told = host.Service<MetadataImport>()
            .Read(TestData.Bytes("everything.xml"))
            .Value!.ServiceProviders[0];
        made.WantAssertionsSigned.ShouldBe(told.WantAssertionsSigned);
        made.RequiredAttributes.ShouldBe(told.RequiredAttributes);
        made.EncryptAssertions.ShouldBe(told.EncryptionCertificates.Count > 0);
    }

    private async Task<(Application Made, AdminBrowser Browser)> OpenAsync(
        params AttributeMapping[] attributes
    )
    {
        var made = await host.AddAsync(host.Input() with { Attributes = attributes });
        var browser = await host.BrowserAsync();
        await browser.OpenAsync($"/admin/applications/{made.Id}");
        return (made, browser);
    }

    private async Task<Application> StoredAsync(Application made) =>
        (await host.AskAsync(s => s.FindAsync(made.Id)))!;

    /// <summary>What a script asks while somebody types.</summary>
    private static Task CheckAsync(AdminBrowser browser, string command)
    {
        ((IHtmlButtonElement)browser.Find("#save")).Value = command;
        return browser.ClickAsync("#save");
    }
}
