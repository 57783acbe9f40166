using Latchkey.Server.Api.Calls;
using Latchkey.Server.Api.Declaration;
using Latchkey.Server.Problems;
using Latchkey.Server.SignIn.Factors;

namespace Latchkey.Server.Api.Settings;

/// <summary>Of whom a second factor is asked (J-46, J-75): of everybody, of the members of groups, of whoever opens an application.</summary>
/// <param name="Groups">Their names.</param>
/// <param name="Applications">Their slugs.</param>
internal sealed record SignInSettingsBody(
    bool Everybody,
    int EnrolmentDays,
    IReadOnlyList<string> Groups,
    IReadOnlyList<string> Applications
);

internal sealed class SignInPart(FactorRulesService rules, Names names)
    : SettingsPart<SignInSettingsBody>("setting", "sign_in")
{
    protected override async Task<SignInSettingsBody?> FindAsync(CancellationToken ct)
    {
        var now = await rules.ReadAsync(ct);
        return new(
            now.Everybody,
            now.EnrolmentDays,
            await names.OfGroupsAsync(now.Groups, ct),
            await names.OfApplicationsAsync(now.Applications, ct)
        );
    }

    protected override SignInSettingsBody Over(
        SignInSettingsBody? now,
        Section said,
        MetadataFiles files
    ) =>
        new(
            said.Flag("everybody") ?? now!.Everybody,
            said.Number("enrolment_days") ?? now!.EnrolmentDays,
            said.Texts("groups") ?? now!.Groups,
            said.Texts("applications") ?? now!.Applications
        );

    protected override async Task<IReadOnlyList<Problem>> SaveAsync(
        SignInSettingsBody? now,
        SignInSettingsBody after,
        CancellationToken ct
    )
    {
        var problems = new List<Problem>();
        var groups = await names.GroupsAsync(after.Groups, "groups", problems, ct);
        var applications = await names.ApplicationsAsync(
            after.Applications,
            "applications",
            problems,
            ct
        );
        return problems.Count > 0
            ? problems
            : (
                await rules.SaveAsync(
                    new(after.Everybody, after.EnrolmentDays, [.. groups!], [.. applications!]),
                    ct
                )
            ).Problems;
    }
}
