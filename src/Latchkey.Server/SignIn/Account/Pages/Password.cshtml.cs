using Latchkey.Server.Problems;
using Latchkey.Server.SignIn.Passwords;
using Latchkey.Web.Texts;
using Latchkey.Web.Toasts;
using Microsoft.AspNetCore.Mvc;

namespace Latchkey.Server.SignIn.Account.Pages;

/// <summary>A new password, for whoever knows the present one.</summary>
internal sealed class PasswordModel(
    OwnPassword passwords,
    PasswordPolicyService policies,
    ITexts texts,
    FreshProof proof,
    TimeProvider time
) : AccountPage(proof, time)
{
    public PasswordRules Rules { get; private set; } = new();

    public async Task OnGetAsync() => Rules = (await policies.OfAsync(Me.Id, Ct)).Rules;

    public async Task<IActionResult> OnPostAsync(string? current, string? password)
    {
        var changed = await passwords.ChangeAsync(HttpContext, current ?? "", password ?? "");
        if (changed.Ok)
        {
            this.Toast(texts["security.password.changed"]);
            return SeeOther("/security");
        }
        foreach (var problem in changed.Problems)
            ModelState.AddModelError(problem.Where, texts.Say(problem));
        await OnGetAsync();
        return Page();
    }
}
