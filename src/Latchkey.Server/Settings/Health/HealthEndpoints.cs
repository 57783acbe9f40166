using System.Data.Common;
using Latchkey.Server.Settings.Keys;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Settings.Health;

/// <summary>For whoever watches over the process: <c>live</c> says that it runs, <c>ready</c> that it can sign somebody in.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/healthz/live", () => Results.Text("ok\n")).AllowAnonymous();
        endpoints.MapGet("/healthz/ready", ReadyAsync).AllowAnonymous();
    }

    private static async Task<IResult> ReadyAsync(
        DatabaseStart start,
        KeyRing keys,
        IDbContextFactory<LatchkeyDbContext> databases,
        CancellationToken cancellationToken
    )
    {
        // A word for the machine that asks; the reason is in the log, not on an open address.
        var failed =
            !start.Done ? "migrations"
            : !await ReachableAsync(databases, cancellationToken) ? "database"
            : !keys.Opens() ? "keys"
            : null;
        return failed is null
            ? Results.Text("ok\n")
            : Results.Text(
                $"not ready: {failed}\n",
                statusCode: StatusCodes.Status503ServiceUnavailable
            );
    }

    private static async Task<bool> ReachableAsync(
        IDbContextFactory<LatchkeyDbContext> databases,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await using var database = await databases.CreateDbContextAsync(cancellationToken);
            await database.Settings.AnyAsync(cancellationToken);
            return true;
        }
        catch (DbException)
        {
            return false;
        }
    }
}
