using Latchkey.Server.Applications;
using Latchkey.Server.Directory;
using Latchkey.Server.Insights;
using Latchkey.Server.Tests.SignIn;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Tests.SingleLogout;

/// <summary>What tests of single logout do and look at.</summary>
internal static class LogoutSteps
{
    /// <summary>Lets the page send the browser on, as its Refresh header says.</summary>
    public static async Task<TestPage> WaitAsync(this TestBrowser browser, TestPage page)
    {
        page.Headers.Keys.ShouldContain("Refresh", page.Text);
        var address = page.Headers["Refresh"].Split("url=")[1];
        return await browser.OpenAsync(address, "same-origin");
    }

    /// <summary>Presses the button of the portal's sign-out page.</summary>
    public static async Task<TestPage> SignOutAsync(this TestBrowser browser)
    {
        var page = await browser.OpenAsync("/sign-out");
        return await browser.SubmitAsync(page);
    }

    /// <summary>What the page says of each application, in order.</summary>
    public static IReadOnlyList<string> States(this TestPage page) =>
        [
            .. page
                .Document.QuerySelectorAll("#participants li span:last-child")
                .Select(e => e.TextContent.Trim()),
        ];

    public static async Task<bool> IsSignedInAsync(this TestBrowser browser) =>
        (await browser.OpenAsync("/")).Address == "/";

    public static async Task<int> OpenSessionsAsync(this TestIdentityProvider server, User user)
    {
        await using var database = server.Open();
        return await database.Sessions.CountAsync(s => s.UserId == user.Id && s.EndedAt == null);
    }

    /// <summary>Makes the key that signs unusable, as if the key ring that protected it were gone.</summary>
    public static async Task BreakKeyAsync(
        this TestIdentityProvider server,
        Application application
    )
    {
        await using var database = server.Open();
        await database
            .ApplicationCertificates.Where(c => c.ApplicationId == application.Id)
            .ExecuteUpdateAsync(c => c.SetProperty(x => x.ProtectedPrivateKey, new byte[] { 1 }));
        await server.ChangeAsync(application, a => a.Version++);
    }

    public static async Task<IReadOnlyList<Event>> EventsAsync(
        this TestIdentityProvider server,
        Guid applicationId,
        string type
    ) => [.. (await server.EventsOfAsync(applicationId)).Where(e => e.Type == type)];
}
