using Latchkey.Server.SignIn.Factors;
using Microsoft.AspNetCore.Mvc;

namespace Latchkey.Server.SignIn.Account.Pages;

/// <summary>Makes recovery codes and shows them once.</summary>
internal sealed class RecoveryCodesModel(
    FactorSetup setup,
    FactorStep factors,
    FreshProof proof,
    TimeProvider time
) : AccountPage(proof, time)
{
    /// <summary>Just made; empty before.</summary>
    public IReadOnlyList<string> Codes { get; private set; } = [];

    public int Left { get; private set; }

    public async Task<IActionResult> OnGetAsync()
    {
        if (await ProveAsync() is { } first)
            return first;
        var has = await factors.FactorsAsync(Me.Id, Ct);
        Left = has.RecoveryCodes;
        return has.Any ? Page() : SeeOther("/security");
    }

    public async Task<IActionResult> OnPostAsync()
    {
        if (await ProveAsync() is { } first)
            return first;
        if (!(await factors.FactorsAsync(Me.Id, Ct)).Any)
            return SeeOther("/security");
        // Shown in the answer itself and kept nowhere: opened again, the page has none to show.
        Response.Headers.CacheControl = "no-store";
        Codes = await setup.RenewRecoveryCodesAsync(Me, Ct);
        return Page();
    }
}
