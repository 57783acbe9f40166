using Latchkey.Saml.Protocol;
using Latchkey.Server.Applications;
using Latchkey.Server.SignIn;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.SingleLogout;

/// <summary>Whom a logout has to tell: every service provider that was given an assertion in the sessions that end.</summary>
internal static class LogoutPlan
{
    /// <summary>Browsers and servers limit addresses; older SessionIndexes of one application in one session were replaced there.</summary>
    private const int MostIndexes = 32;

    /// <summary>How long a node may take to ask by SOAP before another thinks it dead.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    /// <summary>Adds the participants to what will be saved.</summary>
    /// <param name="database">Holds the logout.</param>
    /// <param name="logout">What began.</param>
    /// <param name="sessions">The sessions that end.</param>
    /// <param name="askedInline">Whether who adds them asks those with SOAP at once, and only when that fails another time.</param>
    /// <param name="ct">Gives up waiting.</param>
    public static async Task<IReadOnlyList<LogoutParticipant>> AddAsync(
        LatchkeyDbContext database,
        Logout logout,
        IReadOnlyCollection<Guid> sessions,
        bool askedInline,
        CancellationToken ct
    )
    {
        var rows = await (
            from participant in database.SessionParticipants.AsNoTracking()
            where
                sessions.Contains(participant.SessionId)
                // Whoever asks for the logout has signed the user out itself.
                && (
                    logout.ApplicationId == null
                    || participant.ApplicationId != logout.ApplicationId
                )
            join application in database.Applications.AsNoTracking()
                on participant.ApplicationId equals application.Id
            orderby participant.CreatedAt descending, participant.Id descending
            select new { Participant = participant, Application = application }
        ).ToListAsync(ct);
        var due = logout.CreatedAt + (askedInline ? Lease : TimeSpan.Zero);
        var added = rows.GroupBy(row => (row.Application.Id, Subject: SubjectOf(row.Participant)))
            .Select(
                (group, number) =>
                    Make(
                        logout,
                        group.First().Application,
                        group.Key.Subject,
                        [.. group.Select(row => row.Participant.SessionIndex).Take(MostIndexes)],
                        number,
                        due
                    )
            )
            .ToList();
        database.Logouts.Add(logout);
        database.LogoutParticipants.AddRange(added);
        return added;
    }

    /// <summary>The NameID that was sent.</summary>
    public static NameId SubjectOf(SessionParticipant participant) =>
        new(
            participant.NameId ?? "",
            participant.NameIdFormat,
            participant.NameQualifier,
            participant.SpNameQualifier
        );

    private static LogoutParticipant Make(
        Logout logout,
        Application application,
        NameId subject,
        IReadOnlyList<string> indexes,
        int number,
        DateTimeOffset due
    )
    {
        var back = LogoutEndpoints.Back(application) is not null;
        var front = LogoutEndpoints.Front(application) is not null;
        var reachable = subject.Value.Length > 0 && (back || (front && logout.HasBrowser));
        return new()
        {
            LogoutId = logout.Id,
            ApplicationId = application.Id,
            Number = number,
            Subject = subject,
            SessionIndexes = indexes,
            State =
                reachable ? ParticipantState.Waiting
                : front && subject.Value.Length > 0 ? ParticipantState.Failed
                : ParticipantState.NotOffered,
            Failure =
                !reachable && front && subject.Value.Length > 0 ? LogoutFailure.NeedsBrowser : null,
            Channel = back ? LogoutChannel.Back : LogoutChannel.Front,
            NextAttemptAt = reachable && back ? due : null,
        };
    }
}
