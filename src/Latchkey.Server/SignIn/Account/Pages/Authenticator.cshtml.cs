using Latchkey.Server.SignIn.Factors;
using Latchkey.Web.Texts;
using Latchkey.Web.Toasts;
using Microsoft.AspNetCore.Mvc;

namespace Latchkey.Server.SignIn.Account.Pages;

/// <summary>Sets an authenticator app up, or takes it away.</summary>
internal sealed class AuthenticatorModel(
    FactorSetup setup,
    FactorStep factors,
    ITexts texts,
    FreshProof proof,
    TimeProvider time
) : AccountPage(proof, time)
{
    /// <summary>What to set up; null when one works already.</summary>
    public AuthenticatorOffer? Offer { get; private set; }

    public async Task<IActionResult> OnGetAsync()
    {
        if (await ProveAsync() is { } first)
            return first;
        Offer = await setup.OfferAsync(Me, Current.Session.Id, Ct);
        return Page();
    }

    public async Task<IActionResult> OnPostSetUpAsync(string? code)
    {
        if (await ProveAsync() is { } first)
            return first;
        var verdict = await setup.ConfirmAuthenticatorAsync(Me, Current.Session.Id, code ?? "", Ct);
        if (verdict == FactorVerdict.Right)
        {
            await ProvedAsync([AuthnMethods.OneTimeCode]);
            this.Toast(texts["security.authenticator.done"]);
            // Whoever loses the phone needs them, so they come right after.
            var has = await factors.FactorsAsync(Me.Id, Ct);
            return SeeOther(has.RecoveryCodes == 0 ? "/security/recovery-codes" : "/security");
        }
        ModelState.AddModelError(
            "code",
            texts[
                verdict == FactorVerdict.Locked
                    ? "signin.problem.code-locked"
                    : "signin.problem.code"
            ]
        );
        Offer = await setup.OfferAsync(Me, Current.Session.Id, Ct);
        return Page();
    }

    public async Task<IActionResult> OnPostRemoveAsync()
    {
        if (await ProveAsync() is { } first)
            return first;
        await setup.RemoveAuthenticatorAsync(Me, Ct);
        this.Toast(texts["security.authenticator.removed"]);
        return SeeOther("/security");
    }
}
