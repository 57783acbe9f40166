using System.Globalization;
using System.Text.Json;
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
    )
    {
        var text = await database
            .Settings.Where(s => s.Name == Name)
            .Select(s => s.Value)
            .SingleOrDefaultAsync(ct);
        return text is null
            ? FactorRules.Default
            : JsonSerializer.Deserialize<FactorRules>(text, s_json)!;
    }

    /// <summary>Makes the rules what the input says. They count from the next request on, on every node.</summary>
    public async Task<Outcome<FactorRules>> SaveAsync(FactorRules rules, CancellationToken ct)
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
        var before = await ReadAsync(database, ct);
        var changes = FieldChange.Between(Snapshot(before), Snapshot(rules));
        if (changes.Count == 0)
            return rules;
        await database.Settings.Where(s => s.Name == Name).ExecuteDeleteAsync(ct);
        database.Settings.Add(
            new() { Name = Name, Value = JsonSerializer.Serialize(rules, s_json) }
        );
        database.Events.Add(
            events.New(EventTypes.OrganizationUpdate, success: true, details: new { changes })
        );
        // What nodes keep in memory about an application is keyed by its version.
        var touched = before.Applications.Union(rules.Applications).ToList();
        await database
            .Applications.Where(a => touched.Contains(a.Id))
            .ExecuteUpdateAsync(a => a.SetProperty(x => x.Version, x => x.Version + 1), ct);
        await database.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return rules;
    }

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
