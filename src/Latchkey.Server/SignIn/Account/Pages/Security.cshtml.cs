using Latchkey.Server.Insights;
using Latchkey.Server.SignIn.Factors;
using Latchkey.Server.SignIn.Passwords;
using Latchkey.Web.Texts;
using Latchkey.Web.Toasts;
using Microsoft.AspNetCore.Mvc;

namespace Latchkey.Server.SignIn.Account.Pages;

/// <summary>How the user signs in, and where they are signed in.</summary>
internal sealed class SecurityModel(
    FactorStep factors,
    FactorDemands demands,
    PasskeyService passkeys,
    PasswordPolicyService policies,
    OwnSessions sessions,
    EventRecorder events,
    ITexts texts,
    SignInStates states,
    SignInLimits limits,
    TimeProvider time
) : AccountPage(states, limits, time)
{
    public UserFactors Factors { get; private set; } = new(false, 0, 0);

    /// <summary>Until when a factor has to be set up; null when none has to be.</summary>
    public DateTimeOffset? EnrolBy { get; private set; }

    /// <summary>When the password has to be changed, if that is soon.</summary>
    public DateTimeOffset? PasswordEnds { get; private set; }

    public IReadOnlyList<OwnSession> Sessions { get; private set; } = [];

    public Guid ThisSession => Current.Session.Id;

    public bool PasskeysWork => passkeys.CanWork;

    public async Task OnGetAsync()
    {
        Factors = await factors.FactorsAsync(Me.Id, Ct);
        EnrolBy = (await demands.OfAsync(Me, Ct)).EnrolBy;
        var rules = (await policies.OfAsync(Me.Id, Ct)).Rules;
        if (PasswordExpiry.Of(Me, rules, Now) != PasswordStanding.Fresh)
            PasswordEnds = PasswordExpiry.At(Me, rules);
        Sessions = await sessions.ListAsync(Me.Id, Ct);
    }

    public async Task<IActionResult> OnPostEndAsync(Guid id)
    {
        if (await sessions.EndAsync(Me.Id, id, Ct))
            await EndedAsync(new { session_id = id });
        return SeeOther("/security");
    }

    public async Task<IActionResult> OnPostEndOthersAsync()
    {
        if (await sessions.EndOthersAsync(Me.Id, ThisSession, Ct))
            await EndedAsync(new { all_but = ThisSession });
        return SeeOther("/security");
    }

    private async Task EndedAsync(object details)
    {
        this.Toast(texts["security.sessions.ended"]);
        await events.RecordAsync(
            EventTypes.SessionEnd,
            success: true,
            new("user", Me.Id, Me.Username),
            details
        );
    }
}
