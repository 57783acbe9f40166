using System.ComponentModel;
using Latchkey.Server.Api.Calls;
using Latchkey.Server.Api.Declaration;
using Latchkey.Server.Directory;
using Latchkey.Server.Problems;
using Latchkey.Server.SignIn.Passwords;

namespace Latchkey.Server.Api.Settings;

/// <summary>Rules for the passwords of some groups, or of everybody who has no others (J-68 to J-71).</summary>
internal sealed record PasswordPolicyBody
{
    [ReadOnly(true)]
    public required Guid? Id { get; init; }

    public required string Name { get; init; }

    [ReadOnly(true)]
    [Description("Whether it is the one of everybody who is in no group with another.")]
    public required bool IsDefault { get; init; }

    [Description(
        "Of several that fit a user the first counts, from 1; null of the default, which comes last."
    )]
    public required int? Position { get; init; }

    /// <summary>Their names.</summary>
    public required IReadOnlyList<string> Groups { get; init; }

    public required PasswordRules Rules { get; init; }

    public static PasswordPolicyBody Of(BoundPolicy bound, int position) =>
        new()
        {
            Id = bound.Policy.Id,
            Name = bound.Policy.Name,
            IsDefault = bound.Policy.IsDefault,
            Position = bound.Policy.IsDefault ? null : position,
            Groups =
            [
                .. bound
                    .Groups.OrderBy(g => g.NormalizedName, StringComparer.Ordinal)
                    .Select(g => g.Name),
            ],
            Rules = bound.Policy.Rules,
        };
}

internal sealed record PasswordPoliciesBody(IReadOnlyList<PasswordPolicyBody> Items);

/// <param name="name">Its name or id; empty for one that is made.</param>
internal sealed class PasswordPolicyPart(string name, PasswordPolicyService policies, Names names)
    : SettingsPart<PasswordPolicyBody>("password policy", name)
{
    protected override IReadOnlyList<string> OnlyShown => ["id", "is_default"];

    /// <summary>All of them in their order, the default last.</summary>
    public static async Task<IReadOnlyList<PasswordPolicyBody>> AllAsync(
        PasswordPolicyService policies,
        CancellationToken ct
    ) => [.. (await policies.ReadAsync(ct)).All.Select((p, i) => PasswordPolicyBody.Of(p, i + 1))];

    protected override async Task<PasswordPolicyBody?> FindAsync(CancellationToken ct)
    {
        var all = await AllAsync(policies, ct);
        var wanted = UserRules.Normalize(Name);
        // A name may look like an id; then the name counts.
        return all.FirstOrDefault(p => UserRules.Normalize(p.Name) == wanted)
            ?? all.FirstOrDefault(p => p.Id.ToString() == Name);
    }

    protected override PasswordPolicyBody Over(
        PasswordPolicyBody? now,
        Section said,
        MetadataFiles files
    )
    {
        var rules = said.Map("rules");
        var after = new PasswordPolicyBody
        {
            Id = now?.Id,
            Name = said.Text("name") ?? now?.Name ?? Name,
            IsDefault = now?.IsDefault == true,
            Position = said.Number("position") ?? now?.Position,
            Groups = said.Texts("groups") ?? now?.Groups ?? [],
            Rules = rules is null ? now?.Rules ?? new() : Over(now?.Rules ?? new(), rules),
        };
        rules?.End();
        return after;
    }

    private static PasswordRules Over(PasswordRules now, Section said) =>
        new()
        {
            MinLength = said.Number("min_length") ?? now.MinLength,
            NeedsLower = said.Flag("needs_lower") ?? now.NeedsLower,
            NeedsUpper = said.Flag("needs_upper") ?? now.NeedsUpper,
            NeedsNumber = said.Flag("needs_number") ?? now.NeedsNumber,
            NeedsSymbol = said.Flag("needs_symbol") ?? now.NeedsSymbol,
            MayContainName = said.Flag("may_contain_name") ?? now.MayContainName,
            RefusesCommon = said.Flag("refuses_common") ?? now.RefusesCommon,
            RefusesSequences = said.Flag("refuses_sequences") ?? now.RefusesSequences,
            History = said.Number("history") ?? now.History,
            MinAgeHours = said.Number("min_age_hours") ?? now.MinAgeHours,
            ExpiryDays = said.Number("expiry_days") ?? now.ExpiryDays,
            WarnDays = said.Number("warn_days") ?? now.WarnDays,
            ForceDays = said.Number("force_days") ?? now.ForceDays,
            GraceDays = said.Number("grace_days") ?? now.GraceDays,
            CountFrom = said.Text("count_from") is ""
                ? null
                : said.Time("count_from") ?? now.CountFrom,
            MaxTries = said.Number("max_tries") ?? now.MaxTries,
            LockoutMinutes = said.Number("lockout_minutes") ?? now.LockoutMinutes,
            ResetTriesMinutes = said.Number("reset_tries_minutes") ?? now.ResetTriesMinutes,
            LocksEverywhere = said.Flag("locks_everywhere") ?? now.LocksEverywhere,
        };

    protected override async Task<IReadOnlyList<Problem>> SaveAsync(
        PasswordPolicyBody? now,
        PasswordPolicyBody after,
        CancellationToken ct
    )
    {
        var problems = new List<Problem>();
        var groups = await names.GroupsAsync(after.Groups, "groups", problems, ct);
        if (problems.Count > 0)
        {
            return problems;
        }
        var input = new PasswordPolicyInput(after.Name, after.Rules, groups!);
        var saved = now?.Id is { } id
            ? await policies.UpdateAsync(id, input, version: null, ct)
            : await policies.CreateAsync(input, ct);
        if (saved.Ok && after.Position is { } place && !saved.Value.IsDefault)
        {
            saved = await policies.PlaceAsync(saved.Value.Id, place, ct);
        }
        return
        [
            .. saved.Problems.Select(p =>
                p.Where is "name" or "groups" or "" ? p : p with { Where = "rules." + p.Where }
            ),
        ];
    }
}
