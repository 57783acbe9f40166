using Microsoft.AspNetCore.Authentication;

namespace Latchkey.Saml.AspNetCore.Events;

/// <summary>What an application can hook into. Beside these there are <see cref="RemoteAuthenticationEvents.OnTicketReceived"/> and <see cref="RemoteAuthenticationEvents.OnRemoteFailure"/>, whose failure is a <see cref="Saml2ValidationException"/> when a message was refused.</summary>
public class Saml2Events : RemoteAuthenticationEvents
{
    /// <summary>Called before the browser is sent to the identity provider; the request can be changed.</summary>
    public Func<
        RedirectToIdentityProviderContext,
        Task
    > OnRedirectToIdentityProvider { get; set; } = _ => Task.CompletedTask;

    /// <summary>Called with a message as it arrived, before anything in it is trusted.</summary>
    public Func<MessageReceivedContext, Task> OnMessageReceived { get; set; } =
        _ => Task.CompletedTask;

    /// <summary>Called when an assertion was verified and its claims were made; the principal can be replaced or the sign-in failed.</summary>
    public Func<AssertionValidatedContext, Task> OnAssertionValidated { get; set; } =
        _ => Task.CompletedTask;

    /// <summary>Called before the browser is sent to the identity provider to sign out there; the request can be changed.</summary>
    public Func<RedirectForSignOutContext, Task> OnRedirectForSignOut { get; set; } =
        _ => Task.CompletedTask;

    /// <summary>Called when the identity provider's LogoutRequest was verified, before the sign-in of this browser ends: the place to end what is kept on the server.</summary>
    public Func<RemoteSignOutContext, Task> OnRemoteSignOut { get; set; } = _ => Task.CompletedTask;

    /// <summary>Called when the identity provider answered a sign-out that began here.</summary>
    public Func<SignedOutContext, Task> OnSignedOut { get; set; } = _ => Task.CompletedTask;

    /// <summary>Called before the browser is sent to the identity provider.</summary>
    public virtual Task RedirectToIdentityProvider(RedirectToIdentityProviderContext context) =>
        OnRedirectToIdentityProvider(context);

    /// <summary>Called with a message as it arrived.</summary>
    public virtual Task MessageReceived(MessageReceivedContext context) =>
        OnMessageReceived(context);

    /// <summary>Called before the browser is sent to the identity provider to sign out there.</summary>
    public virtual Task RedirectForSignOut(RedirectForSignOutContext context) =>
        OnRedirectForSignOut(context);

    /// <summary>Called when the identity provider's LogoutRequest was verified.</summary>
    public virtual Task RemoteSignOut(RemoteSignOutContext context) => OnRemoteSignOut(context);

    /// <summary>Called when the identity provider answered a sign-out that began here.</summary>
    public virtual Task SignedOut(SignedOutContext context) => OnSignedOut(context);

    /// <summary>Called when an assertion was verified.</summary>
    public virtual Task AssertionValidated(AssertionValidatedContext context) =>
        OnAssertionValidated(context);
}
