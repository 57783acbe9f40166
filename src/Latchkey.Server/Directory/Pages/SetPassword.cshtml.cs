using Latchkey.Server.Directory.Accounts;
using Latchkey.Server.Problems;
using Latchkey.Server.SignIn.Passwords;
using Latchkey.Server.Storage;
using Latchkey.Web.Texts;
using Latchkey.Web.Toasts;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Directory.Pages;

/// <summary>
/// Where a mailed link leads. Opening it changes nothing, so that a scanner in front of a mailbox does no harm; only the form uses
/// the link up. It signs nobody in: what else a sign-in asks for, it asks for afterwards.
/// </summary>
[AllowAnonymous]
internal sealed class SetPasswordModel(
    AccountLinks links,
    UserPasswords passwords,
    PasswordPolicyService policies,
    LatchkeyDbContext database,
    ITexts texts
) : PageModel
{
    private const string Path = "/set-password";

    /// <summary>The link's secret.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Key { get; set; }

    /// <summary>The user name the link is for; null if it does not work any more.</summary>
    public string? Owner { get; private set; }

    /// <summary>What is asked of the owner's password.</summary>
    public PasswordRules Rules { get; private set; } = new();

    /// <summary>The language of whom the link in a request's address was mailed to: the page speaks as the mail did.</summary>
    public static async ValueTask<string?> LanguageOfOwnerAsync(HttpContext context)
    {
        var request = context.Request;
        if (!request.Path.Equals(Path, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }
        var services = context.RequestServices;
        var database = services.GetRequiredService<LatchkeyDbContext>();
        var link = await services
            .GetRequiredService<AccountLinks>()
            .FindAsync(database, request.Query["key"].ToString(), context.RequestAborted);
        return link is null
            ? null
            : await database
                .Users.Where(u => u.Id == link.UserId)
                .Select(u => u.Language)
                .SingleOrDefaultAsync(context.RequestAborted);
    }

    public Task OnGetAsync(CancellationToken cancellationToken) => FindAsync(cancellationToken);

    public async Task<IActionResult> OnPostAsync(
        string? password,
        string? again,
        CancellationToken cancellationToken
    )
    {
        ModelState.Clear();
        await FindAsync(cancellationToken);
        if (Owner is null)
        {
            return Page();
        }
        if (password != again)
        {
            ModelState.AddModelError("again", texts["setpassword.problem.differ"]);
            return Page();
        }
        var outcome = await passwords.SetByLinkAsync(
            Key ?? "",
            password ?? "",
            SignInOrigin.Shown(HttpContext.Connection.RemoteIpAddress),
            cancellationToken
        );
        if (!outcome.Ok)
        {
            if (outcome.Problems[0].Code == "link-over")
            {
                Owner = null;
                return Page();
            }
            foreach (var problem in outcome.Problems)
            {
                ModelState.AddModelError(problem.Where, texts.Say(problem));
            }
            return Page();
        }
        this.Toast(texts["setpassword.done"]);
        return Redirect("/sign-in");
    }

    private async Task FindAsync(CancellationToken cancellationToken)
    {
        var link = await links.FindAsync(database, Key, cancellationToken);
        Owner = link is null
            ? null
            : await database
                .Users.Where(u => u.Id == link.UserId && u.State == UserState.Activated)
                .Select(u => u.Username)
                .SingleOrDefaultAsync(cancellationToken);
        if (link is not null)
        {
            Rules = (await policies.OfAsync(link.UserId, cancellationToken)).Rules;
        }
    }
}
