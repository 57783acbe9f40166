using System.Runtime.CompilerServices;
using Latchkey.Server.Directory;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.SignIn.Passwords;

/// <summary>All policies as they stood at one moment, and the one question of them: which is in force for somebody.</summary>
internal sealed class PolicySet
{
    private static readonly ConditionalWeakTable<LatchkeyDbContext, ReadOnce> s_read = [];

    private readonly IReadOnlyList<BoundPolicy> _bound;
    private readonly PasswordPolicy _standard;

    private PolicySet(IReadOnlyList<BoundPolicy> bound, PasswordPolicy standard) =>
        (_bound, _standard) = (bound, standard);

    /// <summary>In their order; the default last.</summary>
    public IEnumerable<BoundPolicy> All => _bound.Append(new(_standard, []));

    public PasswordPolicy Standard => _standard;

    public static async Task<PolicySet> ReadAsync(LatchkeyDbContext db, CancellationToken ct)
    {
        var policies = await db
            .PasswordPolicies.AsNoTracking()
            .OrderBy(p => p.Rank)
            .ThenBy(p => p.Id)
            .ToListAsync(ct);
        var groups = policies.Exists(p => !p.IsDefault)
            ? await (
                from bound in db.PasswordPolicyGroups
                join found in db.Groups on bound.GroupId equals found.Id
                select new { bound.PolicyId, Group = found }
            )
                .AsNoTracking()
                .ToListAsync(ct)
            : [];
        return new(
            [
                .. policies
                    .Where(p => !p.IsDefault)
                    .Select(p => new BoundPolicy(
                        p,
                        [.. groups.Where(g => g.PolicyId == p.Id).Select(g => g.Group)]
                    )),
            ],
            policies.Find(p => p.IsDefault) ?? Default
        );
    }

    /// <summary>Read once for everything that is saved together: an import asks for every row.</summary>
    public static async ValueTask<PolicySet> ReadOnceAsync(
        LatchkeyDbContext db,
        CancellationToken ct
    )
    {
        // Contexts are pooled: the same one comes back for somebody else, under another lease.
        if (s_read.TryGetValue(db, out var read) && read.By == db.ContextId)
            return read.Policies;
        var policies = await ReadAsync(db, ct);
        s_read.AddOrUpdate(db, new(db.ContextId, policies));
        return policies;
    }

    /// <summary>The policy in force for a user of the directory.</summary>
    public static async Task<PolicyInForce> OfAsync(
        LatchkeyDbContext db,
        Guid userId,
        CancellationToken ct
    )
    {
        var policies = await ReadAsync(db, ct);
        return (await policies.OfAsync(db, [userId], ct))[userId];
    }

    /// <summary>The policies in force for some users of the directory.</summary>
    public async Task<IReadOnlyDictionary<Guid, PolicyInForce>> OfAsync(
        LatchkeyDbContext db,
        IReadOnlyCollection<Guid> userIds,
        CancellationToken ct
    )
    {
        var ids = _bound.SelectMany(b => b.Groups).Select(g => g.Id).Distinct().ToList();
        var members =
            ids.Count == 0
                ? []
                : await db
                    .GroupMembers.Where(m => userIds.Contains(m.UserId) && ids.Contains(m.GroupId))
                    .Select(m => new { m.UserId, m.GroupId })
                    .ToListAsync(ct);
        var groups = members.ToLookup(m => m.UserId, m => m.GroupId);
        return userIds.Distinct().ToDictionary(id => id, id => For([.. groups[id]]));
    }

    /// <summary>The policy for somebody who is about to be made: by the groups they are put into, and those whose rules bring them in.</summary>
    public PolicyInForce For(User user, IEnumerable<Guid>? joining) =>
        For([
            .. joining ?? [],
            .. _bound
                .SelectMany(b => b.Groups)
                .Where(g => g.Rule?.Holds(user) == true)
                .Select(g => g.Id),
        ]);

    private PolicyInForce For(HashSet<Guid> groups)
    {
        foreach (var (policy, bound) in _bound)
        {
            if (bound.FirstOrDefault(g => groups.Contains(g.Id)) is { } through)
                return new(policy, through);
        }
        return new(_standard, null);
    }

    private sealed record ReadOnce(DbContextId By, PolicySet Policies);

    private static PasswordPolicy Default =>
        new()
        {
            Id = PasswordPolicy.DefaultId,
            Name = PasswordPolicy.DefaultName,
            NormalizedName = UserRules.Normalize(PasswordPolicy.DefaultName),
            Rank = int.MaxValue,
            CreatedAt = default,
            UpdatedAt = default,
            Version = 0,
        };
}

/// <summary>A policy and the groups it is for.</summary>
internal sealed record BoundPolicy(PasswordPolicy Policy, IReadOnlyList<Group> Groups);

/// <summary>The policy that counts for somebody, and why.</summary>
/// <param name="Through">The group that brought it; null for the default.</param>
internal sealed record PolicyInForce(PasswordPolicy Policy, Group? Through)
{
    public PasswordRules Rules => Policy.Rules;
}
