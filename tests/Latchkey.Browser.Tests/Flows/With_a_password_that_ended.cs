using Latchkey.Testing.Browsers;
using Microsoft.Playwright;

namespace Latchkey.Browser.Tests.Flows;

/// <summary>A password that has to be changed, from the administrator's tick to the application (J-69).</summary>
public sealed class With_a_password_that_ended(House house, Chromium chromium)
{
    private const string Consumer = "https://wiki.example.test/saml/acs";

    [Theory]
    [InlineData(Look.Phone, "seven umbrellas in june")]
    [InlineData(Look.WithoutScripts, "eleven kites in march")]
    public async Task It_is_changed_on_the_way_to_the_application(Look look, string chosen)
    {
        // Passwords that were had do not come again.
        var given = $"given by telephone {look}";
        await using var admin = await house.SignedInAsync(chromium, "root", look);
        await admin.Page.GotoAsync("/admin/users?q=joan");
        await admin
            .Page.Locator("main table")
            .GetByRole(AriaRole.Link, new() { Name = "Joan" })
            .ClickAsync();
        await admin.Page.Locator("a[href$='/password']").First.ClickAsync();
        await admin.Page.Locator("main input[type=radio][value=type]").CheckAsync();
        await admin.FillAsync("password", given);
        await admin.Field("mustchange").CheckAsync();
        await admin.SubmitAsync();

        await using var joan = await Walk.StartAsync(chromium, house.Server, look);
        await joan.Visit.Context.RouteAsync(
            Consumer,
            route => route.FulfillAsync(new() { ContentType = "text/html", Body = "<p>there" })
        );
        await joan.Page.GotoAsync("/saml2/wiki");
        await joan.FillAsync("username", "joan");
        await joan.FillAsync("password", given);
        await joan.SubmitAsync();
        await joan.ExamineAsync();
        await joan.FillAsync("password", "short");
        await joan.FillAsync("again", "short");
        await joan.SubmitAsync();
        await joan.ExamineAsync();
        await joan.FillAsync("password", chosen);
        await joan.FillAsync("again", chosen);
        await joan.Page.Locator("main form button.btn-primary").Last.ClickAsync();
        if (!joan.HasScripts)
            await joan.Page.Locator($"form[action='{Consumer}'] button").ClickAsync();
        await joan.Page.WaitForURLAsync(Consumer);
        admin.Findings.Concat(joan.Findings).ShouldBeEmpty();
    }
}
