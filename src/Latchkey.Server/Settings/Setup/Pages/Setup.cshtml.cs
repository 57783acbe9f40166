using Latchkey.Server.Directory;
using Latchkey.Server.Problems;
using Latchkey.Server.SignIn;
using Latchkey.Server.SignIn.Passwords;
using Latchkey.Web.Texts;
using Latchkey.Web.Toasts;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Latchkey.Server.Settings.Setup.Pages;

/// <summary>The first page of a new installation: the code from the console, and who the first administrator is.</summary>
[AllowAnonymous]
internal sealed class SetupModel(
    SetupService setup,
    SessionService sessions,
    SignInCookies cookies,
    ServerOptions options,
    ITexts texts
) : PageModel
{
    [BindProperty]
    public SetupInput Input { get; set; } = new();

    /// <summary>Where the code is, as far as a stranger may know: the file's name, not its folder.</summary>
    public string CodeFile => SetupCode.FileName;

    public PasswordRules Rules { get; } = new();

    public async Task<IActionResult> OnGetAsync() =>
        await setup.IsOpenAsync(HttpContext.RequestAborted) ? Page() : Redirect("/admin");

    public async Task<IActionResult> OnPostAsync()
    {
        var created = await setup.CompleteAsync(
            Input.Code ?? "",
            new UserInput
            {
                Username = Input.Username?.Trim() ?? "",
                Email = Input.Email?.Trim() ?? "",
                Password = Input.Password ?? "",
            },
            HttpContext.Connection.RemoteIpAddress?.ToString() ?? "",
            HttpContext.RequestAborted
        );
        if (!created.Ok)
        {
            if (created.Problems.Any(p => p.Code == "setup-done"))
            {
                return Redirect("/admin");
            }
            this.AddProblems(created.Problems);
            return Page();
        }
        var agent = Request.Headers.UserAgent.ToString();
        var session = await sessions.StartAsync(
            created.Value,
            AuthnMethods.Password,
            HttpContext.Connection.RemoteIpAddress?.ToString(),
            agent.Length > 512 ? agent[..512] : agent,
            CancellationToken.None
        );
        cookies.WriteSession(HttpContext, session.Cookie);
        this.Toast(texts["setup.done", options.PublicUrl.Host]);
        return Redirect("/admin");
    }
}

/// <summary>The form's fields.</summary>
internal sealed class SetupInput
{
    public string? Code { get; set; }
    public string? Username { get; set; }
    public string? Email { get; set; }
    public string? Password { get; set; }
}
