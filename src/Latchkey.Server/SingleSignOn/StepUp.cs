using Latchkey.Saml.Protocol;
using Latchkey.Server.Applications;
using Latchkey.Server.SignIn;

namespace Latchkey.Server.SingleSignOn;

/// <summary>Whether what somebody proved is enough for this sign-in, and if not, what would be (J-46, S1-31).</summary>
internal enum StepUp
{
    /// <summary>It is enough.</summary>
    None,

    /// <summary>A second factor is missing.</summary>
    SecondFactor,

    /// <summary>The password is missing: a passkey was used, and the service provider wants to hear of a password.</summary>
    Password,

    /// <summary>They were not proved in the way that is wanted: everything is to be proved anew.</summary>
    Everything,

    /// <summary>Nothing that can be proved here would be what the service provider wants.</summary>
    Impossible,
}

/// <summary>Decides on <see cref="StepUp"/>.</summary>
internal static class StepUps
{
    /// <summary>All that can be proved here.</summary>
    private static readonly IReadOnlyList<string> s_most =
    [
        AuthnMethods.Password,
        AuthnMethods.OneTimeCode,
        AuthnMethods.Several,
    ];

    /// <param name="methods">What was proved; null when nobody is signed in yet.</param>
    /// <param name="demanded">Whether the organisation demands a second factor before this application.</param>
    /// <param name="provedForThis">Whether it was proved since this was asked: then asking again leads nowhere.</param>
    /// <param name="context">The authentication context class to state, when it is enough.</param>
    public static StepUp Judge(
        RequestedAuthnContext? wish,
        AuthnContextSettings settings,
        IReadOnlyList<string>? methods,
        bool demanded,
        bool provedForThis,
        out string? context
    )
    {
        context = AuthnContexts.Choose(wish, methods ?? s_most, settings);
        var several = methods?.Contains(AuthnMethods.Several) ?? true;
        if (context is not null)
            return several || !demanded ? StepUp.None : StepUp.SecondFactor;
        if (AuthnContexts.Choose(wish, s_most, settings) is null)
            return StepUp.Impossible;
        if (!several)
            return StepUp.SecondFactor;
        if (
            methods?.Contains(AuthnMethods.Password) == false
            && AuthnContexts.Choose(wish, [.. methods, AuthnMethods.Password], settings) is not null
        )
            return StepUp.Password;
        return provedForThis ? StepUp.Impossible : StepUp.Everything;
    }

    /// <summary>Whether a passkey in place of the password would be what the service provider wants.</summary>
    public static bool PasskeyServes(RequestedAuthnContext? wish, AuthnContextSettings settings) =>
        wish is null or { ClassRefs.Count: 0 }
        || AuthnContexts.Choose(wish, AuthnMethods.Passkey(onSeveralDevices: true), settings)
            is not null
        || AuthnContexts.Choose(wish, AuthnMethods.Passkey(onSeveralDevices: false), settings)
            is not null;
}
