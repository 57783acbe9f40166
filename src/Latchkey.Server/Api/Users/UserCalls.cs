using Latchkey.Server.Api.Calls;
using Latchkey.Server.Api.Declaration;
using Latchkey.Server.Api.Tokens;
using Latchkey.Server.Directory;
using Latchkey.Server.Directory.Accounts;
using Latchkey.Server.Problems;
using Latchkey.Server.Roles;
using Latchkey.Server.SignIn.Passwords;

namespace Latchkey.Server.Api.Users;

/// <summary>Lists, shows, makes, changes and deletes users, by the services that the pages use.</summary>
internal sealed class UserCalls(
    UserService users,
    DirectoryPages pages,
    DirectoryQueries directory,
    StartingStates startingStates,
    GroupService groups,
    PasswordPolicyService policies,
    Names names,
    Together together,
    Refusal refusal,
    IHttpContextAccessor http,
    TimeProvider time
)
{
    public const string Unknown = "api-user-unknown";

    public async Task<ApiAnswer> ListAsync(HttpRequest request, CancellationToken ct)
    {
        var call = ListCall.Read(request.Query, key => key.Length > 0);
        if (call.Value is not { } list)
        {
            return refusal.Of(400, call.Problems[0]);
        }
        var state = request.Query["state"].ToString();
        if (state.Length > 0 && !UserReader.States.Contains(state))
        {
            var known = string.Join(", ", UserReader.States);
            return refusal.Of(
                400,
                new Problem("declaration-not-word", "state", "state", state, known)
            );
        }
        var group = request.Query["group"].ToString();
        var inGroup = group.Length == 0 ? null : await groups.FindByNameAsync(group, ct);
        if (group.Length > 0 && inGroup is null)
        {
            return refusal.Of(400, new Problem("api-group-unknown", "group", group));
        }
        var query = new UserQuery(
            request.Query["search"].ToString(),
            state switch
            {
                "activated" => UserState.Activated,
                "staged" => UserState.Staged,
                "suspended" => UserState.Suspended,
                _ => null,
            },
            InGroup: inGroup?.Id
        );
        var rows = await pages.UsersAsync(query, list.After, list.Limit + 1, ct);
        return list.Answer(
            rows,
            row => new UserRowBody(
                row.User.Id,
                row.User.Username,
                row.User.Email,
                UserName.Of(row.User.DisplayName, row.User.FirstName, row.User.LastName),
                UserChanges.Name(row.User.State),
                row.User.Role is { } role ? RoleNames.Of(role) : null,
                row.Groups,
                row.User.LastSignInAt
            ),
            row => row.User.NormalizedUsername
        );
    }

    public async Task<ApiAnswer> ShowAsync(string name, CancellationToken ct) =>
        await FindAsync(name, ct) is { } found
            ? ApiAnswer.Shown(await BodyAsync(found, ct), found.Version)
            : refusal.Unknown(Unknown, name);

    public async Task<ApiAnswer> CreateAsync(HttpRequest request, CancellationToken ct)
    {
        var read = await ReadAsync(request, ct);
        if (read.Value is not { } declared)
        {
            return refusal.Of(read.Problems);
        }
        return await together.RunAsync(
            async () =>
            {
                var start = new UserInput
                {
                    State = await startingStates.OfAsync(CreationWay.Apply, ct),
                };
                var input = await InputAsync(declared, start, ct);
                if (input.Value is not { } said)
                {
                    return refusal.Of(input.Problems);
                }
                if (said.Role is not null && ForbidsAdministrators() is { } no)
                {
                    return no;
                }
                var made = await users.CreateAsync(said, ct);
                return made.Value is { } user
                    ? ApiAnswer.Made(
                        await StoredAsync(user, ct),
                        $"/api/v1/users/{user.Id}",
                        user.Version
                    )
                    : refusal.Of(made.Problems);
            },
            ct
        );
    }

    /// <summary>Changes what the body says and nothing else (J-27).</summary>
    public async Task<ApiAnswer> UpdateAsync(string name, HttpRequest request, CancellationToken ct)
    {
        var problems = new List<Problem>();
        var version = IfMatch.Read(request, problems);
        if (problems.Count > 0)
        {
            return refusal.Of(400, problems[0]);
        }
        var read = await ReadAsync(request, ct);
        if (read.Value is not { } declared)
        {
            return refusal.Of(read.Problems);
        }
        return await together.RunAsync(
            async () =>
            {
                if (await FindAsync(name, ct) is not { } existing)
                {
                    return refusal.Unknown(Unknown, name);
                }
                var input = await InputAsync(declared, UserInput.From(existing), ct);
                if (input.Value is not { } said)
                {
                    return refusal.Of(input.Problems);
                }
                if (
                    (existing.Role is not null || said.Role is not null)
                    && ForbidsAdministrators() is { } no
                )
                {
                    return no;
                }
                var changed = await users.UpdateAsync(
                    existing.Id,
                    said,
                    // What was not said is taken from what was just read: nobody may have changed it since.
                    version ?? declared.Version ?? existing.Version,
                    ct
                );
                return changed.Value is { } user
                    ? ApiAnswer.Shown(await StoredAsync(user, ct), user.Version)
                    : refusal.Of(changed.Problems);
            },
            ct
        );
    }

    public async Task<ApiAnswer> DeleteAsync(string name, CancellationToken ct)
    {
        if (await FindAsync(name, ct) is not { } found)
        {
            return refusal.Unknown(Unknown, name);
        }
        if (found.Role is not null && ForbidsAdministrators() is { } no)
        {
            return no;
        }
        var deleted = await users.DeleteAsync(found.Id, ct);
        return deleted.Ok ? ApiAnswer.Nothing : refusal.Of(deleted.Problems);
    }

    /// <summary>By user name, or by id. A name may look like an id; then the name counts.</summary>
    public async Task<User?> FindAsync(string name, CancellationToken ct) =>
        await users.FindByUsernameAsync(name, ct)
        ?? (Guid.TryParse(name, out var id) ? await users.FindAsync(id, ct) : null);

    /// <summary>Whoever may reset an administrator's password, or give a role, can do everything: that has a scope of its own.</summary>
    public ApiAnswer? ForbidsAdministrators() =>
        http.HttpContext!.User.May(ApiScopes.AdministratorsWrite)
            ? null
            : refusal.Of(
                403,
                new Problem("token-scope-missing", "", ApiScopes.AdministratorsWrite)
            );

    private static Task<Outcome<DeclaredUser>> ReadAsync(
        HttpRequest request,
        CancellationToken ct
    ) => CallBody.ReadAsync(request, "user", (section, _) => UserReader.ReadCall(section), ct);

    private async Task<Outcome<UserInput>> InputAsync(
        DeclaredUser declared,
        UserInput start,
        CancellationToken ct
    )
    {
        var problems = new List<Problem>();
        var input = declared.Over(start) with
        {
            Password = declared.Password,
            Mail = declared.Invitation,
            GroupIds = await names.GroupsAsync(declared.Groups, "groups", problems, ct),
        };
        if (declared.Manager is { } manager)
        {
            var found = manager.Length == 0 ? null : await FindAsync(manager, ct);
            if (manager.Length > 0 && found is null)
            {
                problems.Add(new Problem(Unknown, "manager", manager));
            }
            input = input with { ManagerId = found?.Id };
        }
        return problems.Count > 0 ? Outcome<UserInput>.Failed(problems) : input;
    }

    /// <summary>As it will be shown from now on: databases keep times less exactly than memory does.</summary>
    private async Task<UserBody> StoredAsync(User saved, CancellationToken ct) =>
        await BodyAsync((await users.FindAsync(saved.Id, ct))!, ct);

    private async Task<UserBody> BodyAsync(User user, CancellationToken ct)
    {
        var manager = user.ManagerId is { } id ? await users.FindAsync(id, ct) : null;
        var memberships = await directory.MembershipsOfUserAsync(user.Id, ct);
        var rules = (await policies.OfAsync(user.Id, ct)).Rules;
        return UserBody.Of(user, manager?.Username, memberships, rules, time.GetUtcNow());
    }
}
