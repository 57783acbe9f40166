using System.Globalization;
using Latchkey.Server.Directory;
using Latchkey.Server.Insights;
using Latchkey.Server.Problems;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.SignIn.Passwords;

/// <summary>What an administrator says about a policy, the whole of it.</summary>
internal sealed record PasswordPolicyInput(
    string Name,
    PasswordRules Rules,
    IReadOnlyCollection<Guid> GroupIds
);

/// <summary>Makes, changes, orders and deletes password policies. Each counts from the next request on, on every node.</summary>
internal sealed class PasswordPolicyService(
    IDbContextFactory<LatchkeyDbContext> databases,
    EventRecorder events,
    TimeProvider time
)
{
    public const int LongestName = 60;

    private readonly VersionedRows<PasswordPolicy> _rows = new(
        "policy-missing",
        "policy-changed",
        databases,
        time
    );

    public async Task<PolicySet> ReadAsync(CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        return await PolicySet.ReadAsync(db, ct);
    }

    /// <summary>The policy in force for a user, and why.</summary>
    public async Task<PolicyInForce> OfAsync(Guid userId, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        return await PolicySet.OfAsync(db, userId, ct);
    }

    /// <summary>Makes a policy, below those there are.</summary>
    public async Task<Outcome<PasswordPolicy>> CreateAsync(
        PasswordPolicyInput input,
        CancellationToken ct
    )
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        var now = time.GetUtcNow();
        var last = await db
            .PasswordPolicies.Where(p => p.Id != PasswordPolicy.DefaultId)
            .MaxAsync(p => (int?)p.Rank, ct);
        var policy = new PasswordPolicy
        {
            Name = "",
            NormalizedName = "",
            Rank = (last ?? 0) + 1,
            CreatedAt = now,
            UpdatedAt = now,
        };
        var problems = await FillAsync(db, policy, input, ct);
        if (problems.Count > 0)
            return Outcome<PasswordPolicy>.Failed(problems);
        db.PasswordPolicies.Add(policy);
        Bind(db, policy, [], input.GroupIds);
        var changes = FieldChange.New(Snapshot(policy, input.GroupIds));
        Record(db, EventTypes.PasswordPolicyCreate, policy, new { changes });
        return await SaveAsync(db, policy, ct);
    }

    /// <summary>Makes a policy what the input says. The default keeps its name and has no groups.</summary>
    public async Task<Outcome<PasswordPolicy>> UpdateAsync(
        Guid id,
        PasswordPolicyInput input,
        long? version,
        CancellationToken ct
    )
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        if (
            id == PasswordPolicy.DefaultId
            && !await db.PasswordPolicies.AnyAsync(p => p.Id == id, ct)
        )
        {
            await MakeDefaultAsync(ct);
            version = version == 0 ? 1 : version;
        }
        var found = await _rows.FindAsync(db, id, version, ct);
        if (found.Value is not { } policy)
            return found;
        if (policy.IsDefault)
            input = input with { Name = policy.Name, GroupIds = [] };
        var bound = await db.PasswordPolicyGroups.Where(g => g.PolicyId == id).ToListAsync(ct);
        var before = Snapshot(policy, bound.Select(b => b.GroupId));
        var problems = await FillAsync(db, policy, input, ct);
        if (problems.Count > 0)
            return Outcome<PasswordPolicy>.Failed(problems);
        var changes = FieldChange.Between(before, Snapshot(policy, input.GroupIds));
        if (changes.Count == 0)
            return policy;
        Bind(db, policy, bound, input.GroupIds);
        Record(db, EventTypes.PasswordPolicyUpdate, policy, new { changes });
        return await SaveAsync(db, policy, ct);
    }

    /// <summary>Puts a policy one place higher or lower.</summary>
    public Task<Outcome<PasswordPolicy>> MoveAsync(Guid id, bool up, CancellationToken ct) =>
        PlaceAsync(id, from => from + (up ? -1 : 1), ct);

    /// <summary>Puts a policy in a place, from 1; behind the last there is no other than the last.</summary>
    public Task<Outcome<PasswordPolicy>> PlaceAsync(Guid id, int place, CancellationToken ct) =>
        PlaceAsync(id, _ => place - 1, ct);

    private async Task<Outcome<PasswordPolicy>> PlaceAsync(
        Guid id,
        Func<int, int> place,
        CancellationToken ct
    )
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        var policies = await db
            .PasswordPolicies.Where(p => p.Id != PasswordPolicy.DefaultId)
            .OrderBy(p => p.Rank)
            .ThenBy(p => p.Id)
            .ToListAsync(ct);
        var from = policies.FindIndex(p => p.Id == id);
        if (from < 0)
            return new Problem("policy-missing", "id");
        var to = Math.Clamp(place(from), 0, policies.Count - 1);
        var policy = policies[from];
        if (to == from)
            return policy;
        policies.RemoveAt(from);
        policies.Insert(to, policy);
        for (var i = 0; i < policies.Count; i++)
            policies[i].Rank = i + 1;
        var changes = new[] { new FieldChange("order", Text(from + 1), Text(to + 1)) };
        Record(db, EventTypes.PasswordPolicyUpdate, policy, new { changes });
        return await SaveAsync(db, policy, ct);
    }

    /// <summary>Deletes a policy; its groups fall to the next that fits, or to the default, which cannot be deleted.</summary>
    public async Task<Outcome<PasswordPolicy>> DeleteAsync(Guid id, CancellationToken ct)
    {
        if (id == PasswordPolicy.DefaultId)
            return new Problem("policy-is-default", "id");
        await using var db = await databases.CreateDbContextAsync(ct);
        var found = await _rows.FindAsync(db, id, null, ct);
        if (found.Value is not { } policy)
            return found;
        var bound = await db
            .PasswordPolicyGroups.Where(g => g.PolicyId == id)
            .Select(g => g.GroupId)
            .ToListAsync(ct);
        var changes = FieldChange.Gone(Snapshot(policy, bound));
        db.PasswordPolicies.Remove(policy);
        Record(db, EventTypes.PasswordPolicyDelete, policy, new { changes });
        return await SaveAsync(db, policy, ct);
    }

    private async Task<List<Problem>> FillAsync(
        LatchkeyDbContext db,
        PasswordPolicy policy,
        PasswordPolicyInput input,
        CancellationToken ct
    )
    {
        var rules = input.Rules;
        // Nobody is to change the password on one morning because a rule is new.
        if (rules is { ExpiryDays: > 0, CountFrom: null })
            rules = rules with { CountFrom = time.GetUtcNow() };
        if (rules.ExpiryDays == 0)
            rules = rules with { CountFrom = null };
        var problems = PasswordRuleBounds.Find(rules);
        var name = input.Name.Trim();
        var normalized = UserRules.Normalize(name);
        if (name.Length is 0 or > LongestName)
            problems.Add(new("policy-name", "name", LongestName));
        else if (
            await db.PasswordPolicies.AnyAsync(
                p => p.Id != policy.Id && p.NormalizedName == normalized,
                ct
            )
        )
            problems.Add(new("policy-name-taken", "name", name));
        var known = await db.Groups.CountAsync(g => input.GroupIds.Contains(g.Id), ct);
        if (known != input.GroupIds.Distinct().Count())
            problems.Add(new("policy-group-missing", "groups"));
        (policy.Name, policy.NormalizedName, policy.Rules) = (name, normalized, rules);
        return problems;
    }

    private static void Bind(
        LatchkeyDbContext db,
        PasswordPolicy policy,
        List<PasswordPolicyGroup> bound,
        IReadOnlyCollection<Guid> wanted
    )
    {
        db.PasswordPolicyGroups.RemoveRange(bound.Where(b => !wanted.Contains(b.GroupId)));
        foreach (var id in wanted.Except(bound.Select(b => b.GroupId)))
            db.PasswordPolicyGroups.Add(new() { PolicyId = policy.Id, GroupId = id });
    }

    /// <summary>The default's row, made when somebody first changes it; of two who do, one finds it made.</summary>
    private async Task MakeDefaultAsync(CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        var now = time.GetUtcNow();
        db.PasswordPolicies.Add(
            new()
            {
                Id = PasswordPolicy.DefaultId,
                Name = PasswordPolicy.DefaultName,
                NormalizedName = UserRules.Normalize(PasswordPolicy.DefaultName),
                Rank = int.MaxValue,
                CreatedAt = now,
                UpdatedAt = now,
            }
        );
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException)
        {
            // It is there.
        }
    }

    private Task<Outcome<PasswordPolicy>> SaveAsync(
        LatchkeyDbContext db,
        PasswordPolicy policy,
        CancellationToken ct
    ) =>
        _rows.SaveAsync(
            db,
            policy,
            async (again, token) =>
            {
                var taken = await again.PasswordPolicies.AnyAsync(
                    p => p.Id != policy.Id && p.NormalizedName == policy.NormalizedName,
                    token
                );
                // Otherwise a group went away in between.
                return
                [
                    taken
                        ? new Problem("policy-name-taken", "name", policy.Name)
                        : new Problem("policy-group-missing", "groups"),
                ];
            },
            ct
        );

    private void Record(LatchkeyDbContext db, string type, PasswordPolicy policy, object details) =>
        db.Events.Add(
            events.New(
                type,
                success: true,
                new EventSubject("password_policy", policy.Id, policy.Name),
                details
            )
        );

    private static List<KeyValuePair<string, string?>> Snapshot(
        PasswordPolicy policy,
        IEnumerable<Guid> groups
    ) =>
        [
            new("name", policy.Name),
            .. PasswordRuleBounds.Snapshot(policy.Rules),
            new("groups", string.Join(", ", groups.Order())),
        ];

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
