using Latchkey.Saml.Protocol;

namespace Latchkey.Server.SingleSignOn;

/// <summary>Which authentication context class a sign-in by password may be called (saml-core-2.0 §3.3.2.2.1).</summary>
internal static class AuthnContexts
{
    /// <summary>What a password entered here truly is, weakest first. Passwords come by https, or never leave the machine: the server does not start otherwise.</summary>
    private static readonly string[] s_password =
    [
        AuthnContextClasses.Unspecified,
        AuthnContextClasses.Password,
        AuthnContextClasses.PasswordProtectedTransport,
    ];

    /// <summary>The class to state; null when the wish cannot be met.</summary>
    /// <param name="wish">What the service provider asked for, if anything.</param>
    public static string? Choose(RequestedAuthnContext? wish)
    {
        if (wish is null or { ClassRefs.Count: 0 })
            return s_password[^1];
        switch (wish.Comparison)
        {
            case AuthnContextComparison.Exact:
                // In the order of the wish.
                foreach (var wanted in wish.ClassRefs)
                {
                    if (s_password.Contains(wanted))
                        return wanted;
                }
                return null;
            case AuthnContextComparison.Minimum:
                foreach (var wanted in wish.ClassRefs)
                {
                    if (s_password.Contains(wanted))
                        return s_password[^1];
                }
                return null;
            case AuthnContextComparison.Maximum:
                var ceiling = -1;
                foreach (var wanted in wish.ClassRefs)
                    ceiling = Math.Max(ceiling, s_password.IndexOf(wanted));
                return ceiling < 0 ? null : s_password[ceiling];
            case AuthnContextComparison.Better:
                foreach (var wanted in wish.ClassRefs)
                {
                    // Stronger than each of them; of a class unknown to us that cannot be said.
                    var strength = s_password.IndexOf(wanted);
                    if (strength < 0 || strength >= s_password.Length - 1)
                        return null;
                }
                return s_password[^1];
            default:
                return null;
        }
    }
}
