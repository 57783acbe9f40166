using Latchkey.Server.Insights;
using Latchkey.Server.Settings;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Directory.Accounts;

/// <summary>How a user came to be (J-61). Provisioning will be a further way.</summary>
internal enum CreationWay
{
    ByHand,
    Apply,
    Import,
}

/// <summary>The state a new user begins in where nobody says it: a setting for each way of creating.</summary>
internal sealed class StartingStates(
    IDbContextFactory<LatchkeyDbContext> databases,
    EventRecorder events
)
{
    public static string SettingName(CreationWay way) =>
        way switch
        {
            CreationWay.ByHand => "starting_state_by_hand",
            CreationWay.Apply => "starting_state_apply",
            _ => "starting_state_import",
        };

    public async Task<UserState> OfAsync(
        CreationWay way,
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var name = SettingName(way);
        var said = await db
            .Settings.Where(s => s.Name == name)
            .Select(s => s.Value)
            .SingleOrDefaultAsync(cancellationToken);
        return said == UserChanges.Name(UserState.Staged) ? UserState.Staged : UserState.Activated;
    }

    public async Task SaveAsync(
        CreationWay way,
        UserState state,
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var name = SettingName(way);
        var row = await db.Settings.SingleOrDefaultAsync(s => s.Name == name, cancellationToken);
        var (from, to) = (
            row?.Value ?? UserChanges.Name(UserState.Activated),
            UserChanges.Name(state)
        );
        if (from == to)
        {
            return;
        }
        if (row is null)
        {
            db.Settings.Add(new Setting { Name = name, Value = to });
        }
        else
        {
            row.Value = to;
        }
        db.Events.Add(
            events.New(
                EventTypes.OrganizationUpdate,
                success: true,
                new EventSubject("setting", null, name),
                new { changes = new[] { new FieldChange(name, from, to) } }
            )
        );
        await db.SaveChangesAsync(cancellationToken);
    }
}
