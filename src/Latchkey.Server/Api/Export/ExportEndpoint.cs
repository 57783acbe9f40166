using Latchkey.Server.Api.OpenApi;
using Latchkey.Server.Api.Tokens;
using Latchkey.Server.Insights;

namespace Latchkey.Server.Api.Export;

/// <summary><c>GET /api/v1/export</c>: the organisation as a file.</summary>
internal static class ExportEndpoint
{
    private const string ContentType = "application/yaml";

    public static void MapExport(this IEndpointRouteBuilder api) =>
        api.MapCall(
            HttpMethod.Get,
            "/export",
            new("export", ApiScopes.OrganizationRead)
            {
                ContentType = ContentType,
                Query = [new("passwords", "boolean")],
            },
            async (
                HttpContext http,
                OrganizationExport export,
                EventRecorder events,
                CancellationToken ct
            ) =>
            {
                var passwords = http.Request.Query["passwords"] != "false";
                var text = await export.WriteAsync(passwords, ct);
                await events.RecordAsync(
                    EventTypes.OrganizationExport,
                    success: true,
                    details: new { characters = text.Length }
                );
                http.Response.Headers.CacheControl = "no-store";
                return Results.Text(text, ContentType);
            }
        );
}
