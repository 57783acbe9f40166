using Latchkey.Saml.Findings;
using Latchkey.Server.Applications;
using Latchkey.Server.Insights;
using Latchkey.Server.SingleSignOn;
using Latchkey.Server.Storage;

namespace Latchkey.Server.SingleLogout;

/// <summary>Keeps what happens in the course of a logout. All of it shares the reference code of its beginning.</summary>
internal sealed class LogoutRecord(Logouts logouts, GroupCommit commits, TimeProvider time)
{
    /// <summary>How one participant was settled, or will be tried again.</summary>
    public Task ParticipantAsync(
        HttpContext? http,
        Logout logout,
        Application? application,
        LogoutParticipant participant,
        LogoutFailure? failure,
        IReadOnlyList<Finding>? findings = null,
        string? said = null,
        DateTimeOffset? nextAttempt = null
    )
    {
        var record = Of(http, logout, application);
        record.Add(
            EventTypes.SamlLogoutParticipant,
            success: failure is null,
            findings is { Count: > 0 } ? findings[0].Code : null,
            new
            {
                channel = participant.Channel,
                name_id = participant.Subject.Value,
                session_indexes = participant.SessionIndexes,
                failure,
                said,
                next_attempt = nextAttempt,
                findings = findings is { Count: > 0 } ? SignOnRecord.Show(findings) : null,
            }
        );
        return CommitAsync(record);
    }

    /// <summary>Keeps how it ended, once, if everybody is settled.</summary>
    public async Task FinishAsync(HttpContext? http, LogoutView view)
    {
        if (!view.Settled || !await logouts.FinishAsync(view.Logout.Id))
            return;
        var record = Of(http, view.Logout, application: null);
        int Count(ParticipantState state) => view.Participants.Count(p => p.Row.State == state);
        record.Add(
            EventTypes.SamlLogoutFinished,
            success: !view.Partial,
            details: new
            {
                signed_out = Count(ParticipantState.SignedOut),
                not_offered = Count(ParticipantState.NotOffered),
                failed = view.Participants.Count
                    - Count(ParticipantState.SignedOut)
                    - Count(ParticipantState.NotOffered),
            }
        );
        await CommitAsync(record);
    }

    /// <summary>A record that goes on under the logout's code.</summary>
    public SignOnRecord Of(HttpContext? http, Logout logout, Application? application) =>
        new(http, logout.ReferenceCode, time)
        {
            Application = application,
            Actor = (logout.UserId, logout.Username),
        };

    /// <summary>Makes what was added so far durable.</summary>
    public async Task CommitAsync(SignOnRecord record)
    {
        await commits.SubmitAsync(new() { Events = record.Events }, CancellationToken.None);
        record.Written();
    }
}
