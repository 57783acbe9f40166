namespace Latchkey.Server.Api.OpenApi;

/// <summary>An operation and where it is mapped.</summary>
/// <param name="Method">GET, POST, PATCH, PUT or DELETE.</param>
/// <param name="Path">With its parameters in braces: <c>/api/v1/groups/{group}</c>.</param>
/// <param name="Parameters">The names in the path.</param>
internal sealed record MappedOperation(
    string Method,
    string Path,
    IReadOnlyList<string> Parameters,
    ApiOperation Operation
)
{
    public bool IsRepeatable => Method != "GET" && Operation.Repeatable;
}

/// <summary>Every operation of the API, as the server maps them.</summary>
internal sealed class ApiOperations(EndpointDataSource endpoints)
{
    /// <summary>In the order in which they are mapped, which is the order in which they are read.</summary>
    public IReadOnlyList<MappedOperation> All { get; } =
    [
        .. endpoints
            .Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<ApiOperation>() is not null)
            .Select(e => new MappedOperation(
                e.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods[0],
                "/" + e.RoutePattern.RawText!.Trim('/'),
                [.. e.RoutePattern.Parameters.Select(p => p.Name)],
                e.Metadata.GetRequiredMetadata<ApiOperation>()
            )),
    ];
}
