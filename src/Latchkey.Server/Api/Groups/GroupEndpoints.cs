using Latchkey.Server.Api.OpenApi;
using Latchkey.Server.Api.Tokens;

namespace Latchkey.Server.Api.Groups;

/// <summary><c>/api/v1/groups</c>.</summary>
internal static class GroupEndpoints
{
    public static void MapGroupApi(this IEndpointRouteBuilder api)
    {
        api.MapCall(
            HttpMethod.Get,
            "/groups",
            ApiOperation.List<GroupRowBody>(
                "listGroups",
                ApiScopes.GroupsRead,
                ApiParameter.Search
            ),
            (HttpRequest request, GroupCalls calls, CancellationToken ct) =>
                calls.ListAsync(request, ct)
        );
        api.MapCall(
            HttpMethod.Post,
            "/groups",
            new("createGroup", ApiScopes.GroupsWrite)
            {
                Body = typeof(GroupBody),
                Required = ["name"],
                Example =
                    """{"name": "Laboratory", "rule": {"match": "all", "conditions": [{"attribute": "department", "operator": "is", "value": "Research"}]}}""",
                Status = 201,
                Answer = typeof(GroupBody),
                Refusals = [415],
            },
            (HttpRequest request, GroupCalls calls, CancellationToken ct) =>
                calls.CreateAsync(request, ct)
        );
        api.MapCall(
            HttpMethod.Get,
            "/groups/{group}",
            new("showGroup", ApiScopes.GroupsRead) { Answer = typeof(GroupBody), Refusals = [404] },
            (string group, GroupCalls calls, CancellationToken ct) => calls.ShowAsync(group, ct)
        );
        api.MapCall(
            HttpMethod.Patch,
            "/groups/{group}",
            new("updateGroup", ApiScopes.GroupsWrite)
            {
                Body = typeof(GroupBody),
                Example =
                    """{"description": "Who works in the laboratory", "rule": null, "members": ["ada"]}""",
                Answer = typeof(GroupBody),
                Versioned = true,
                Refusals = [404, 412, 415],
            },
            (string group, HttpRequest request, GroupCalls calls, CancellationToken ct) =>
                calls.UpdateAsync(group, request, ct)
        );
        api.MapCall(
            HttpMethod.Delete,
            "/groups/{group}",
            new("deleteGroup", ApiScopes.GroupsWrite) { Status = 204, Refusals = [404] },
            (string group, GroupCalls calls, CancellationToken ct) => calls.DeleteAsync(group, ct)
        );
        api.MapCall(
            HttpMethod.Get,
            "/groups/{group}/members",
            ApiOperation.List<MemberBody>("listMembers", ApiScopes.GroupsRead) with
            {
                Refusals = [404],
            },
            (string group, HttpRequest request, GroupCalls calls, CancellationToken ct) =>
                calls.MembersAsync(group, request, ct)
        );
        api.MapCall(
            HttpMethod.Put,
            "/groups/{group}/members/{user}",
            new("addMember", ApiScopes.GroupsWrite) { Status = 204, Refusals = [404] },
            (string group, string user, GroupCalls calls, CancellationToken ct) =>
                calls.MemberAsync(group, user, isIn: true, ct)
        );
        api.MapCall(
            HttpMethod.Delete,
            "/groups/{group}/members/{user}",
            new("removeMember", ApiScopes.GroupsWrite) { Status = 204, Refusals = [404] },
            (string group, string user, GroupCalls calls, CancellationToken ct) =>
                calls.MemberAsync(group, user, isIn: false, ct)
        );
    }
}
