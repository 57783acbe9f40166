using Latchkey.Server.Api.Settings;
using Latchkey.Server.Applications;
using Latchkey.Server.Applications.Following;
using Latchkey.Server.Certificates;
using Latchkey.Server.Directory;
using Latchkey.Server.Directory.Accounts;
using Latchkey.Server.Directory.Attributes;
using Latchkey.Server.Problems;
using Latchkey.Server.Settings;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Api.Declaration;

/// <summary>
/// Makes the server what a file declares. Everything is read and checked first, by the same rules that the services apply; only a file
/// without a single problem changes anything. Applying the same file again changes nothing.
/// </summary>
internal sealed class DeclarationService(
    IDbContextFactory<LatchkeyDbContext> databases,
    UserService users,
    GroupService groups,
    GroupMembers members,
    AttributeDefinitions attributes,
    StartingStates startingStates,
    ApplicationService applications,
    ApplicationSources sources,
    MetadataFollowing following,
    CertificateRotation rotation,
    UserStates states,
    SettingsParts settings,
    SharedTransaction transaction,
    ServerOptions server,
    TimeProvider time
)
{
    /// <summary>One file at a time: two with the same new user would otherwise both plan to make it.</summary>
    private static readonly SemaphoreSlim s_turn = new(1);

    /// <param name="text">The file.</param>
    /// <param name="files">Where its metadata files are.</param>
    /// <param name="problems">Takes what is wrong; if anything is, nothing was changed.</param>
    /// <param name="apply">False only plans.</param>
    /// <param name="cancellationToken">Stops before the first change; not in the middle.</param>
    public async Task<DeclarationPlan?> RunAsync(
        string text,
        MetadataFiles files,
        DeclarationProblems problems,
        bool apply,
        CancellationToken cancellationToken
    )
    {
        var state = DeclarationReader.Read(text, problems);
        if (problems.Any)
        {
            return null;
        }
        await s_turn.WaitAsync(cancellationToken);
        try
        {
            var plan = await PlanAsync(state, files, problems, cancellationToken);
            if (apply && !problems.Any)
            {
                await ApplyWholeAsync(plan, problems);
            }
            return problems.Any ? null : plan;
        }
        finally
        {
            s_turn.Release();
        }
    }

    private async Task<DeclarationPlan> PlanAsync(
        DeclaredState state,
        MetadataFiles files,
        DeclarationProblems problems,
        CancellationToken cancellationToken
    )
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        var (planned, definitions) = AttributePlanner.Plan(
            state,
            await AttributeDefinitions.ByNameAsync(database, cancellationToken),
            problems
        );
        return new DeclarationPlan(
            planned,
            await new UserPlanner(
                database,
                await startingStates.OfAsync(CreationWay.Apply, cancellationToken),
                definitions,
                files,
                time.GetUtcNow(),
                problems,
                cancellationToken
            ).PlanAsync(state),
            await new GroupPlanner(database, problems, cancellationToken).PlanAsync(state),
            await new ApplicationPlanner(
                database,
                sources,
                following,
                files,
                server,
                time.GetUtcNow(),
                problems,
                cancellationToken
            ).PlanAsync(state),
            await new SettingsPlanner(
                settings,
                transaction,
                files,
                problems,
                cancellationToken
            ).PlanAsync(state)
        );
    }

    /// <summary>One transaction: whatever comes in between, the file is applied whole or not at all.</summary>
    private async Task ApplyWholeAsync(DeclarationPlan plan, DeclarationProblems problems)
    {
        try
        {
            await transaction.RunAsync(
                async () =>
                {
                    await ApplyAsync(plan, problems);
                    return problems;
                },
                keep: p => !p.Any,
                CancellationToken.None
            );
        }
        catch (Exception e) when (LastOwner.IsOvertaken(e))
        {
            problems.Add(0, new Problem("api-overtaken", ""));
        }
    }

    private async Task ApplyAsync(DeclarationPlan plan, DeclarationProblems problems)
    {
        foreach (var attribute in plan.Attributes.Where(a => a.Action != "unchanged"))
        {
            Note(attribute, await attributes.SaveAsync(attribute.Input, attribute.IsNew), problems);
        }
        foreach (var user in plan.Users.Where(u => u.Action != "unchanged"))
        {
            Note(
                user,
                user.Existing is { } existing
                    ? await users.UpdateAsync(existing.Id, user.Input, existing.Version)
                    : await users.CreateAsync(user.Input),
                problems
            );
        }
        foreach (var user in plan.Users.Where(u => u.Changes.Any(c => c.Field == "manager")))
        {
            await ApplyManagerAsync(user, problems);
        }
        foreach (var user in plan.Users.Where(u => u.Changes.Any(c => c.Field == "schedule")))
        {
            if (await users.FindByUsernameAsync(user.Declared.Username) is { } found)
            {
                Note(
                    user,
                    await SchedulePlanner.ApplyAsync(
                        states,
                        user.Declared,
                        found,
                        time.GetUtcNow()
                    ),
                    problems
                );
            }
        }
        foreach (var group in plan.Groups.Where(g => g.Action != "unchanged"))
        {
            await ApplyAsync(group, problems);
        }
        foreach (var application in plan.Applications.Where(a => a.Action != "unchanged"))
        {
            await ApplyAsync(application, problems);
        }
        foreach (var setting in plan.Settings.Where(s => s.Action != "unchanged"))
        {
            await SettingsPlanner.ApplyAsync(setting, problems);
        }
    }

    /// <summary>When all users are there.</summary>
    private async Task ApplyManagerAsync(PlannedUser planned, DeclarationProblems problems)
    {
        var user = await users.FindByUsernameAsync(planned.Declared.Username);
        var manager = await users.FindByUsernameAsync(planned.Declared.Manager!);
        if (user is not null)
        {
            var input = UserInput.From(user) with { ManagerId = manager?.Id };
            Note(planned, await users.UpdateAsync(user.Id, input, user.Version), problems);
        }
    }

    private async Task ApplyAsync(PlannedGroup planned, DeclarationProblems problems)
    {
        var result = planned.Existing is { } existing
            ? await groups.UpdateAsync(existing.Id, planned.Input, existing.Version)
            : await groups.CreateAsync(planned.Input);
        if (result.Ok && planned.Declared.Members is { } declared)
        {
            var names = declared.Select(UserRules.Normalize).ToList();
            await using var database = await databases.CreateDbContextAsync();
            var ids = await database
                .Users.Where(u => names.Contains(u.NormalizedUsername))
                .Select(u => u.Id)
                .ToListAsync();
            result = await members.SetAsync(result.Value.Id, ids);
        }
        Note(planned, result, problems);
    }

    private async Task ApplyAsync(PlannedApplication planned, DeclarationProblems problems)
    {
        var input = planned.Input;
        if (planned.Declared.Groups is { } granted)
        {
            var names = granted.Select(UserRules.Normalize).ToList();
            await using var database = await databases.CreateDbContextAsync();
            input = input with
            {
                GroupIds = await database
                    .Groups.Where(g => names.Contains(g.NormalizedName))
                    .Select(g => g.Id)
                    .ToListAsync(),
            };
        }
        if (planned.Declared.Users is { } single)
        {
            var names = single.Select(UserRules.Normalize).ToList();
            await using var database = await databases.CreateDbContextAsync();
            input = input with
            {
                UserIds = await database
                    .Users.Where(u => names.Contains(u.NormalizedUsername))
                    .Select(u => u.Id)
                    .ToListAsync(),
            };
        }
        // The first activation makes a key where there is none: its own has to be there before.
        var opensLater =
            planned.KeyPairs.Own is not null
            && input.Active == true
            && planned.Existing?.Active != true;
        if (opensLater)
        {
            input = input with { Active = false };
        }
        var result = planned.Existing is { } existing
            ? await applications.UpdateAsync(existing.Id, input, existing.Version)
            : await applications.CreateAsync(input);
        if (result.Ok)
        {
            result = await KeyPairPlanner.ApplyAsync(
                rotation,
                applications,
                result.Value,
                planned.KeyPairs,
                activate: opensLater
            );
        }
        if (result.Ok)
        {
            result = await FollowPlanner.ApplyAsync(following, planned, result.Value);
        }
        Note(planned, result, problems);
    }

    /// <summary>The plan was free of problems, so a refusal now means that somebody else was at it in between.</summary>
    private static void Note<T>(
        PlannedChange planned,
        Outcome<T> outcome,
        DeclarationProblems problems
    )
        where T : class
    {
        foreach (var problem in outcome.Problems)
        {
            problems.Add(
                planned.Line,
                problem.Code.EndsWith("-changed", StringComparison.Ordinal)
                    ? new Problem("declaration-changed-meanwhile", "", planned.Kind, planned.Name)
                    : problem
            );
        }
    }
}
