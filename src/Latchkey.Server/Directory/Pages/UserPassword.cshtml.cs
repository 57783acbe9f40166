using Latchkey.Server.Problems;
using Latchkey.Server.SignIn.Passwords;
using Latchkey.Web.Texts;
using Latchkey.Web.Toasts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Latchkey.Server.Directory.Pages;

/// <summary>Sets a user's password: one made for them and shown once, or one typed.</summary>
internal sealed class UserPasswordModel(
    UserService users,
    UserPasswords passwords,
    PasswordPolicyService policies,
    ITexts texts
) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    [BindProperty]
    public PasswordForm Input { get; set; } = new();

    public User Found { get; private set; } = null!;

    /// <summary>What is asked of this user's password.</summary>
    public PasswordRules Rules { get; private set; } = new();

    public IEnumerable<SelectListItem> Choices =>
        [
            new(texts["user.password.generate"], "generate"),
            new(texts["user.password.type"], "type"),
        ];

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        if (await users.FindAsync(Id, cancellationToken) is not { } found)
        {
            return NotFound();
        }
        Found = found;
        Rules = (await policies.OfAsync(Id, cancellationToken)).Rules;
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        ModelState.Clear();
        var generated = Input.PasswordChoice == "generate";
        var outcome = await passwords.SetAsync(
            Id,
            generated ? null : Input.Password ?? "",
            Input.MustChange,
            cancellationToken
        );
        if (!outcome.Ok)
        {
            this.AddProblems(outcome.Problems);
            return await OnGetAsync(cancellationToken);
        }
        if (generated)
        {
            TempData[GeneratedPassword.Key] = outcome.Value.Password;
        }
        this.Toast(texts["user.password.done"]);
        return Redirect($"/admin/users/{Id}");
    }

    /// <summary>The form.</summary>
    public sealed class PasswordForm
    {
        public string PasswordChoice { get; set; } = "generate";
        public string? Password { get; set; }

        /// <summary>Whether it has to be changed at the next sign-in.</summary>
        public bool MustChange { get; set; }
    }
}
