using Latchkey.Server.Api.OpenApi;
using Latchkey.Server.Api.Tokens;

namespace Latchkey.Server.Api.Applications;

/// <summary>Who may use an application, below <c>/api/v1/applications/{application}</c>.</summary>
internal static class GrantEndpoints
{
    private const string Below = "/applications/{application}";

    public static void MapGrantApi(this IEndpointRouteBuilder api)
    {
        api.MapCall(
            HttpMethod.Put,
            Below + "/groups/{group}",
            Act("grantToGroup"),
            (string application, string group, GrantCalls calls, CancellationToken ct) =>
                calls.GroupAsync(application, group, granted: true, ct)
        );
        api.MapCall(
            HttpMethod.Delete,
            Below + "/groups/{group}",
            Act("takeFromGroup"),
            (string application, string group, GrantCalls calls, CancellationToken ct) =>
                calls.GroupAsync(application, group, granted: false, ct)
        );
        api.MapCall(
            HttpMethod.Put,
            Below + "/users/{user}",
            Act("grantToUser"),
            (string application, string user, GrantCalls calls, CancellationToken ct) =>
                calls.UserAsync(application, user, granted: true, ct)
        );
        api.MapCall(
            HttpMethod.Delete,
            Below + "/users/{user}",
            Act("takeFromUser"),
            (string application, string user, GrantCalls calls, CancellationToken ct) =>
                calls.UserAsync(application, user, granted: false, ct)
        );
        api.MapCall(
            HttpMethod.Get,
            Below + "/access/{user}",
            new("checkAccess", ApiScopes.ApplicationsRead)
            {
                Answer = typeof(AccessBody),
                Refusals = [404],
            },
            (string application, string user, GrantCalls calls, CancellationToken ct) =>
                calls.CheckAsync(application, user, ct)
        );
    }

    private static ApiOperation Act(string name) =>
        new(name, ApiScopes.ApplicationsWrite) { Status = 204, Refusals = [404] };
}
