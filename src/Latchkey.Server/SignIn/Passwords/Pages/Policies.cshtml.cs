using Latchkey.Server.Directory;
using Latchkey.Server.Problems;
using Latchkey.Server.Storage;
using Latchkey.Web.Texts;
using Latchkey.Web.Toasts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.SignIn.Passwords.Pages;

/// <summary>All password policies in their order, and which of them counts for somebody.</summary>
internal sealed class PoliciesModel(
    PasswordPolicyService policies,
    LatchkeyDbContext database,
    ITexts texts
) : PageModel
{
    public IReadOnlyList<BoundPolicy> Policies { get; private set; } = [];

    /// <summary>Whom the preview is about: a user name or an e-mail address.</summary>
    [BindProperty(SupportsGet = true, Name = "user")]
    public string? Username { get; set; }

    public PolicyPreview? Preview { get; private set; }

    public async Task OnGetAsync()
    {
        var ct = HttpContext.RequestAborted;
        var all = await policies.ReadAsync(ct);
        Policies = [.. all.All];
        if (string.IsNullOrWhiteSpace(Username))
            return;
        var name = UserRules.Normalize(Username.Trim());
        var email = Username.Trim().ToLowerInvariant();
        var user = await database
            .Users.AsNoTracking()
            .Where(u => u.NormalizedUsername == name || u.Email == email)
            .OrderBy(u => u.NormalizedUsername == name ? 0 : 1)
            .FirstOrDefaultAsync(ct);
        if (user is null)
            return;
        var inForce = (await all.OfAsync(database, [user.Id], ct))[user.Id];
        Preview = new(user, inForce, PasswordExpiry.At(user, inForce.Rules));
    }

    public async Task<IActionResult> OnPostMoveAsync(Guid id, bool up)
    {
        var moved = await policies.MoveAsync(id, up, HttpContext.RequestAborted);
        if (moved.Ok)
        {
            this.Toast(texts["policies.moved", moved.Value.Name]);
            return Redirect("/admin/settings/passwords");
        }
        this.AddProblems(moved.Problems.Select(p => p with { Where = "" }));
        await OnGetAsync();
        return Page();
    }
}

/// <param name="Ends">When the password has to be changed; null for never.</param>
internal sealed record PolicyPreview(User User, PolicyInForce InForce, DateTimeOffset? Ends);
