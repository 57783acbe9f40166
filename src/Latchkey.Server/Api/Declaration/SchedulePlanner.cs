using System.Globalization;
using Latchkey.Server.Directory;
using Latchkey.Server.Directory.Accounts;
using Latchkey.Server.Insights;
using Latchkey.Server.Problems;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Api.Declaration;

/// <summary>Plans and carries out which states are planned for users (J-62).</summary>
internal static class SchedulePlanner
{
    /// <summary>Of a file that is older than what it plans, the last state whose time has come: a new user is in it from the beginning.</summary>
    public static UserState? Reached(DeclaredUser declared, DateTimeOffset now) =>
        declared
            .Schedule?.Where(p => p.At <= now)
            .OrderBy(p => p.At)
            .Select(p => (UserState?)p.State)
            .LastOrDefault();

    /// <summary>Adds what would change.</summary>
    public static async Task AddChangesAsync(
        LatchkeyDbContext database,
        DeclaredUser declared,
        User? existing,
        DateTimeOffset now,
        List<FieldChange> changes,
        CancellationToken cancellationToken
    )
    {
        if (declared.Schedule is null)
        {
            return;
        }
        var current = existing is null
            ? []
            : await database
                .ScheduledStates.AsNoTracking()
                .Where(s => s.UserId == existing.Id)
                .ToListAsync(cancellationToken);
        var from = Text(current.Select(s => new DeclaredPlan(s.State, s.At, s.SendMail, s.MailTo)));
        var to = Text(Coming(declared, now));
        if (from != to)
        {
            changes.Add(new FieldChange("schedule", from, to));
        }
    }

    /// <summary>Makes the plans of a user those that are declared, and no others.</summary>
    public static async Task<Outcome<User>> ApplyAsync(
        UserStates states,
        DeclaredUser declared,
        User user,
        DateTimeOffset now
    )
    {
        var coming = Coming(declared, now).ToList();
        Outcome<User> done = user;
        foreach (var state in new[] { UserState.Activated, UserState.Suspended })
        {
            var plan = coming.LastOrDefault(p => p.State == state);
            done = plan is null
                ? await states.CancelAsync(user.Id, state)
                : await states.ScheduleAsync(
                    user.Id,
                    state,
                    plan.At,
                    plan.Mail ? new ActivationMail(plan.MailTo) : null
                );
            if (!done.Ok)
            {
                return done;
            }
        }
        return done;
    }

    private static IEnumerable<DeclaredPlan> Coming(DeclaredUser declared, DateTimeOffset now) =>
        (declared.Schedule ?? []).Where(p => p.At > now);

    private static string? Text(IEnumerable<DeclaredPlan> plans)
    {
        var text = string.Join(
            '\n',
            plans
                .OrderBy(p => p.State)
                .Select(p =>
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{UserChanges.Name(p.State)} {p.At.UtcDateTime:u}{(p.Mail ? $" mail {p.MailTo}" : "")}"
                    )
                )
        );
        return text.Length == 0 ? null : text;
    }
}
