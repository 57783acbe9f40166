using Latchkey.Server.Directory;
using Latchkey.Server.Problems;
using Latchkey.Server.Roles;
using Latchkey.Server.SignIn.Factors;
using Latchkey.Server.Storage;
using Latchkey.Web.Texts;
using Latchkey.Web.Toasts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.SignIn.Rules.Pages;

/// <summary>An administrator looks at one user's factors and helps: takes them away, lets the user in without for a while, asks for one (J-75, J-76).</summary>
internal sealed class UserFactorsModel(
    LatchkeyDbContext database,
    FactorSetup setup,
    PasskeyService passkeys,
    Acting acting,
    ITexts texts,
    TimeProvider time
) : PageModel
{
    public User Subject { get; private set; } = null!;

    public UserFactors Factors { get; private set; } = new(false, 0, 0);

    public IReadOnlyList<Passkey> Passkeys { get; private set; } = [];

    public Authenticator? Authenticator { get; private set; }

    public FactorStanding? Standing { get; private set; }

    public Enrolment Enrolment { get; private set; } = null!;

    [BindProperty]
    public bool Required { get; set; }

    /// <summary>For how many days from now; 0 for not at all.</summary>
    [BindProperty]
    public int ExcludedDays { get; set; }

    public DateTimeOffset Now => time.GetUtcNow();

    public async Task<IActionResult> OnGetAsync(Guid id)
    {
        if (!await LoadAsync(id))
            return NotFound();
        Required = Standing?.Required == true;
        ExcludedDays =
            Standing?.ExcludedUntil is { } until && until > Now
                ? (int)Math.Ceiling((until - Now).TotalDays)
                : 0;
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(Guid id)
    {
        if (!await LoadAsync(id))
            return NotFound();
        if (ExcludedDays is < 0 or > FactorSetup.LongestExclusion)
        {
            ModelState.AddModelError(
                nameof(ExcludedDays),
                texts["rules.user.excluded.out-of-range", FactorSetup.LongestExclusion]
            );
            return Page();
        }
        var refusal = await setup.SetStandingAsync(
            Subject,
            Required,
            ExcludedDays == 0 ? null : Now.AddDays(ExcludedDays),
            HttpContext.RequestAborted
        );
        if (refusal is not null)
        {
            this.AddProblems([refusal]);
            return Page();
        }
        this.Toast(texts["rules.user.saved"]);
        return Redirect(Request.Path);
    }

    public async Task<IActionResult> OnPostResetAsync(Guid id)
    {
        if (!await LoadAsync(id))
            return NotFound();
        if (await setup.ResetAsync(Subject, HttpContext.RequestAborted) is { } refusal)
        {
            this.AddProblems([refusal]);
            return Page();
        }
        this.Toast(texts["rules.user.reset.done", Subject.Username]);
        return Redirect(Request.Path);
    }

    private async Task<bool> LoadAsync(Guid id)
    {
        var ct = HttpContext.RequestAborted;
        var user = await database.Users.AsNoTracking().SingleOrDefaultAsync(u => u.Id == id, ct);
        if (user is null)
            return false;
        Subject = user;
        ViewData["ReadOnly"] = !acting.MayTouch(user);
        Factors = await UserFactors.ReadAsync(database, id, ct);
        Enrolment = await EnrolmentStatuses.OfAsync(database, user, Now, ct);
        Passkeys = await passkeys.ListAsync(id, ct);
        Authenticator = await database
            .Authenticators.AsNoTracking()
            .SingleOrDefaultAsync(a => a.UserId == id && a.ConfirmedAt != null, ct);
        Standing = await database
            .FactorStandings.AsNoTracking()
            .SingleOrDefaultAsync(s => s.UserId == id, ct);
        return true;
    }
}
