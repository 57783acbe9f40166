using Latchkey.Saml.Protocol;
using Latchkey.Server.Applications;
using Latchkey.Server.SignIn;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.SingleLogout;

/// <summary>
/// Finds the sessions a LogoutRequest means: those in which the very application that asks was given an assertion with
/// that NameID and, where it names any, one of those SessionIndexes (rule B3, saml-core-2.0 §3.7.3.2). A session that the
/// application was never told of cannot be meant, whatever is asked.
/// </summary>
internal sealed class SessionMatch(IDbContextFactory<LatchkeyDbContext> databases)
{
    /// <summary>Null when there is none.</summary>
    public async Task<MatchedSessions?> FindAsync(
        Application application,
        LogoutRequest request,
        CancellationToken ct
    )
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        var indexes = request.SessionIndexes;
        var known =
            from participant in database.SessionParticipants.AsNoTracking()
            join session in database.Sessions on participant.SessionId equals session.Id
            join user in database.Users on session.UserId equals user.Id
            where participant.ApplicationId == application.Id
            select new
            {
                Participant = participant,
                session.ParticipantsToldAt,
                user.Id,
                user.Username,
            };
        known =
            indexes.Count > 0
                ? known.Where(k => indexes.Contains(k.Participant.SessionIndex))
                : known.Where(k => k.Participant.NameId == request.NameId.Value);
        var rows = await known.ToListAsync(ct);
        rows.RemoveAll(k =>
            !IsSame(request.NameId, LogoutPlan.SubjectOf(k.Participant), application)
        );
        // An identifier names one user at one application; were there two, neither would be meant for sure.
        if (rows.Count == 0 || rows.Exists(k => k.Id != rows[0].Id))
            return null;
        // Those that are over already count only when there is no other: then there is nothing left to do.
        var open = rows.FindAll(k => k.ParticipantsToldAt is null);
        return new(
            rows[0].Id,
            rows[0].Username,
            [.. (open.Count > 0 ? open : rows[..1]).Select(k => k.Participant.SessionId).Distinct()]
        );
    }

    /// <summary>
    /// Whether two identifiers are the same to the letter. What is left out counts as what the specification reads into
    /// its absence: no format is "unspecified", a missing qualifier is the one of the two entities (saml-core-2.0 §2.2.2, §8.3.7).
    /// </summary>
    private static bool IsSame(NameId asked, NameId sent, Application application) =>
        asked.Value == sent.Value
        && (asked.Format ?? NameIdFormats.Unspecified) == (sent.Format ?? NameIdFormats.Unspecified)
        && (asked.NameQualifier ?? application.IdpEntityId)
            == (sent.NameQualifier ?? application.IdpEntityId)
        && (asked.SpNameQualifier ?? application.SpEntityId)
            == (sent.SpNameQualifier ?? application.SpEntityId);
}

/// <param name="Sessions">At least one; some may have ended before.</param>
internal sealed record MatchedSessions(Guid UserId, string Username, IReadOnlyList<Guid> Sessions);
