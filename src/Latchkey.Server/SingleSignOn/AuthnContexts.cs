using Latchkey.Saml.Protocol;

namespace Latchkey.Server.SingleSignOn;

/// <summary>Which authentication context class a sign-in by password may be called (saml-core-2.0 §3.3.2.2.1).</summary>
internal static class AuthnContexts
{
    /// <summary>What a password entered here truly is, weakest first. A password over a protected channel is also a password.</summary>
    private static readonly string[] s_password =
    [
        AuthnContextClasses.Unspecified,
        AuthnContextClasses.Password,
        AuthnContextClasses.PasswordProtectedTransport,
    ];

    /// <summary>The class to state; null when the wish cannot be met.</summary>
    /// <param name="wish">What the service provider asked for, if anything.</param>
    /// <param name="protectedTransport">Whether passwords reach us encrypted, or never leave the machine.</param>
    public static string? Choose(RequestedAuthnContext? wish, bool protectedTransport)
    {
        var known = s_password.AsSpan(0, protectedTransport ? 3 : 2);
        if (wish is null or { ClassRefs.Count: 0 })
            return known[^1];
        switch (wish.Comparison)
        {
            case AuthnContextComparison.Exact:
                // In the order of the wish.
                foreach (var wanted in wish.ClassRefs)
                {
                    if (known.Contains(wanted))
                        return wanted;
                }
                return null;
            case AuthnContextComparison.Minimum:
                foreach (var wanted in wish.ClassRefs)
                {
                    if (known.Contains(wanted))
                        return known[^1];
                }
                return null;
            case AuthnContextComparison.Maximum:
                var ceiling = -1;
                foreach (var wanted in wish.ClassRefs)
                    ceiling = Math.Max(ceiling, s_password.IndexOf(wanted));
                return ceiling < 0 ? null : known[Math.Min(ceiling, known.Length - 1)];
            case AuthnContextComparison.Better:
                foreach (var wanted in wish.ClassRefs)
                {
                    // Stronger than each of them; of a class unknown to us that cannot be said.
                    var strength = s_password.IndexOf(wanted);
                    if (strength < 0 || strength >= known.Length - 1)
                        return null;
                }
                return known[^1];
            default:
                return null;
        }
    }
}
