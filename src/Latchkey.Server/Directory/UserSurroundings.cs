using Latchkey.Saml.Protocol;
using Latchkey.Server.Applications;
using Latchkey.Server.Applications.Mapping;
using Latchkey.Server.Directory.Accounts;
using Latchkey.Server.Insights;
using Latchkey.Server.Problems;
using Latchkey.Server.SignIn.Factors;
using Latchkey.Server.SignIn.Sessions;
using Latchkey.Server.SingleSignOn;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Directory;

/// <summary>What an application would be told about a user now.</summary>
/// <param name="NameId">Null for a pseudonym, which is made at the first sign-in.</param>
internal sealed record ToldToApplication(
    Guid ApplicationId,
    string? NameId,
    IReadOnlyList<SamlAttribute> Attributes
);

/// <summary>What lies around a user: the second step, open sessions, what happened last, what each application is told.</summary>
internal sealed record SurroundingsOfUser(
    Enrolment SecondStep,
    UserFactors Factors,
    IReadOnlyList<OpenSession> Sessions,
    IReadOnlyList<Event> Events,
    IReadOnlyDictionary<Guid, ToldToApplication> Told
);

/// <summary>Reads what lies around a user, and the few things an administrator does about it.</summary>
internal sealed class UserSurroundings(
    UserWriter writer,
    SessionList sessions,
    SessionEnding ending,
    EventQueries record,
    UserFactsReader people,
    PasswordResetMails resets,
    TimeProvider time
)
{
    private const int MostEvents = 8;

    public async Task<SurroundingsOfUser> OfAsync(
        User user,
        IReadOnlyList<AccessRow> access,
        CancellationToken cancellationToken
    )
    {
        var latest = await record.ListAsync(
            new EventQuery { UserId = user.Id },
            null,
            MostEvents,
            cancellationToken
        );
        var told = await ToldAsync(user, access, cancellationToken);
        await using var db = await writer.OpenAsync(cancellationToken);
        return new SurroundingsOfUser(
            await EnrolmentStatuses.OfAsync(db, user, time.GetUtcNow(), cancellationToken),
            await UserFactors.ReadAsync(db, user.Id, cancellationToken),
            await sessions.OfAsync(user.Id, cancellationToken),
            latest.Rows,
            told
        );
    }

    /// <summary>Ends a session of the user, or all of them.</summary>
    public async Task<Outcome<User>> EndSessionsAsync(
        Guid userId,
        Guid? sessionId,
        CancellationToken cancellationToken
    )
    {
        await using var db = await writer.OpenAsync(cancellationToken);
        var found = await writer.FindToChangeAsync(db, userId, cancellationToken);
        if (found.Value is not { } user)
        {
            return found;
        }
        await ending.EndAsync(userId, sessionId, but: null, cancellationToken);
        return user;
    }

    /// <summary>Mails a link to choose a new password.</summary>
    public async Task<Outcome<User>> SendResetAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var db = await writer.OpenAsync(cancellationToken);
        var found = await writer.FindToChangeAsync(db, id, cancellationToken);
        if (found.Value is not { } user)
        {
            return found;
        }
        if (user.State != UserState.Activated)
        {
            return new Problem("user-not-active", "");
        }
        await resets.SendAsync(db, user, cancellationToken);
        writer.Record(db, EventTypes.UserPasswordResetRequest, user);
        return await writer.SaveAsync(db, user, null, cancellationToken);
    }

    private async Task<Dictionary<Guid, ToldToApplication>> ToldAsync(
        User user,
        IReadOnlyList<AccessRow> access,
        CancellationToken cancellationToken
    )
    {
        var own = user.Attributes;
        try
        {
            var plans = access.Select(row => AttributePlan.Of(row.Application)).ToList();
            var facts = await people.ReadAllAsync(
                user,
                [
                    .. access.Select(
                        (row, i) => new WantedFacts(row.Application, plans[i].Needs, row.Through)
                    ),
                ],
                cancellationToken
            );
            return access
                .Select((row, i) => Told(row.Application, plans[i], facts[i]))
                .ToDictionary(told => told.ApplicationId);
        }
        finally
        {
            user.Attributes = own;
        }
    }

    private static ToldToApplication Told(
        Application application,
        AttributePlan plan,
        UserFacts facts
    )
    {
        try
        {
            var nameId = application.NameIdFormat
                is NameIdFormats.Persistent
                    or NameIdFormats.Transient
                ? null
                : plan.NameId(facts) ?? "";
            return new ToldToApplication(application.Id, nameId, plan.Attributes(facts));
        }
        catch (AttributeTooCostlyException)
        {
            return new ToldToApplication(application.Id, "", []);
        }
    }
}
