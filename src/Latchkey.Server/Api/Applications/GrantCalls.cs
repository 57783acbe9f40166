using Latchkey.Server.Api.Calls;
using Latchkey.Server.Applications;
using Latchkey.Server.Problems;

namespace Latchkey.Server.Api.Applications;

/// <summary>Who may sign in to an application, one group or user at a time.</summary>
internal sealed class GrantCalls(
    ApplicationCalls calls,
    ApplicationService applications,
    AccessQueries access,
    Names names,
    Refusal refusal
)
{
    /// <summary>Two who grant at once both mean it: whoever came second looks again.</summary>
    private const int Attempts = 5;

    /// <summary>Grants it to a group, or takes that back; doing it twice is no fault.</summary>
    public async Task<ApiAnswer> GroupAsync(
        string application,
        string group,
        bool granted,
        CancellationToken ct
    )
    {
        var unknown = new List<Problem>();
        return await names.GroupsAsync([group], "group", unknown, ct) is { Count: 1 } ids
            ? await ChangeAsync(
                application,
                async found => new ApplicationInput
                {
                    GroupIds = With(await access.GroupIdsAsync(found.Id, ct), ids.First(), granted),
                },
                ct
            )
            : refusal.Unknown("api-group-unknown", group);
    }

    /// <summary>The same for one user alone (S4-12).</summary>
    public async Task<ApiAnswer> UserAsync(
        string application,
        string user,
        bool granted,
        CancellationToken ct
    )
    {
        var unknown = new List<Problem>();
        return await names.UsersAsync([user], "user", unknown, ct) is { Count: 1 } ids
            ? await ChangeAsync(
                application,
                async found => new ApplicationInput
                {
                    UserIds = With(await access.UserIdsAsync(found.Id, ct), ids.First(), granted),
                },
                ct
            )
            : refusal.Unknown("api-user-unknown", user);
    }

    /// <summary>Whether a user can sign in, and why.</summary>
    public async Task<ApiAnswer> CheckAsync(string application, string user, CancellationToken ct)
    {
        if (await calls.FindAsync(application, ct) is not { } found)
        {
            return refusal.Unknown(ApplicationCalls.Unknown, application);
        }
        var unknown = new List<Problem>();
        if (await names.UsersAsync([user], "user", unknown, ct) is not { Count: 1 } ids)
        {
            return refusal.Unknown("api-user-unknown", user);
        }
        var answer = (await access.CheckAsync(found.Id, ids.First(), ct))!;
        return ApiAnswer.Shown(
            new AccessBody(
                answer.MaySignIn && found.Active,
                found.Active,
                Directory.UserChanges.Name(answer.User.State),
                answer.Through,
                answer.Individually
            )
        );
    }

    private async Task<ApiAnswer> ChangeAsync(
        string name,
        Func<Application, Task<ApplicationInput>> change,
        CancellationToken ct
    )
    {
        IReadOnlyList<Problem> problems = [];
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            if (await calls.FindAsync(name, ct) is not { } found)
            {
                return refusal.Unknown(ApplicationCalls.Unknown, name);
            }
            var input = await change(found);
            var changed = await applications.UpdateAsync(found.Id, input, found.Version, ct);
            if (changed.Ok)
            {
                return ApiAnswer.Nothing;
            }
            problems = changed.Problems;
            if (problems[0].Code != "application-changed")
            {
                break;
            }
        }
        return refusal.Of(problems);
    }

    private static IReadOnlyCollection<Guid> With(
        IReadOnlyList<Guid> granted,
        Guid id,
        bool isGranted
    ) => isGranted ? [.. granted.Append(id).Distinct()] : [.. granted.Where(g => g != id)];
}

/// <summary>Whether a user can sign in to an application, and why.</summary>
/// <param name="Groups">The names of the groups that let the user in.</param>
/// <param name="Individually">Whether it is granted to the user alone.</param>
internal sealed record AccessBody(
    bool MaySignIn,
    bool ApplicationActive,
    string UserState,
    IReadOnlyList<string> Groups,
    bool Individually
);
