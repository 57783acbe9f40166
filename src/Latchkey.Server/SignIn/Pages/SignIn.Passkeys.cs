using Latchkey.Server.SignIn.Account;
using Latchkey.Server.SignIn.Factors;
using Microsoft.AspNetCore.Mvc;

namespace Latchkey.Server.SignIn.Pages;

/// <summary>The steps of a sign-in that a passkey serves for: used in place of the password or after it, and made where one is to be set up.</summary>
internal sealed partial class SignInModel
{
    /// <summary>What a browser needs to use a passkey, or to make one; asked for by a script.</summary>
    public async Task<IActionResult> OnPostPasskeyOptionsAsync()
    {
        var next = await NextAsync();
        var state = next switch
        {
            SignInNext.AskPassword { State: { } stored } => stored,
            SignInNext.AskPassword => await states.BeginAsync(HttpContext, ReturnPath),
            SignInNext.AskFactor ask => ask.State,
            SignInNext.SetUpFactor ask => ask.State,
            SignInNext.OfferFactor ask => ask.State,
            _ => null,
        };
        if (next is null || state is null)
            return BadRequest();
        var options = SetUpOf(next) is { } setUp
            ? await factorStep.BeginPasskeyCreationAsync(HttpContext, state, setUp.User)
            : await factorStep.BeginPasskeyAsync(HttpContext, state);
        Response.Headers["Latchkey-Sign-In"] = state.Id.ToString();
        return Content(options, "application/json");
    }

    /// <summary>A passkey that was used.</summary>
    public async Task<IActionResult> OnPostPasskeyAsync(string? credential)
    {
        var ask = await NextAsync();
        var (state, methods, expected) = ask switch
        {
            SignInNext.AskPassword { State: { } stored, PasskeyServes: true } => (stored, "", null),
            SignInNext.AskFactor factor => (factor.State, factor.Methods, factor.User),
            _ => (null, "", null),
        };
        if (ask is null || state is null)
            return SeeOther(Here());
        var proof = await factorStep.TakePasskeyAsync(
            HttpContext,
            state,
            expected,
            credential ?? ""
        );
        return proof is { } right
            ? await GoOnAsync(state, new(right.User, With(methods, right.Methods)))
            : await AgainAsync(ask, "signin.problem.passkey");
    }

    /// <summary>A passkey that was made as the second factor to set up.</summary>
    public async Task<IActionResult> OnPostAddPasskeyAsync(string? credential)
    {
        if (await NextAsync() is not { } ask || SetUpOf(ask) is not { } setUp)
            return SeeOther(Here());
        SetsUp = true;
        var made = await states.TakeChallengeAsync(setUp.State, HttpContext.RequestAborted)
            is { } challenge
            ? await setup.AddPasskeyAsync(
                HttpContext,
                setUp.User,
                BrowserName.Of(Request.Headers.UserAgent) ?? texts["security.passkeys.unnamed"],
                credential ?? "",
                challenge
            )
            : null;
        return made is null
            ? await AgainAsync(ask, "security.passkeys.refused")
            : await EnrolledAsync(setUp, made);
    }
}
