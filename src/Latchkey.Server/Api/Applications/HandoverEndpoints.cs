using Latchkey.Server.Api.OpenApi;
using Latchkey.Server.Api.Tokens;

namespace Latchkey.Server.Api.Applications;

/// <summary>What is done with a whole application, below <c>/api/v1/applications/{application}</c>.</summary>
internal static class HandoverEndpoints
{
    private const string Links = "/applications/{application}/handover-links";

    public static void MapHandoverApi(this IEndpointRouteBuilder api)
    {
        api.MapCall(
            HttpMethod.Post,
            "/applications/{application}/clone",
            new("cloneApplication", ApiScopes.ApplicationsWrite)
            {
                Body = typeof(CloneBody),
                Required = ["label"],
                Example = """{"label": "Wiki, by hand"}""",
                Status = 201,
                Answer = typeof(ApplicationBody),
                Refusals = [404, 415],
            },
            (string application, HttpRequest request, HandoverCalls calls, CancellationToken ct) =>
                calls.CloneAsync(application, request, ct)
        );
        api.MapCall(
            HttpMethod.Get,
            Links,
            new("listHandoverLinks", ApiScopes.ApplicationsRead)
            {
                Answer = typeof(HandoverLinksBody),
                Refusals = [404],
            },
            (string application, HandoverCalls calls, CancellationToken ct) =>
                calls.ListAsync(application, ct)
        );
        api.MapCall(
            HttpMethod.Post,
            Links,
            new("createHandoverLink", ApiScopes.ApplicationsWrite)
            {
                Body = typeof(NewHandoverBody),
                Example = """{"days": 7}""",
                Status = 201,
                Answer = typeof(MadeHandoverLinkBody),
                // A kept answer would hold the link that is stored only as a hash.
                Repeatable = false,
                Refusals = [404, 415],
            },
            (string application, HttpRequest request, HandoverCalls calls, CancellationToken ct) =>
                calls.CreateAsync(application, request, ct)
        );
        api.MapCall(
            HttpMethod.Delete,
            Links + "/{link}",
            new("revokeHandoverLink", ApiScopes.ApplicationsWrite)
            {
                Status = 204,
                Refusals = [404],
            },
            (string application, string link, HandoverCalls calls, CancellationToken ct) =>
                calls.RevokeAsync(application, link, ct)
        );
    }
}
