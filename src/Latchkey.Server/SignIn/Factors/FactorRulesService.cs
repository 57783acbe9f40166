using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Latchkey.Server.Applications;
using Latchkey.Server.Insights;
using Latchkey.Server.Problems;
using Latchkey.Server.Settings;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.SignIn.Factors;

/// <summary>Keeps <see cref="FactorRules"/>.</summary>
internal sealed class FactorRulesService(
    IDbContextFactory<LatchkeyDbContext> databases,
    EventRecorder events
)
{
    private const string Name = "second_factor";

    private static Problem Changed => new("settings-changed", "version");

    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    public async Task<FactorRules> ReadAsync(CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        return await ReadAsync(database, ct);
    }

    public static async Task<FactorRules> ReadAsync(
        LatchkeyDbContext database,
        CancellationToken ct
    ) => Read(await TextAsync(database, ct));

    /// <summary>Counts no changes, but tells two states apart: what a page says it has seen.</summary>
    public static long VersionOf(FactorRules rules) =>
        BinaryPrimitives.ReadInt64BigEndian(
            SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(rules, s_json))
        );

    /// <summary>Changes a part of the rules, whatever somebody else does to the others meanwhile.</summary>
    public async Task<Outcome<FactorRules>> ChangeAsync(
        Func<FactorRules, FactorRules> change,
        CancellationToken ct
    )
    {
        while (true)
        {
            var before = await ReadAsync(ct);
            var saved = await SaveAsync(change(before), ct, VersionOf(before));
            if (!saved.Problems.Any(p => p.Code == Changed.Code))
                return saved;
        }
    }

    /// <summary>Makes the rules what the input says. They count from the next request on, on every node.</summary>
    /// <param name="rules">All of them.</param>
    /// <param name="ct">Gives up waiting.</param>
    /// <param name="seen">The <see cref="VersionOf"/> of those that were looked at; null for whichever they are.</param>
    public async Task<Outcome<FactorRules>> SaveAsync(
        FactorRules rules,
        CancellationToken ct,
        long? seen = null
    )
    {
        if (rules.EnrolmentDays is < 1 or > FactorRules.LongestEnrolment)
        {
            return new Problem(
                "enrolment-days-out-of-range",
                "enrolment_days",
                FactorRules.LongestEnrolment
            );
        }
        await using var database = await databases.CreateDbContextAsync(ct);
        await using var transaction = await database.Database.BeginOrJoinAsync(ct);
        var text = await TextAsync(database, ct);
        var before = Read(text);
        if (seen is not null && seen != VersionOf(before))
            return Changed;
        var changes = FieldChange.Between(Snapshot(before), Snapshot(rules));
        if (changes.Count == 0)
            return rules;
        var newly = rules.Applications.Except(before.Applications).ToList();
        var bookmark = await database
            .Applications.Where(a => newly.Contains(a.Id) && a.Kind != ApplicationKind.Saml)
            .OrderBy(a => a.Slug)
            .Select(a => a.Slug)
            .FirstOrDefaultAsync(ct);
        if (bookmark is not null)
            return new Problem("second-step-of-bookmark", "applications", bookmark);
        await EnrolmentPeriods.ForgetAsync(database, before, rules, ct);
        database.Events.Add(
            events.New(EventTypes.OrganizationUpdate, success: true, details: new { changes })
        );
        // What nodes keep in memory about an application is keyed by its version.
        var touched = before.Applications.Union(rules.Applications).ToList();
        await database
            .Applications.Where(a => touched.Contains(a.Id))
            .ExecuteUpdateAsync(a => a.SetProperty(x => x.Version, x => x.Version + 1), ct);
        if (!await database.ReplaceAsync(Name, text, JsonSerializer.Serialize(rules, s_json), ct))
            return Changed;
        await transaction.CommitAsync(ct);
        return rules;
    }

    private static Task<string?> TextAsync(LatchkeyDbContext database, CancellationToken ct) =>
        database.Settings.Where(s => s.Name == Name).Select(s => s.Value).SingleOrDefaultAsync(ct);

    private static FactorRules Read(string? text) =>
        text is null ? FactorRules.Default : JsonSerializer.Deserialize<FactorRules>(text, s_json)!;

    private static List<KeyValuePair<string, string?>> Snapshot(FactorRules rules) =>
        [
            new("second_factor.everybody", rules.Everybody ? "true" : "false"),
            new(
                "second_factor.enrolment_days",
                rules.EnrolmentDays.ToString(CultureInfo.InvariantCulture)
            ),
            new("second_factor.groups", string.Join(", ", rules.Groups.Order())),
            new("second_factor.applications", string.Join(", ", rules.Applications.Order())),
        ];
}
