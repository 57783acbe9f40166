using System.Globalization;
using System.Text.Json;
using Latchkey.Server.Insights;
using Latchkey.Server.Problems;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.SignIn.Sessions;

/// <summary>How long the organisation lets sessions last, and what browsers may keep (J-48).</summary>
/// <param name="IdleMinutes">After so many minutes without a request a session ends.</param>
/// <param name="LifetimeHours">After so many hours it ends whatever happens.</param>
/// <param name="KeepsCookie">Whether the cookie outlives the browser's closing; otherwise closing it signs out.</param>
/// <param name="RememberDays">For how many days a browser may be let off the second step at sign-in; 0 for not at all.</param>
/// <param name="TellsNewBrowsers">Whether a sign-in from a browser that is new is told by mail.</param>
internal sealed record SessionSettings(
    int IdleMinutes,
    int LifetimeHours,
    bool KeepsCookie,
    int RememberDays,
    bool TellsNewBrowsers
)
{
    public const int LongestIdle = 30 * 24 * 60;
    public const int LongestLifetime = 90 * 24;
    public const int LongestRemembered = 90;

    public static SessionSettings Default { get; } = new(120, 12, false, 0, true);

    public TimeSpan Idle => TimeSpan.FromMinutes(IdleMinutes);

    public TimeSpan Lifetime => TimeSpan.FromHours(LifetimeHours);

    /// <summary>For the cookie; null for as long as the browser runs.</summary>
    public TimeSpan? CookieLifetime => KeepsCookie ? Lifetime : null;
}

/// <summary>Keeps <see cref="SessionSettings"/>.</summary>
internal sealed class SessionSettingsService(
    IDbContextFactory<LatchkeyDbContext> databases,
    EventRecorder events,
    TimeProvider time
)
{
    private const string Name = "sessions";

    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    public async Task<SessionSettings> ReadAsync(CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        return await ReadAsync(db, ct);
    }

    public static async Task<SessionSettings> ReadAsync(LatchkeyDbContext db, CancellationToken ct)
    {
        var text = await db
            .Settings.Where(s => s.Name == Name)
            .Select(s => s.Value)
            .SingleOrDefaultAsync(ct);
        return text is null
            ? SessionSettings.Default
            : JsonSerializer.Deserialize<SessionSettings>(text, s_json)!;
    }

    /// <summary>Makes the settings what the input says. Open sessions follow: none lasts longer than a new one would from now on.</summary>
    public async Task<Outcome<SessionSettings>> SaveAsync(
        SessionSettings settings,
        CancellationToken ct
    )
    {
        var problems = new List<Problem>();
        Check("idle_minutes", settings.IdleMinutes, 5, SessionSettings.LongestIdle);
        Check("lifetime_hours", settings.LifetimeHours, 1, SessionSettings.LongestLifetime);
        Check("remember_days", settings.RememberDays, 0, SessionSettings.LongestRemembered);
        if (problems.Count > 0)
            return Outcome<SessionSettings>.Failed(problems);
        await using var db = await databases.CreateDbContextAsync(ct);
        await using var transaction = await db.Database.BeginOrJoinAsync(ct);
        var before = await ReadAsync(db, ct);
        var changes = FieldChange.Between(Snapshot(before), Snapshot(settings));
        if (changes.Count == 0)
            return settings;
        var value = JsonSerializer.Serialize(settings, s_json);
        var row = await db.Settings.SingleOrDefaultAsync(s => s.Name == Name, ct);
        if (row is null)
        {
            db.Settings.Add(new() { Name = Name, Value = value });
        }
        else
        {
            row.Value = value;
        }
        db.Events.Add(
            events.New(EventTypes.OrganizationUpdate, success: true, details: new { changes })
        );
        // First of all: the row of two who save at once lets one pass after the other.
        await db.SaveChangesAsync(ct);
        var now = time.GetUtcNow();
        var idle = (int)settings.Idle.TotalSeconds;
        var (used, latest) = (now - before.Idle, now + settings.Lifetime);
        var open = db.Sessions.Where(s => s.EndedAt == null);
        // What has run out stays so, though it would not have under the new settings.
        await open.Where(s => s.LastSeenAt <= used && s.ExpiresAt > now)
            .ExecuteUpdateAsync(s => s.SetProperty(x => x.ExpiresAt, now), ct);
        await open.ExecuteUpdateAsync(s => s.SetProperty(x => x.IdleSeconds, idle), ct);
        await open.Where(s => s.ExpiresAt > latest)
            .ExecuteUpdateAsync(s => s.SetProperty(x => x.ExpiresAt, latest), ct);
        await transaction.CommitAsync(ct);
        return settings;

        void Check(string field, int value, int least, int most)
        {
            if (value < least || value > most)
                problems.Add(new("session-setting-out-of-range", field, least, most));
        }
    }

    private static List<KeyValuePair<string, string?>> Snapshot(SessionSettings settings) =>
        [
            new("sessions.idle_minutes", Text(settings.IdleMinutes)),
            new("sessions.lifetime_hours", Text(settings.LifetimeHours)),
            new("sessions.keeps_cookie", settings.KeepsCookie ? "true" : "false"),
            new("sessions.remember_days", Text(settings.RememberDays)),
            new("sessions.tells_new_browsers", settings.TellsNewBrowsers ? "true" : "false"),
        ];

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
