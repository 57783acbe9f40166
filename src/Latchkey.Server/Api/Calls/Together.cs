using Latchkey.Server.Directory;
using Latchkey.Server.Problems;
using Latchkey.Server.Storage;

namespace Latchkey.Server.Api.Calls;

/// <summary>Makes a call that needs several services one transaction.</summary>
internal sealed class Together(SharedTransaction transaction, Refusal refusal)
{
    /// <summary>Keeps what was done unless the answer is a refusal.</summary>
    public async Task<ApiAnswer> RunAsync(Func<Task<ApiAnswer>> work, CancellationToken ct)
    {
        if (transaction.IsShared)
        {
            return await work();
        }
        try
        {
            return await transaction.RunAsync(work, keep: answer => !answer.IsRefusal, ct);
        }
        catch (Exception e) when (LastOwner.IsOvertaken(e))
        {
            return refusal.Of(409, new Problem("api-overtaken", ""));
        }
    }
}
