using Latchkey.Server.Api.Calls;
using Latchkey.Server.Api.OpenApi;
using Latchkey.Server.Api.Tokens;
using Latchkey.Server.Applications.Catalogue;

namespace Latchkey.Server.Api.Connectors;

/// <summary>A row of the catalogue.</summary>
/// <param name="Aliases">Other names under which it is looked for.</param>
internal sealed record ConnectorRowBody(
    string Slug,
    string Name,
    IReadOnlyList<string> Categories,
    IReadOnlyList<string> Aliases,
    bool Beta,
    [property: WordsOf(typeof(ConnectorWords), nameof(ConnectorWords.Statuses))] string Status
);

/// <summary>A connector, with what has to be said to make an application of it.</summary>
internal sealed record ConnectorBody(
    string Slug,
    string Name,
    IReadOnlyList<string> Categories,
    IReadOnlyList<string> Aliases,
    bool Beta,
    [property: WordsOf(typeof(ConnectorWords), nameof(ConnectorWords.Statuses))] string Status,
    string? VendorPage,
    IReadOnlyList<ConnectorVariableBody> Variables,
    string SpEntityId,
    IReadOnlyList<string> AcsUrls
);

/// <param name="Pattern">A regular expression for the whole value.</param>
internal sealed record ConnectorVariableBody(
    string Name,
    string Label,
    string? Hint,
    string Example,
    string Pattern,
    bool Required
);

/// <summary><c>/api/v1/connectors</c>: the catalogue, by slug.</summary>
internal sealed class ConnectorCalls(ConnectorCatalogue catalogue, Refusal refusal)
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapCall(
            HttpMethod.Get,
            "/connectors",
            ApiOperation.List<ConnectorRowBody>(
                "listConnectors",
                ApiScopes.ApplicationsRead,
                ApiParameter.Search,
                new ApiParameter("category")
            ),
            (HttpRequest request, ConnectorCalls calls) => calls.List(request)
        );
        api.MapCall(
            HttpMethod.Get,
            "/connectors/{connector}",
            new("showConnector", ApiScopes.ApplicationsRead)
            {
                Answer = typeof(ConnectorBody),
                Refusals = [404],
            },
            (string connector, ConnectorCalls calls) => calls.Show(connector)
        );
    }

    private ApiAnswer List(HttpRequest request)
    {
        var call = ListCall.Read(request.Query, key => key.Length > 0);
        if (call.Value is not { } list)
        {
            return refusal.Of(400, call.Problems[0]);
        }
        catalogue.Refresh();
        var category = request.Query["category"].ToString();
        var rows = ConnectorSearch
            .Find(
                catalogue.All,
                request.Query["search"].ToString(),
                category.Length == 0 ? null : category
            )
            .Select(match => match.Connector)
            .OrderBy(c => c.Slug, StringComparer.Ordinal)
            .Where(c => list.After is null || string.CompareOrdinal(c.Slug, list.After) > 0)
            .Take(list.Limit + 1)
            .ToList();
        return list.Answer(
            rows,
            c => new ConnectorRowBody(
                c.Slug,
                c.Name,
                c.Categories,
                Aliases(c),
                c.Beta,
                ConnectorWords.Of(c.Status)
            ),
            c => c.Slug
        );
    }

    private ApiAnswer Show(string slug)
    {
        catalogue.Refresh();
        return catalogue.Find(slug) is { } c
            ? ApiAnswer.Shown(
                new ConnectorBody(
                    c.Slug,
                    c.Name,
                    c.Categories,
                    Aliases(c),
                    c.Beta,
                    ConnectorWords.Of(c.Status),
                    c.VendorPage,
                    [
                        .. c.Variables.Select(v => new ConnectorVariableBody(
                            v.Name,
                            v.Label,
                            v.Hint,
                            v.Example,
                            v.Pattern,
                            v.Required
                        )),
                    ],
                    c.ServiceProvider.EntityId,
                    c.ServiceProvider.AcsUrls
                )
            )
            : refusal.Unknown("connector-unknown", slug);
    }

    private static IReadOnlyList<string> Aliases(Connector connector) =>
        [.. connector.Aliases.Select(a => a.Name)];
}
