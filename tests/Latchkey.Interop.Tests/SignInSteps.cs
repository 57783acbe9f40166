using System.Text.RegularExpressions;
using Latchkey.Testing.Browsers;

namespace Latchkey.Interop.Tests;

/// <summary>What a person does at the identity provider's pages.</summary>
internal static partial class SignInSteps
{
    public const string NotAuthorized = "You are not authorized to access this application";

    /// <summary>Fills the sign-in page that the browser shows, or comes to, and sends it.</summary>
    public static async Task SignInAsync(
        this Visit visit,
        string username = "ada",
        string password = Organisation.Password
    )
    {
        var name = visit.Page.Locator("input[name=username]");
        var secret = visit.Page.Locator("input[name=password]");
        await secret.WaitForAsync();
        // Asked again, a person is known already and only proves it.
        if (await name.IsVisibleAsync() && await name.IsEditableAsync())
            await name.FillAsync(username);
        await secret.FillAsync(password);
        await secret.PressAsync("Enter");
    }

    /// <summary>The eight characters that a refusal shows.</summary>
    public static async Task<string> ReferenceCodeAsync(this Visit visit)
    {
        var text = await visit.ReadAsync();
        var code = ReferenceCode().Match(text);
        code.Success.ShouldBeTrue(text);
        return code.Value;
    }

    [GeneratedRegex("(?<![A-Za-z0-9])[A-HJKMNP-Z2-9]{8}(?![A-Za-z0-9])", RegexOptions.None, 1000)]
    private static partial Regex ReferenceCode();
}
