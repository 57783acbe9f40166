using Latchkey.Server.Directory;
using Latchkey.Server.Problems;
using Latchkey.Server.Roles;
using Latchkey.Server.SignIn.Factors;
using Latchkey.Server.Storage;
using Latchkey.Web.Texts;
using Latchkey.Web.Toasts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
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

    /// <summary>The last day on which the user is let in without; none for not at all.</summary>
    [BindProperty]
    public DateOnly? ExcludedUntil { get; set; }

    /// <summary>The first and the last day there are to choose from.</summary>
    public (DateOnly First, DateOnly Last) Days =>
        (
            DateOnly.FromDateTime(Now.UtcDateTime),
            // Before the last day's end is as long as anybody may be let in without.
            DateOnly.FromDateTime(Now.UtcDateTime.AddDays(FactorSetup.LongestExclusion - 1))
        );

    public DateTimeOffset Now => time.GetUtcNow();

    public async Task<IActionResult> OnGetAsync(Guid id)
    {
        if (!await LoadAsync(id))
            return NotFound();
        Required = Standing?.Required == true;
        ExcludedUntil = LastDay;
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(Guid id)
    {
        if (!await LoadAsync(id))
            return NotFound();
        // A day that was not touched keeps its hour.
        var isNew = ExcludedUntil != LastDay;
        if (
            ModelState.GetFieldValidationState(nameof(ExcludedUntil))
                == ModelValidationState.Invalid
            || (isNew && (ExcludedUntil < Days.First || ExcludedUntil > Days.Last))
        )
        {
            ModelState.Remove(nameof(ExcludedUntil));
            ModelState.AddModelError(
                nameof(ExcludedUntil),
                texts["rules.user.excluded.out-of-range", FactorSetup.LongestExclusion]
            );
        }
        if (!ModelState.IsValid)
            return Page();
        var refusal = await setup.SetStandingAsync(
            Subject,
            Required,
            !isNew ? Standing?.ExcludedUntil
                : ExcludedUntil is { } day ? new(day.AddDays(1), default, TimeSpan.Zero)
                : null,
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

    /// <summary>The day that the running exclusion ends on, as UTC has it; one that ends at midnight ends with the day before.</summary>
    private DateOnly? LastDay =>
        Standing?.ExcludedUntil is { } until && until > Now
            ? DateOnly.FromDateTime(until.UtcDateTime.AddTicks(-1))
            : null;

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
