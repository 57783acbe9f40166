using Latchkey.Testing;
using Latchkey.Testing.Browsers;
using Microsoft.Playwright;

namespace Latchkey.Browser.Tests.Flows;

/// <summary>
/// The first hour with Latchkey, from the setup code to a failed sign-in explained: the whole of it in every look, so also
/// without scripts. One story instead of many tests, because each step stands on the one before.
/// </summary>
public sealed class From_an_empty_installation(Chromium chromium)
{
    private const string Password = "a long enough passphrase";

    [Theory]
    [InlineData(Look.Dark, Engine.PostgreSql)]
    [InlineData(Look.Phone, Engine.Sqlite)]
    [InlineData(Look.WithoutScripts, Engine.Sqlite)]
    public async Task To_a_user_in_an_application_and_a_refusal_explained(Look look, Engine engine)
    {
        await using var server = await ServerProcess.StartAsync(
            new ServerSetup { Engine = engine }
        );
        await using var walk = await Walk.StartAsync(chromium, server, look);

        await CreateFirstAdministratorAsync(walk, server);
        await CreateGroupAsync(walk, "Engineering");
        await CreateUserAsync(walk, "ada", "Ada", "Lovelace", "Engineering");
        await CreateUserAsync(walk, "bob", "Bob", "Base", group: null);
        var clicks = await AddApplicationAsync(walk, "Engineering");
        // A phone's menu has to be opened first; without scripts the metadata is shown before it is saved.
        clicks.ShouldBeLessThanOrEqualTo(look is Look.Phone or Look.WithoutScripts ? 5 : 4);

        await using var ada = await Walk.StartAsync(chromium, server, look);
        await OpenApplicationFromPortalAsync(ada);
        await using var bob = await Walk.StartAsync(chromium, server, look);
        var code = await BeRefusedAsync(bob);

        await FindReasonAsync(walk, code);

        walk.Findings.Concat(ada.Findings).Concat(bob.Findings).ShouldBeEmpty();
    }

    private static async Task CreateFirstAdministratorAsync(Walk walk, ServerProcess server)
    {
        await walk.GoAsync("/admin");
        new Uri(walk.Page.Url).AbsolutePath.ShouldBe("/setup");
        await walk.FillAsync("code", server.SetupCode);
        await walk.FillAsync("username", "root");
        await walk.FillAsync("email", "root@example.test");
        await walk.FillAsync("password", Password);
        await walk.SubmitAsync();
        await walk.ExamineAsync();
        new Uri(walk.Page.Url).AbsolutePath.ShouldStartWith("/admin");
    }

    private static async Task CreateGroupAsync(Walk walk, string name)
    {
        await walk.GoAsync("/admin/groups");
        await walk.ClickAsync(walk.Page.Locator("main a[href='/admin/groups/new']").First);
        await walk.ExamineAsync();
        await walk.FillAsync("name", name);
        await walk.SubmitAsync();
        await walk.ExamineAsync();
        await ShowsToastAsync(walk);
    }

    private static async Task CreateUserAsync(
        Walk walk,
        string username,
        string first,
        string last,
        string? group
    )
    {
        await walk.GoAsync("/admin/users");
        await walk.ClickAsync(walk.Page.Locator("main a[href='/admin/users/new']").First);
        await walk.ExamineAsync();
        await walk.FillAsync("username", username);
        await walk.FillAsync("email", username + "@example.test");
        await walk.FillAsync("firstname", first);
        await walk.FillAsync("lastname", last);
        await walk.Page.Locator("main input[type=radio][value=type]").CheckAsync();
        await walk.FillAsync("password", Password);
        if (group is not null)
            await walk.Page.GetByLabel(group, new() { Exact = true }).CheckAsync();
        await walk.SubmitAsync();
        await walk.ExamineAsync();
        await ShowsToastAsync(walk);
    }

