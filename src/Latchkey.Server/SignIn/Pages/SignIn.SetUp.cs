using Latchkey.Server.Directory;
using Latchkey.Server.SignIn.Factors;
using Microsoft.AspNetCore.Mvc;

namespace Latchkey.Server.SignIn.Pages;

/// <summary>The step of a sign-in in which a second factor is set up, or put off while there is time (J-46, J-75).</summary>
internal sealed partial class SignInModel
{
    /// <summary>Whether the user wants to set one up now, where it can wait.</summary>
    [BindProperty(SupportsGet = true, Name = "set-up")]
    public bool SetsUp { get; set; }

    /// <summary>The picture and text of an authenticator app that is being set up.</summary>
    public AuthenticatorOffer? Offer { get; private set; }

    /// <summary>Whether the page offers to make a passkey.</summary>
    public bool MakesPasskeys => passkeys.CanWork && Offer is not null;

    /// <summary>Where the sign-in goes on.</summary>
    public string Onward => Here();

    /// <summary>The first code of an authenticator app.</summary>
    public async Task<IActionResult> OnPostSetUpAsync(string? code)
    {
        if (await NextAsync() is not { } ask || SetUpOf(ask) is not { } setUp)
            return SeeOther(Here());
        SetsUp = true;
        var verdict = await setup.ConfirmAuthenticatorAsync(
            setUp.User,
            setUp.State.Id,
            code ?? "",
            HttpContext.RequestAborted
        );
        return verdict == FactorVerdict.Right
            ? await EnrolledAsync(setUp, [AuthnMethods.OneTimeCode])
            : await AgainAsync(ask, Said(verdict));
    }

    /// <summary>None is set up this time.</summary>
    public async Task<IActionResult> OnPostLaterAsync() =>
        await NextAsync() is SignInNext.OfferFactor ask
            ? await GoOnAsync(ask.State, new(ask.User, ask.Methods) { Later = true })
            : SeeOther(Here());

    private async Task<IActionResult> ShowSetUpAsync(SignInState state, User user)
    {
        Offer = await setup.OfferAsync(user, state.Id, HttpContext.RequestAborted);
        return Page();
    }

    /// <summary>A factor was set up, and so proved. Whoever loses it needs recovery codes: they are shown in the answer itself and kept nowhere.</summary>
    private async Task<IActionResult> EnrolledAsync(SetUp setUp, IReadOnlyList<string> proved)
    {
        var result = await progress.ProvedAsync(
            HttpContext,
            setUp.State,
            new(setUp.User, With(setUp.Methods, [.. proved])) { IsAnew = !setUp.OnSession },
            ReturnPath
        );
        var ct = HttpContext.RequestAborted;
        if (
            result is SignInProgressResult.Refused
            || (await factorStep.FactorsAsync(setUp.User.Id, ct)).RecoveryCodes > 0
        )
            return AnswerTo(result, setUp.State);
        Response.Headers.CacheControl = "no-store";
        Step = new SignInNext.KeepCodes(
            setUp.State,
            await setup.RenewRecoveryCodesAsync(setUp.User, ct)
        );
        return Page();
    }

    private static SetUp? SetUpOf(SignInNext step) =>
        step switch
        {
            SignInNext.SetUpFactor ask => new(ask.State, ask.User, ask.Methods, ask.OnSession),
            SignInNext.OfferFactor ask => new(ask.State, ask.User, ask.Methods, OnSession: false),
            _ => null,
        };

    /// <summary>A set-up under way, whoever wants it.</summary>
    private sealed record SetUp(SignInState State, User User, string Methods, bool OnSession);
}
