using Latchkey.Server.SignIn.Factors;
using Latchkey.Web.Texts;
using Latchkey.Web.Toasts;
using Microsoft.AspNetCore.Mvc;

namespace Latchkey.Server.SignIn.Account.Pages;

/// <summary>The user's passkeys: made, named, taken away.</summary>
internal sealed class PasskeysModel(
    FactorSetup setup,
    PasskeyService passkeys,
    FactorStep factors,
    ITexts texts,
    SignInStates states,
    FreshProof proof,
    TimeProvider time
) : AccountPage(proof, time)
{
    public IReadOnlyList<Passkey> Passkeys { get; private set; } = [];

    public string Suggested => BrowserName.Of(Request.Headers.UserAgent) ?? "";

    public async Task<IActionResult> OnGetAsync()
    {
        if (await ProveAsync() is { } first)
            return first;
        Passkeys = await passkeys.ListAsync(Me.Id, Ct);
        return Page();
    }

    /// <summary>What a browser needs to make one; asked for by a script.</summary>
    public async Task<IActionResult> OnPostPasskeyOptionsAsync()
    {
        if (await ProveAsync() is not null)
            return Forbid();
        var state = await states.BeginAsync(HttpContext, "/security/passkeys");
        var ceremony = await passkeys.BeginCreationAsync(HttpContext, Me);
        await states.ChallengeAsync(state, ceremony.State, Ct);
        Response.Headers["Latchkey-Sign-In"] = state.Id.ToString();
        return Content(ceremony.Options, "application/json");
    }

    public async Task<IActionResult> OnPostAddAsync(Guid? s, string? name, string? credential)
    {
        if (await ProveAsync() is { } first)
            return first;
        var state = s is { } id ? await states.FindAsync(HttpContext, id) : null;
        var challenge = state is null ? null : await states.TakeChallengeAsync(state, Ct);
        name = string.IsNullOrWhiteSpace(name) ? texts["security.passkeys.unnamed"] : name.Trim();
        if (
            challenge is not null
            && await setup.AddPasskeyAsync(HttpContext, Me, name, credential ?? "", challenge)
                is { } methods
        )
        {
            await ProvedAsync(methods);
            this.Toast(texts["security.passkeys.added"]);
            var has = await factors.FactorsAsync(Me.Id, Ct);
            return SeeOther(
                has.RecoveryCodes == 0 ? "/security/recovery-codes" : "/security/passkeys"
            );
        }
        ModelState.AddModelError("", texts["security.passkeys.refused"]);
        return await OnGetAsync();
    }

    public async Task<IActionResult> OnPostRenameAsync(Guid id, string? name)
    {
        if (!string.IsNullOrWhiteSpace(name))
            await passkeys.RenameAsync(Me.Id, id, name.Trim(), Ct);
        return SeeOther("/security/passkeys");
    }

    public async Task<IActionResult> OnPostRemoveAsync(Guid id)
    {
        if (await ProveAsync() is { } first)
            return first;
        await setup.RemovePasskeyAsync(Me, id, Ct);
        this.Toast(texts["security.passkeys.removed"]);
        return SeeOther("/security/passkeys");
    }
}
