using System.Text.Json;
using Latchkey.Server.Api.OpenApi;
using Latchkey.Server.Tests.Storage;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Latchkey.Server.Tests.Api;

public sealed class OpenApiTests(SqliteDatabase database)
    : ApiTest(database),
        IClassFixture<SqliteDatabase>
{
    [Fact]
    public async Task Every_route_of_the_API_is_in_the_document_and_nothing_else()
    {
        var mapped = Server
            .Services.GetServices<EndpointDataSource>()
            .SelectMany(s => s.Endpoints)
            .OfType<RouteEndpoint>()
            .Where(r => r.RoutePattern.RawText!.StartsWith("/api/v1", StringComparison.Ordinal))
            .SelectMany(r =>
                r.Metadata.GetRequiredMetadata<HttpMethodMetadata>()
                    .HttpMethods.Select(m => $"{m} {r.RoutePattern.RawText}")
            );

        (await OperationsAsync()).Select(o => o.Route).Order().ShouldBe(mapped.Order());
    }

    [Fact]
    public async Task Every_operation_has_a_name_and_a_sentence_of_its_own()
    {
        var operations = await OperationsAsync();

        operations.Select(o => o.Json.GetProperty("operationId").GetString()).ShouldBeUnique();
        operations.Select(o => o.Json.GetProperty("summary").GetString()).ShouldBeUnique();
    }

    [Fact]
    public async Task Every_reference_leads_somewhere()
    {
        var document = await OpenApiCheck.DocumentAsync(Client, Ct);
        var schemas = document.GetProperty("components").GetProperty("schemas");

        foreach (var part in document.GetRawText().Split("\"$ref\": \"").Skip(1))
        {
            var name = part[..part.IndexOf('"')].Split('/')[^1];
            schemas.TryGetProperty(name, out _).ShouldBeTrue(name);
        }
    }

    [Fact]
    public async Task Every_example_is_what_its_schema_takes()
    {
        var document = await OpenApiCheck.DocumentAsync(Client, Ct);
        foreach (var (route, operation) in await OperationsAsync())
        {
            if (operation.TryGetProperty("requestBody", out var body))
            {
                var media = body.GetProperty("content").GetProperty("application/json");
                OpenApiCheck.Check(
                    document,
                    media.GetProperty("schema"),
                    media.GetProperty("example"),
                    route
                );
            }
        }
    }

    [Fact]
    public async Task The_document_is_open_to_programs_without_a_token()
    {
        Client.DefaultRequestHeaders.Authorization = null;

        var document = await OpenApiCheck.DocumentAsync(Client, Ct);

        document.GetProperty("openapi").GetString().ShouldBe("3.1.1");
    }

    private async Task<List<(string Route, JsonElement Json)>> OperationsAsync() =>
        [
            .. (await OpenApiCheck.DocumentAsync(Client, Ct))
                .GetProperty("paths")
                .EnumerateObject()
                .SelectMany(p =>
                    p.Value.EnumerateObject()
                        .Select(o => ($"{o.Name.ToUpperInvariant()} {p.Name}", o.Value))
                ),
        ];
}
