using Latchkey.Server.SingleSignOn;

namespace Latchkey.Server.Insights;

/// <summary>
/// Which events stand for tries to sign in, one for each. A try leaves several: a request that is refused is a response refused as
/// well, whoever has no access has it written in both <c>sso_auth</c> and the refusal, and whoever proved who they are on the
/// way to an application did so in <c>user_login_attempt</c>.
/// </summary>
internal static class SignInEvents
{
    private static readonly string[] s_types =
    [
        EventTypes.SsoAuth,
        // One that the application was refused: it has no sso_auth, but for want of access.
        EventTypes.SamlResponseRefused,
        EventTypes.UserLoginAttempt,
        EventTypes.AdminLoginAttempt,
    ];

    // The event of a sign-in that went well holds these in its details.
    private static readonly string[] s_steps =
    [
        EventTypes.SamlRequestReceived,
        EventTypes.SamlDecision,
        EventTypes.SamlResponseIssued,
    ];

    /// <summary>Events of a type, and those that hold a step of it.</summary>
    public static IQueryable<Event> OfType(this IQueryable<Event> events, string type)
    {
        if (!s_steps.Contains(type))
            return events.Where(e => e.Type == type);
        var held = $"\"type\":\"{type}\"";
        return events.Where(e =>
            e.Type == type || (e.Type == EventTypes.SsoAuth && e.Details.Contains(held))
        );
    }

    /// <summary>One event for each try, and one for each step of one that failed: a wrong code is as much a failure as a wrong password.</summary>
    public static IQueryable<Event> Tries(this IQueryable<Event> events) =>
        events
            .Where(e =>
                s_types.Contains(e.Type) || (e.Type == EventTypes.UserLoginStep && !e.Success)
            )
            .OncePerTry();

    /// <summary>One event for each try or step of one that failed with a cause. Mails that stay and pages that break have causes too, of other things.</summary>
    public static IQueryable<Event> Failures(this IQueryable<Event> events) =>
        events.Tries().Where(e => e.FindingCode != null && !e.Success);

    private static IQueryable<Event> OncePerTry(this IQueryable<Event> events)
    {
        var denied = SignOnFindings.AccessDenied.Code;
        return events.Where(e =>
            (e.Type != EventTypes.SamlResponseRefused || e.FindingCode != denied)
            // Whoever signed in on the way to an application: the try ends there.
            && (e.Type != EventTypes.UserLoginAttempt || !e.Success || e.ApplicationId == null)
        );
    }
}
