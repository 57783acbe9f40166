using System.Globalization;
using Latchkey.Server.Problems;
using Latchkey.Server.Roles;
using Latchkey.Server.Settings;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Insights;

/// <summary>How many days events are kept (J-116).</summary>
internal sealed record RetentionDays(int Days)
{
    public const int Default = 90;

    /// <summary>A month: what somebody did is not gone before anybody looked.</summary>
    public const int Shortest = 30;
    public const int Longest = 3650;
}

/// <summary>Keeps for how long events are kept, which only owners change: the record says what administrators did. Under the setting <c>event_retention_days</c>.</summary>
internal sealed class EventRetention(
    IDbContextFactory<LatchkeyDbContext> databases,
    Acting acting,
    EventRecorder events
)
{
    public const string SettingName = "event_retention_days";

    public async Task<int> ReadAsync(CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        return await ReadAsync(database, cancellationToken);
    }

    public static async Task<int> ReadAsync(
        LatchkeyDbContext database,
        CancellationToken cancellationToken
    )
    {
        var said = await database
            .Settings.Where(s => s.Name == SettingName)
            .Select(s => s.Value)
            .SingleOrDefaultAsync(cancellationToken);
        return int.TryParse(said, NumberStyles.None, CultureInfo.InvariantCulture, out var days)
            ? days
            : RetentionDays.Default;
    }

    /// <summary>Counts from the next tidying on, on every node.</summary>
    public async Task<Outcome<RetentionDays>> SaveAsync(
        int days,
        CancellationToken cancellationToken
    )
    {
        if (acting.RefuseSafeguards() is { } refused)
        {
            return refused;
        }
        if (days is < RetentionDays.Shortest or > RetentionDays.Longest)
        {
            return new Problem(
                "retention-out-of-range",
                "days",
                RetentionDays.Shortest,
                RetentionDays.Longest
            );
        }
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        var before = await ReadAsync(database, cancellationToken);
        if (before == days)
        {
            return new RetentionDays(days);
        }
        var text = Text(days);
        var row = await database.Settings.SingleOrDefaultAsync(
            s => s.Name == SettingName,
            cancellationToken
        );
        if (row is null)
        {
            database.Settings.Add(new Setting { Name = SettingName, Value = text });
        }
        else
        {
            row.Value = text;
        }
        database.Events.Add(
            events.New(
                EventTypes.OrganizationUpdate,
                success: true,
                new EventSubject("setting", null, SettingName),
                new { changes = new[] { new FieldChange(SettingName, Text(before), text) } }
            )
        );
        await database.SaveChangesAsync(cancellationToken);
        return new RetentionDays(days);
    }

    private static string Text(int days) => days.ToString(CultureInfo.InvariantCulture);
}
