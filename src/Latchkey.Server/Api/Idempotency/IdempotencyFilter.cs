using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Latchkey.Server.Api.Calls;
using Latchkey.Server.Api.Tokens;
using Latchkey.Server.Directory;
using Latchkey.Server.Problems;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Api.Idempotency;

/// <summary>
/// Lets a program that got no answer send its call again. The change and the answer that is kept for the key are one transaction, so
/// there is never one without the other; of two at the same moment the database lets one in, and the other hears its answer.
/// Refusals changed nothing and are not kept: after mending what was wrong the same key counts.
/// </summary>
internal sealed class IdempotencyFilter(
    IDbContextFactory<LatchkeyDbContext> databases,
    SharedTransaction transaction,
    Refusal refusal,
    TimeProvider time
) : IEndpointFilter
{
    public const string Header = "Idempotency-Key";
    private const int LongestKey = 200;
    public const string ReplayedHeader = "Idempotency-Replayed";

    public async ValueTask<object?> InvokeAsync(
        EndpointFilterInvocationContext context,
        EndpointFilterDelegate next
    )
    {
        var http = context.HttpContext;
        if (!http.Request.Headers.TryGetValue(Header, out var said))
        {
            return await next(context);
        }
        var key = said.ToString();
        if (key.Length is 0 or > LongestKey || key.Any(c => c is < '!' or > '~'))
        {
            return refusal.Of(400, new Problem("idempotency-key-invalid", Header, LongestKey));
        }
        var call = new Call(
            ApiCaller.Token(http.User),
            key,
            await HashAsync(http.Request, http.RequestAborted)
        );
        try
        {
            return await FindAsync(http, call) ?? await DoAsync(context, next, call);
        }
        catch (Exception e)
            when (e is DbUpdateException or DbException or InvalidOperationException)
        {
            // The other of two was faster; or two changes met that exclude each other.
            if (await FindAsync(http, call) is { } kept)
            {
                return kept;
            }
            if (LastOwner.IsOvertaken(e))
            {
                return refusal.Of(409, new Problem("api-overtaken", ""));
            }
            throw;
        }
    }

    private async Task<ApiAnswer> DoAsync(
        EndpointFilterInvocationContext context,
        EndpointFilterDelegate next,
        Call call
    )
    {
        var ct = context.HttpContext.RequestAborted;
        var answer = await transaction.RunAsync(
            async () =>
            {
                var made = (ApiAnswer)(await next(context))!;
                if (!made.IsRefusal)
                {
                    await KeepAsync(call, made, ct);
                }
                return made;
            },
            keep: made => !made.IsRefusal,
            ct
        );
        // Refused because the other of two was faster ("taken")? Then its answer is the one.
        return answer.IsRefusal ? await FindAsync(context.HttpContext, call) ?? answer : answer;
    }

    private async Task<ApiAnswer?> FindAsync(HttpContext http, Call call)
    {
        await using var db = await databases.CreateDbContextAsync(http.RequestAborted);
        var oldest = time.GetUtcNow() - IdempotentAnswer.Kept;
        var kept = await db
            .IdempotentAnswers.AsNoTracking()
            .SingleOrDefaultAsync(
                a => a.TokenId == call.TokenId && a.Key == call.Key && a.CreatedAt > oldest,
                http.RequestAborted
            );
        if (kept is null)
        {
            return null;
        }
        if (!kept.CallHash.AsSpan().SequenceEqual(call.Hash))
        {
            return refusal.Of(422, new Problem("idempotency-key-reused", Header));
        }
        http.Response.Headers[ReplayedHeader] = "true";
        return new ApiAnswer(kept.Status, kept.Body, kept.Version, kept.Location);
    }

    private async Task KeepAsync(Call call, ApiAnswer answer, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        var now = time.GetUtcNow();
        var oldest = now - IdempotentAnswer.Kept;
        await db
            .IdempotentAnswers.Where(a =>
                a.TokenId == call.TokenId && a.Key == call.Key && a.CreatedAt <= oldest
            )
            .ExecuteDeleteAsync(ct);
        db.IdempotentAnswers.Add(
            new IdempotentAnswer
            {
                TokenId = call.TokenId,
                Key = call.Key,
                CallHash = call.Hash,
                Status = answer.Status,
                Body = answer.Body,
                Location = answer.Location,
                Version = answer.Version,
                CreatedAt = now,
            }
        );
        await db.SaveChangesAsync(ct);
    }

    private static async Task<byte[]> HashAsync(HttpRequest request, CancellationToken ct)
    {
        request.EnableBuffering();
        // A body may hold a password: keyed with the token, which is stored nowhere, the hash gives nobody a way to try some.
        using var hash = IncrementalHash.CreateHMAC(
            HashAlgorithmName.SHA256,
            Encoding.UTF8.GetBytes(request.Headers.Authorization.ToString())
        );
        hash.AppendData(
            Encoding.UTF8.GetBytes($"{request.Method} {request.Path}{request.QueryString}\n")
        );
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(buffer, ct)) > 0)
        {
            hash.AppendData(buffer, 0, read);
        }
        request.Body.Position = 0;
        return hash.GetHashAndReset();
    }

    private sealed record Call(Guid TokenId, string Key, byte[] Hash);
}
