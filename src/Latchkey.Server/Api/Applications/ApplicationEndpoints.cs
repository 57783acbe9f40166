using Latchkey.Server.Api.OpenApi;
using Latchkey.Server.Api.Tokens;

namespace Latchkey.Server.Api.Applications;

/// <summary><c>/api/v1/applications</c>.</summary>
internal static class ApplicationEndpoints
{
    private const string Body =
        """{"label": "Wiki", "sp_metadata": "https://wiki.example.com/saml/metadata", "groups": ["Engineering"], "active": true}""";

    public static void MapApplicationApi(this IEndpointRouteBuilder api)
    {
        api.MapCall(
            HttpMethod.Get,
            "/applications",
            ApiOperation.List<ApplicationRowBody>(
                "listApplications",
                ApiScopes.ApplicationsRead,
                ApiParameter.Search
            ),
            (HttpRequest request, ApplicationCalls calls, CancellationToken ct) =>
                calls.ListAsync(request, ct)
        );
        api.MapCall(
            HttpMethod.Post,
            "/applications",
            new("createApplication", ApiScopes.ApplicationsWrite)
            {
                Body = typeof(ApplicationBody),
                Example = Body,
                Status = 201,
                Answer = typeof(ApplicationBody),
                Refusals = [400, 409, 415, 422],
            },
            (HttpRequest request, ApplicationCalls calls, CancellationToken ct) =>
                calls.CreateAsync(request, ct)
        );
        api.MapCall(
            HttpMethod.Get,
            "/applications/{application}",
            new("showApplication", ApiScopes.ApplicationsRead)
            {
                Answer = typeof(ApplicationBody),
                Refusals = [404],
            },
            (string application, ApplicationCalls calls, CancellationToken ct) =>
                calls.ShowAsync(application, ct)
        );
        api.MapCall(
            HttpMethod.Patch,
            "/applications/{application}",
            new("updateApplication", ApiScopes.ApplicationsWrite)
            {
                Body = typeof(ApplicationBody),
                Example =
                    """{"description": "What we know", "relay_state": null, "active": false}""",
                Answer = typeof(ApplicationBody),
                Versioned = true,
                Refusals = [400, 404, 409, 412, 415, 422],
            },
            (
                string application,
                HttpRequest request,
                ApplicationCalls calls,
                CancellationToken ct
            ) => calls.UpdateAsync(application, request, ct)
        );
        api.MapCall(
            HttpMethod.Delete,
            "/applications/{application}",
            new("deleteApplication", ApiScopes.ApplicationsWrite)
            {
                Status = 204,
                Refusals = [404, 409],
            },
            (string application, ApplicationCalls calls, CancellationToken ct) =>
                calls.DeleteAsync(application, ct)
        );
    }
}