    /// <summary>Flow A: four clicks, one input, one tick.</summary>
    private static async Task<int> AddApplicationAsync(Walk walk, string group)
    {
        await walk.GoAsync("/admin");
        walk.CountFromHere();
        var link = walk.Page.Locator("nav a[href='/admin/applications']");
        if (!await link.IsVisibleAsync())
            await walk.ClickAsync(walk.Page.Locator(".lk-nav-toggle summary"));
        await walk.ClickAsync(link);
        await walk.ExamineAsync();
        await walk.ClickAsync(walk.Page.Locator("#add-application, #add-application-here").First);
        await walk.ExamineAsync();
        await walk.ClickAsync(walk.Page.Locator("#custom"));
        await walk.ExamineAsync();
        await walk
            .Page.Locator("main input[type=file]")
            .SetInputFilesAsync(House.ServiceProviderMetadata);
        // With scripts the file is read at once; without, when the form is sent.
        if (walk.HasScripts)
            await walk.Page.Locator("#read-result").WaitForAsync();
        await walk.Page.GetByLabel(group, new() { Exact = true }).CheckAsync();
        await walk.ClickAsync(walk.Page.Locator("#save-activate"));
        if (!walk.HasScripts)
        {
            await walk.Page.Locator("#read-result").WaitForAsync();
            await walk.ClickAsync(walk.Page.Locator("#save-activate"));
        }
        await walk.Page.Locator("#metadata-address").WaitForAsync();
        await walk.ExamineAsync();
        await ShowsToastAsync(walk);
        await Assertions
            .Expect(walk.Page.Locator("main input[readonly][value$='/metadata']"))
            .ToHaveCountAsync(1);
        return walk.Clicks;
    }

    private static async Task OpenApplicationFromPortalAsync(Walk walk)
    {
        await ApplicationStandsInAsync(walk);
        await walk.GoAsync("/");
        await walk.SignInAsync("ada", Password);
        await walk.ExamineAsync();
        await walk.Page.Locator("main .lk-tile").ClickAsync();
        if (
            await walk
                .Page.Locator("form[action='https://wiki.example.test/saml/acs'] button")
                .IsVisibleAsync()
        )
            await walk
                .Page.Locator("form[action='https://wiki.example.test/saml/acs'] button")
                .ClickAsync();
        await Assertions.Expect(walk.Page.Locator("h1")).ToHaveTextAsync("The wiki got a Response");
    }

    private static async Task<string> BeRefusedAsync(Walk walk)
    {
        await ApplicationStandsInAsync(walk);
        await walk.GoAsync("/");
        await walk.SignInAsync("bob", Password);
        await walk.ExamineAsync();
        // There is no tile; the address may have come by mail.
        await walk.GoAsync("/saml2/wiki-of-the-tests");
        return (await walk.Page.Locator("#reference-code").InnerTextAsync()).Trim();
    }

    /// <summary>Flow D: paste the code, press Enter.</summary>
    private static async Task FindReasonAsync(Walk walk, string code)
    {
        await walk.GoAsync("/admin");
        var search = walk.Page.Locator(
            "header input[type=search], .lk-top-search input[type=search]"
        );
        await search.FillAsync(code);
        await search.PressAsync("Enter");
        await Assertions.Expect(walk.Page.Locator("main")).ToContainTextAsync(code);
        await walk.ExamineAsync();
        await Assertions.Expect(walk.Page.Locator("main")).ToContainTextAsync("bob");
    }

    private static async Task ShowsToastAsync(Walk walk) =>
        await Assertions.Expect(walk.Page.Locator("#toasts .lk-toast")).ToHaveCountAsync(1);

    /// <summary>The application's side of the exchange; that a real one understands it is the Interop tests' matter.</summary>
    private static Task ApplicationStandsInAsync(Walk walk) =>
        walk.Visit.Context.RouteAsync(
            "https://wiki.example.test/**",
            route =>
                route.FulfillAsync(
                    new()
                    {
                        ContentType = "text/html",
                        Body =
                            route.Request.PostData?.Contains(
                                "SAMLResponse=",
                                StringComparison.Ordinal
                            ) == true
                                ? "<!doctype html><html lang=en><title>in</title><h1>The wiki got a Response</h1>"
                                : "<!doctype html><html lang=en><title>?</title><h1>No Response</h1>",
                    }
                )
        );
}
