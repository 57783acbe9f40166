using Latchkey.Server.SignIn;
using Latchkey.Server.SingleSignOn.Lookup;

namespace Latchkey.Server.SingleSignOn;

/// <summary>Everything an answer depends on.</summary>
/// <param name="Runtime">The application.</param>
/// <param name="Request">What was asked; null when we start.</param>
/// <param name="Session">Who is signed in, if anybody.</param>
/// <param name="Access">What lets the user in, if anything.</param>
/// <param name="ProvedForThis">Whether somebody proved who they are since this was asked (rule I7).</param>
/// <param name="Record">The events so far.</param>
internal sealed record SignOnAsk(
    ApplicationRuntime Runtime,
    AcceptedRequest? Request,
    CurrentSession? Session,
    GrantedAccess Access,
    bool ProvedForThis,
    SignOnRecord Record
);
