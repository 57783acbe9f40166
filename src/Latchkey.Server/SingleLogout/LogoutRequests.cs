using Latchkey.Saml.Protocol;
using Latchkey.Server.SingleSignOn;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.SingleLogout;

/// <summary>Makes what we ask participants.</summary>
internal sealed class LogoutRequests(
    IDbContextFactory<LatchkeyDbContext> databases,
    ApplicationRuntimes runtimes,
    IdSource ids,
    TimeProvider time
)
{
    /// <summary>How long a participant may take our request for good.</summary>
    private static readonly TimeSpan s_lifetime = TimeSpan.FromMinutes(5);

    public LogoutRequest Make(
        ApplicationRuntime runtime,
        Logout logout,
        LogoutParticipant participant,
        string destination
    )
    {
        var now = time.GetUtcNow();
        return new()
        {
            Id = ids.Next(),
            IssueInstant = now,
            Issuer = runtime.Application.IdpEntityId,
            Destination = destination,
            NameId = participant.Subject,
            SessionIndexes = participant.SessionIndexes,
            Reason =
                logout.Origin == LogoutOrigin.Elsewhere ? LogoutReasons.Admin : LogoutReasons.User,
            NotOnOrAfter = now + s_lifetime,
        };
    }

    /// <summary>An application as it is now; null if it is gone.</summary>
    public async Task<ApplicationRuntime?> RuntimeAsync(Guid applicationId, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        var version = await database
            .Applications.Where(a => a.Id == applicationId)
            .Select(a => (long?)a.Version)
            .SingleOrDefaultAsync(ct);
        return version is { } known ? await runtimes.GetAsync(applicationId, known) : null;
    }

    /// <summary>Whether it can be asked and its answer believed: both are always signed (rule B3).</summary>
    public static bool CanAsk(ApplicationRuntime runtime) =>
        runtime is { SigningKey: not null, RequestKeys.Count: > 0 };
}
