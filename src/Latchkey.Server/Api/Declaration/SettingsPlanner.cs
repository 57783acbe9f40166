using Latchkey.Server.Api.Settings;
using Latchkey.Server.Directory;
using Latchkey.Server.Mail.Templates;
using Latchkey.Server.Problems;
using Latchkey.Server.Storage;

namespace Latchkey.Server.Api.Declaration;

/// <summary>Plans settings, mail templates and password policies. What their own services would say is asked of them, in a transaction that is not kept: there is no second set of rules.</summary>
internal sealed class SettingsPlanner(
    SettingsParts parts,
    SharedTransaction transaction,
    MetadataFiles files,
    DeclarationProblems problems,
    CancellationToken cancellationToken
)
{
    public async Task<IReadOnlyList<PlannedSetting>> PlanAsync(DeclaredState state)
    {
        // Groups and applications of the same file are not there yet.
        var coming = state
            .Groups.Select(g => UserRules.Normalize(g.Name))
            .Concat(state.Applications.Select(a => UserRules.Normalize(a.Slug)))
            .ToHashSet(StringComparer.Ordinal);
        var planned = new List<PlannedSetting>();
        foreach (var declared in state.Settings)
        {
            if (Part(declared) is not { } part)
            {
                declared.Said.Add(
                    "template",
                    "declaration-not-word",
                    "template",
                    declared.Name,
                    string.Join(", ", parts.Templates.Select(t => t.Name))
                );
                continue;
            }
            var now = await part.ReadAsync(cancellationToken);
            var after = part.Over(now, declared.Said, files);
            var plan = new PlannedSetting(
                part,
                declared.Said.Line,
                declared.Said.Lines,
                now,
                after,
                SettingsJson.Changes(now, after)
            );
            planned.Add(plan);
            if (plan.Action != "unchanged" && !problems.Any)
            {
                await TryAsync(plan, coming);
            }
        }
        return planned;
    }

    /// <summary>Carries a plan out.</summary>
    public static async Task ApplyAsync(PlannedSetting planned, DeclarationProblems problems)
    {
        foreach (
            var problem in await planned.Part.SaveAsync(
                planned.Now,
                planned.After,
                CancellationToken.None
            )
        )
        {
            Add(planned, problem, problems);
        }
    }

    private async Task TryAsync(PlannedSetting plan, HashSet<string> coming)
    {
        IReadOnlyList<Problem> found;
        try
        {
            found = await transaction.RunAsync(
                () => plan.Part.SaveAsync(plan.Now, plan.After, cancellationToken),
                keep: _ => false,
                cancellationToken
            );
        }
        catch (Exception e) when (LastOwner.IsOvertaken(e))
        {
            found = [new Problem("api-overtaken", "")];
        }
        // Whether they may is asked of those who apply it, as with roles.
        foreach (var problem in found.Where(p => p.Code != "owners-only" && !IsComing(p, coming)))
        {
            Add(plan, problem, problems);
        }
    }

    private static bool IsComing(Problem problem, HashSet<string> coming) =>
        problem.Code is "api-group-unknown" or "api-application-unknown"
        && coming.Contains(UserRules.Normalize((string)problem.Args[0]));

    private static void Add(
        PlannedSetting planned,
        Problem problem,
        DeclarationProblems problems
    ) => problems.Add(DeclarationLines.Find(planned.Lines, problem.Where, planned.Line), problem);

    private ISettingsPart? Part(DeclaredSetting declared) =>
        declared.Kind switch
        {
            "setting" => parts.Setting(declared.Name),
            "mail template" => parts.Template(declared.Name),
            _ => parts.Policy(declared.Name),
        };
}
