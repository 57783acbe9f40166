using Latchkey.Server.Api.Calls;
using Latchkey.Server.Api.Declaration;
using Latchkey.Server.Directory;
using Latchkey.Server.Problems;

namespace Latchkey.Server.Api.Groups;

/// <summary>Lists, shows, makes, changes and deletes groups, by the services that the pages use.</summary>
internal sealed class GroupCalls(
    GroupService groups,
    GroupMembers members,
    DirectoryPages pages,
    Names names,
    Together together,
    Refusal refusal
)
{
    public const string Unknown = "api-group-unknown";

    public async Task<ApiAnswer> ListAsync(HttpRequest request, CancellationToken ct)
    {
        var call = ListCall.Read(request.Query, key => key.Length > 0);
        if (call.Value is not { } list)
        {
            return refusal.Of(400, call.Problems[0]);
        }
        var search = request.Query["search"].ToString();
        var rows = await pages.GroupsAsync(search, list.After, list.Limit + 1, ct);
        return list.Answer(
            rows,
            row => new GroupRowBody(
                row.Group.Id,
                row.Group.Name,
                row.Group.Description,
                row.Members,
                row.Applications
            ),
            row => row.Group.NormalizedName
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
                var made = await groups.CreateAsync(declared.Over(new GroupInput()), ct);
                return await AfterAsync(
                    made,
                    declared,
                    async group =>
                        ApiAnswer.Made(
                            await BodyAsync(group, ct),
                            $"/api/v1/groups/{group.Id}",
                            group.Version
                        ),
                    ct
                );
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
                var changed = await groups.UpdateAsync(
                    existing.Id,
                    declared.Over(GroupInput.From(existing)),
                    // What was not said is taken from what was just read: nobody may have changed it since.
                    version ?? declared.Version ?? existing.Version,
                    ct
                );
                return await AfterAsync(
                    changed,
                    declared,
                    async group => ApiAnswer.Shown(await BodyAsync(group, ct), group.Version),
                    ct
                );
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
        var deleted = await groups.DeleteAsync(found.Id, ct);
        return deleted.Ok ? ApiAnswer.Nothing : refusal.Of(deleted.Problems);
    }

    public async Task<ApiAnswer> MembersAsync(
        string name,
        HttpRequest request,
        CancellationToken ct
    )
    {
        var call = ListCall.Read(request.Query, key => key.Length > 0);
        if (call.Value is not { } list)
        {
            return refusal.Of(400, call.Problems[0]);
        }
        if (await FindAsync(name, ct) is not { } group)
        {
            return refusal.Unknown(Unknown, name);
        }
        var rows = await pages.MembersAsync(group.Id, list.After, list.Limit + 1, ct);
        return list.Answer(
            rows,
            row => new MemberBody(
                row.Id,
                row.Username,
                row.Email,
                UserChanges.Name(row.State),
                row.ByHand,
                row.ByRule
            ),
            row => row.NormalizedUsername
        );
    }

    /// <summary>Puts a user in by hand, or takes one out; doing it twice is no fault.</summary>
    public async Task<ApiAnswer> MemberAsync(
        string name,
        string user,
        bool isIn,
        CancellationToken ct
    )
    {
        if (await FindAsync(name, ct) is not { } group)
        {
            return refusal.Unknown(Unknown, name);
        }
        var unknown = new List<Problem>();
        if (await names.UsersAsync([user], "user", unknown, ct) is not { Count: 1 } ids)
        {
            return refusal.Unknown("api-user-unknown", user);
        }
        var outcome = isIn
            ? await members.AddAsync(group.Id, ids, ct)
            : await members.RemoveAsync(group.Id, ids, ct);
        return outcome.Ok ? ApiAnswer.Nothing : refusal.Of(outcome.Problems);
    }

    /// <summary>By name, or by id. A name may look like an id; then the name counts.</summary>
    public async Task<Group?> FindAsync(string name, CancellationToken ct) =>
        await groups.FindByNameAsync(name, ct)
        ?? (Guid.TryParse(name, out var id) ? await groups.FindAsync(id, ct) : null);

    private async Task<ApiAnswer> AfterAsync(
        Outcome<Group> outcome,
        DeclaredGroup declared,
        Func<Group, Task<ApiAnswer>> answer,
        CancellationToken ct
    )
    {
        if (outcome.Value is not { } group)
        {
            return refusal.Of(outcome.Problems);
        }
        var unknown = new List<Problem>();
        var ids = await names.UsersAsync(declared.Members, "members", unknown, ct);
        if (unknown.Count > 0)
        {
            return refusal.Of(unknown);
        }
        if (ids is not null)
        {
            var set = await members.SetAsync(group.Id, ids, ct);
            if (!set.Ok)
            {
                return refusal.Of(set.Problems);
            }
        }
        return await answer((await groups.FindAsync(group.Id, ct))!);
    }

    private async Task<GroupBody> BodyAsync(Group group, CancellationToken ct) =>
        GroupBody.Of(group, await pages.MemberCountAsync(group.Id, ct));

    private static Task<Outcome<DeclaredGroup>> ReadAsync(
        HttpRequest request,
        CancellationToken ct
    ) => CallBody.ReadAsync(request, "group", (section, _) => GroupReader.ReadCall(section), ct);
}
