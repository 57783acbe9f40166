using Latchkey.Server.Insights;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Applications.Preview;

/// <summary>What was recorded of a sign-in that an administrator tried.</summary>
/// <param name="Event">The step that decided: the last refusal, or the end.</param>
/// <param name="Code">Leads to all of its steps.</param>
internal sealed record TriedSignIn(Event Event, string? Code);

/// <summary>Reads what became of sign-ins that an administrator tried: real ones, recorded like everybody's.</summary>
internal sealed class TriedSignIns(IDbContextFactory<LatchkeyDbContext> databases)
{
    private const int Most = 5;

    /// <summary>The sign-ins of one person to one application since a moment, newest first, with those that failed before anybody was known.</summary>
    public async Task<IReadOnlyList<TriedSignIn>> SinceAsync(
        Guid applicationId,
        Guid userId,
        DateTimeOffset since,
        CancellationToken cancellationToken
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var events = await db
            .Events.AsNoTracking()
            .Where(e =>
                e.ApplicationId == applicationId
                && e.At >= since
                && (e.ActorId == userId || e.ActorId == null)
                && (
                    e.Type == EventTypes.SsoAuth
                    || e.Type == EventTypes.SamlResponseIssued
                    || e.Type == EventTypes.SamlResponseRefused
                )
            )
            .OrderByDescending(e => e.At)
            .ThenByDescending(e => e.Id)
            .Take(Most * 3)
            .ToListAsync(cancellationToken);
        return
        [
            .. events
                .GroupBy(e => e.ReferenceCode)
                .Select(steps => new TriedSignIn(
                    // Why it failed says more than that it did.
                    steps.FirstOrDefault(e => !e.Success && e.FindingCode is not null)
                        ?? steps.First(),
                    steps.Key
                ))
                .Take(Most),
        ];
    }
}
