using Latchkey.Server.Insights;
using Latchkey.Server.SignIn.Factors;
using Latchkey.Server.SignIn.Passwords;
using Latchkey.Server.SignIn.Sessions;
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
    SessionList sessions,
    SessionEnding ending,
    KnownBrowsers browsers,
    EventRecorder events,
    ITexts texts,
    FreshProof proof,
    TimeProvider time
) : AccountPage(proof, time)
{
    public UserFactors Factors { get; private set; } = new(false, 0, 0);

    /// <summary>Until when a factor has to be set up; null when none has to be.</summary>
    public DateTimeOffset? EnrolBy { get; private set; }

    /// <summary>When the password has to be changed, if that is soon.</summary>
    public DateTimeOffset? PasswordEnds { get; private set; }

    public ShownSessions Sessions { get; private set; } = null!;

    /// <summary>Where the user signed in before.</summary>
    public ShownBrowsers Browsers { get; private set; } = null!;

    /// <summary>As many rows as are shown of each list, which have pages of their own; this one stays light however often somebody signed in.</summary>
    private const int Shown = 10;

    public bool PasskeysWork => passkeys.CanWork;

    public async Task OnGetAsync()
    {
        Factors = await factors.FactorsAsync(Me.Id, Ct);
        EnrolBy = (await demands.OfAsync(Me, Ct)).EnrolBy;
        var rules = (await policies.OfAsync(Me.Id, Ct)).Rules;
        if (PasswordExpiry.Of(Me, rules, Now) != PasswordStanding.Fresh)
            PasswordEnds = PasswordExpiry.At(Me, rules);
        Sessions = await SessionsAsync(sessions, 1, Shown);
        Browsers = await BrowsersAsync(browsers, 1, Shown);
    }

    public async Task<IActionResult> OnPostEndAsync(Guid id)
    {
        if (await ending.EndAsync(Me.Id, only: id, but: null, Ct) > 0)
            this.Toast(texts["security.sessions.ended"]);
        return SeeOther("/security");
    }

    public async Task<IActionResult> OnPostEndOthersAsync()
    {
        if (await ending.EndAsync(Me.Id, only: null, but: Current.Session.Id, Ct) > 0)
            this.Toast(texts["security.sessions.ended"]);
        return SeeOther("/security");
    }

    /// <summary>Forgets a browser: it is asked for the second step, and told of by mail, as if it were new.</summary>
    public async Task<IActionResult> OnPostForgetAsync(Guid id)
    {
        if (await browsers.ForgetAsync(Me, id, events, Ct))
            this.Toast(texts["security.browsers.forgotten"]);
        return SeeOther("/security");
    }
}
