using Latchkey.Saml.Protocol;
using Latchkey.Server.Applications;
using Latchkey.Server.SignIn;

namespace Latchkey.Server.SingleSignOn;

/// <summary>Which authentication context class a sign-in may be called, by what the person really did (saml-core-2.0 §3.3.2.2.1, J-25, J-36).</summary>
internal static class AuthnContexts
{
    /// <summary>A one-time code by time (saml-authn-context-2.0 §3.4.23).</summary>
    public const string TimeSyncToken = "urn:oasis:names:tc:SAML:2.0:ac:classes:TimeSyncToken";

    /// <summary>Two factors of different kinds (REFEDS MFA Profile 1.2).</summary>
    public const string RefedsMfa = "https://refeds.org/profile/mfa";

    /// <summary>The name that products of Microsoft, and those made for them, have for two factors.</summary>
    public const string MicrosoftMfa = "http://schemas.microsoft.com/claims/multipleauthn";

    /// <summary>The class to state; null when the wish cannot be met.</summary>
    /// <param name="wish">What the service provider asked for, if anything.</param>
    /// <param name="methods">What the person did, see <see cref="AuthnMethods"/>.</param>
    /// <param name="settings">What the administrator set for the application.</param>
    public static string? Choose(
        RequestedAuthnContext? wish,
        IReadOnlyList<string> methods,
        AuthnContextSettings settings
    )
    {
        var ladder = Ladder(methods);
        var own = Own(ladder, methods, settings);
        if (wish is null or { ClassRefs.Count: 0 })
            return own;
        // What the administrator chose for this sign-in is true by their word, and counts as its strongest name.
        if (!ladder.Contains(own))
            ladder.Add(own);
        switch (wish.Comparison)
        {
            case AuthnContextComparison.Exact:
                // In the order of the wish.
                foreach (var wanted in wish.ClassRefs)
                {
                    if (ladder.Contains(wanted))
                        return wanted;
                }
                return null;
            case AuthnContextComparison.Minimum:
                foreach (var wanted in wish.ClassRefs)
                {
                    if (ladder.Contains(wanted))
                        return own;
                }
                return null;
            case AuthnContextComparison.Maximum:
                var ceiling = -1;
                foreach (var wanted in wish.ClassRefs)
                    ceiling = Math.Max(ceiling, ladder.IndexOf(wanted));
                return ceiling < 0 ? null : ladder[Math.Min(ceiling, ladder.IndexOf(own))];
            case AuthnContextComparison.Better:
                foreach (var wanted in wish.ClassRefs)
                {
                    // Stronger than each of them; of a class unknown to us that cannot be said.
                    var strength = ladder.IndexOf(wanted);
                    if (strength < 0 || strength >= ladder.IndexOf(own))
                        return null;
                }
                return own;
            default:
                return null;
        }
    }

    /// <summary>Everything the sign-in may truly be called, weakest first. Passwords come by https, or never leave the machine: the server does not start otherwise.</summary>
    private static List<string> Ladder(IReadOnlyList<string> methods)
    {
        var ladder = new List<string> { AuthnContextClasses.Unspecified };
        if (methods.Contains(AuthnMethods.Password))
        {
            ladder.Add(AuthnContextClasses.Password);
            ladder.Add(AuthnContextClasses.PasswordProtectedTransport);
        }
        if (methods.Contains(AuthnMethods.Several))
        {
            ladder.Add(MicrosoftMfa);
            ladder.Add(RefedsMfa);
            if (methods.Contains(AuthnMethods.OneTimeCode))
                ladder.Add(TimeSyncToken);
        }
        return ladder;
    }

    private static string Own(
        List<string> ladder,
        IReadOnlyList<string> methods,
        AuthnContextSettings settings
    )
    {
        var stated = AuthnMethods.Stated(methods);
        foreach (var mapping in settings.Mappings ?? [])
        {
            if (stated.Contains(mapping.Method))
                return mapping.ClassRef;
        }
        return settings.Always ?? ladder[^1];
    }
}
