using Latchkey.Server.Directory;
using Latchkey.Server.Directory.Accounts;
using Latchkey.Server.Portal.Settings;
using Latchkey.Server.Tests.Applications;

namespace Latchkey.Server.Tests.Languages;

/// <summary>Which language a page is in: the user's own, then the browser's choice, the organisation's, and what the browser asks for.</summary>
public sealed class LanguageChoiceTests(SqliteIdentityProvider server)
    : IClassFixture<SqliteIdentityProvider>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("de", "de")]
    [InlineData("de-AT, en;q=0.9", "de")]
    [InlineData("DE", "de")]
    [InlineData("en;q=0.3, de;q=0.8", "de")]
    [InlineData("fr, de;q=0.2", "de")]
    [InlineData("en, de", "en")]
    [InlineData("de;q=0, en;q=0.1", "en")]
    [InlineData("fr", "en")]
    [InlineData("*", "en")]
    [InlineData("", "en")]
    [InlineData(";;,=q, -", "en")]
    public async Task The_browser_is_heard(string asked, string language)
    {
        using var client = server.Stranger();
        client.DefaultRequestHeaders.TryAddWithoutValidation("Accept-Language", asked);
        using var answer = await client.GetAsync("/sign-in", Ct);
        var page = await answer.Content.ReadAsStringAsync(Ct);
        page.ShouldContain($"<html lang=\"{language}\"");
        page.ShouldContain(language == "de" ? "Passwort vergessen?" : "Forgot your password?");
        answer.Content.Headers.ContentLanguage.ShouldBe([language]);
        answer.Headers.Vary.ShouldContain("Accept-Language");
    }

    [Fact]
    public async Task And_where_a_sign_in_to_an_application_ends()
    {
        using var client = server.Stranger();
        client.DefaultRequestHeaders.Add("Accept-Language", "de");
        using var answer = await client.GetAsync("/saml2/nothing-here", Ct);
        (await answer.Content.ReadAsStringAsync(Ct)).ShouldContain(
            "Unter dieser Adresse gibt es keine Anwendung"
        );
        answer.Content.Headers.ContentLanguage.ShouldBe(["de"]);
    }

    [Fact]
    public async Task A_user_who_chose_a_language_has_it_in_every_browser()
    {
        var user = await server.AddUserAsync(u => u.Language = "de");
        (await LanguageAsync(user, "en")).ShouldBe("de");
    }

    [Fact]
    public async Task A_language_that_is_not_there_is_as_good_as_none()
    {
        var user = await server.AddUserAsync(u => u.Language = "fr");
        (await LanguageAsync(user, "de")).ShouldBe("de");
    }

    [Fact]
    public async Task Users_choose_theirs_on_their_profile_and_take_it_back()
    {
        var user = await server.AddUserAsync();
        var browser = await server.BrowserAsync(user, "en");
        await browser.OpenAsync("/profile");
        browser.Type("#language", "de");
        await browser.ClickAsync("#save-language");
        (Language(browser), browser.Text(".lk-toast")).ShouldBe(
            ("de", "Ihre Sprache ist gespeichert.")
        );

        browser.Type("#language", "");
        await browser.ClickAsync("#save-language");
        Language(browser).ShouldBe("en");
    }

    [Fact]
    public async Task Before_anybody_signs_in_a_button_changes_the_language_of_the_browser()
    {
        var browser = new AdminBrowser(server.Handler(), "other=1");
        await browser.OpenAsync("/sign-in?return=%2Fprofile");
        await browser.ClickAsync("#language-de");
        (Language(browser), browser.Address).ShouldBe(("de", "/sign-in?return=%2Fprofile"));

        await browser.ClickAsync("#language-en");
        Language(browser).ShouldBe("en");
    }

    [Fact]
    public async Task A_mailed_link_opens_in_the_language_of_its_owner_unless_the_browser_chose_another()
    {
        var user = await server.AddUserAsync(u => u.Language = "de");
        await using var db = server.Open();
        var link = await server
            .Service<AccountLinks>()
            .CreateAsync(db, user, AccountLinkKind.Activation, Ct);
        await db.SaveChangesAsync(Ct);
        var browser = new AdminBrowser(server.Handler(), "other=1");
        await browser.OpenAsync(new Uri(link.Address).PathAndQuery);
        (Language(browser), browser.Text("h1")).ShouldBe(("de", "Passwort wählen"));

        browser.Type("[name=password]", "one thing");
        browser.Type("[name=again]", "another");
        await browser.ClickAsync("main form .btn-primary");
        Language(browser).ShouldBe("de");

        await browser.ClickAsync("#language-en");
        Language(browser).ShouldBe("en");
    }

    [Fact]
    public async Task The_default_password_policy_is_named_in_the_readers_language()
    {
        var admin = await server.AddUserAsync(u =>
            (u.Role, u.Language) = (Latchkey.Server.Roles.Role.Owner, "de")
        );
        var browser = await server.BrowserAsync(admin, "en");
        await browser.OpenAsync("/admin/settings/passwords");
        browser
            .Text($"#policy-{Latchkey.Server.SignIn.Passwords.PasswordPolicy.DefaultId}")
            .ShouldBe("Standard");
    }

    [Fact]
    public async Task The_organisations_language_counts_for_whoever_chose_none()
    {
        var user = await server.AddUserAsync();
        await UseAsync("de");
        (await LanguageAsync(user, "en")).ShouldBe("de");
        await UseAsync(null);
        (await LanguageAsync(user, "en")).ShouldBe("en");
    }

    [Fact]
    public async Task An_organisation_has_a_language_of_the_list()
    {
        var saved = await server.AskAsync<PortalSettingsService, Problems.Outcome<PortalSettings>>(
            settings => settings.SaveAsync(new PortalSettings { Language = "tlh" }, Ct)
        );
        saved.Problems.ShouldHaveSingleItem().Code.ShouldBe("language-unknown");
    }

    [Fact]
    public async Task A_user_has_any_language_but_no_nonsense()
    {
        var user = await server.AddUserAsync();
        var saved = await server.AskAsync<UserService, Problems.Outcome<User>>(users =>
            users.UpdateAsync(
                user.Id,
                UserInput.From(user) with
                {
                    Language = "German, please",
                },
                user.Version,
                Ct
            )
        );
        saved.Problems.ShouldHaveSingleItem().Code.ShouldBe("language-invalid");
    }

    [Theory]
    [InlineData("/api/v1/users")]
    [InlineData("/openapi/v1.json")]
    public async Task Programs_are_answered_in_English(string address)
    {
        using var client = server.Stranger();
        using var english = await client.GetAsync(address, Ct);
        client.DefaultRequestHeaders.Add("Accept-Language", "de");
        using var answer = await client.GetAsync(address, Ct);
        (await answer.Content.ReadAsStringAsync(Ct)).ShouldBe(
            await english.Content.ReadAsStringAsync(Ct)
        );
        answer.Content.Headers.ContentLanguage.ShouldBeEmpty();
    }

    private async Task UseAsync(string? language) =>
        (
            await server.AskAsync<PortalSettingsService, Problems.Outcome<PortalSettings>>(
                settings => settings.SaveAsync(new PortalSettings { Language = language }, Ct)
            )
        ).Problems.ShouldBeEmpty();

    private async Task<string?> LanguageAsync(User user, string asked)
    {
        var browser = await server.BrowserAsync(user, asked);
        await browser.OpenAsync("/");
        return Language(browser);
    }

    private static string? Language(AdminBrowser browser) =>
        browser.Page.DocumentElement.GetAttribute("lang");
}
