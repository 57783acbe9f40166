using Latchkey.Server.Api.Calls;
using Latchkey.Server.Api.Declaration;
using Latchkey.Server.Api.OpenApi;
using Latchkey.Server.Api.Tokens;
using Latchkey.Server.Directory.Attributes;

namespace Latchkey.Server.Api.Users;

/// <summary>A custom attribute that the organisation defines.</summary>
internal sealed record AttributeDefinitionBody(
    string Name,
    string Label,
    string? Description,
    [property: WordsOf(typeof(AttributeTypes), nameof(AttributeTypes.All))] string Type
)
{
    public static AttributeDefinitionBody Of(AttributeDefinition definition) =>
        new(
            definition.Name,
            definition.Label,
            definition.Description,
            AttributeTypes.Name(definition.Type)
        );
}

internal sealed record AttributeDefinitionsBody(IReadOnlyList<AttributeDefinitionBody> Items);

/// <summary><c>/api/v1/attributes</c>: which custom attributes there are.</summary>
internal sealed class AttributeCalls(AttributeDefinitions definitions, Refusal refusal)
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapCall(
            HttpMethod.Get,
            "/attributes",
            new("listAttributes", ApiScopes.UsersRead)
            {
                Answer = typeof(AttributeDefinitionsBody),
            },
            (AttributeCalls calls, CancellationToken ct) => calls.ListAsync(ct)
        );
        api.MapCall(
            HttpMethod.Put,
            "/attributes/{attribute}",
            new("defineAttribute", ApiScopes.UsersWrite)
            {
                Body = typeof(AttributeDefinitionBody),
                Example = """{"label": "Floor", "type": "number"}""",
                Answer = typeof(AttributeDefinitionBody),
                Refusals = [415],
            },
            (string attribute, HttpRequest request, AttributeCalls calls, CancellationToken ct) =>
                calls.DefineAsync(attribute, request, ct)
        );
        api.MapCall(
            HttpMethod.Delete,
            "/attributes/{attribute}",
            new("deleteAttribute", ApiScopes.UsersWrite) { Status = 204, Refusals = [404] },
            (string attribute, AttributeCalls calls, CancellationToken ct) =>
                calls.DeleteAsync(attribute, ct)
        );
    }

    private async Task<ApiAnswer> ListAsync(CancellationToken ct) =>
        ApiAnswer.Shown(
            new AttributeDefinitionsBody([
                .. (await definitions.ListAsync(ct)).Select(AttributeDefinitionBody.Of),
            ])
        );

    /// <summary>Makes it, or changes what the body says of it.</summary>
    private async Task<ApiAnswer> DefineAsync(
        string name,
        HttpRequest request,
        CancellationToken ct
    )
    {
        var read = await CallBody.ReadAsync(
            request,
            "attribute",
            (section, _) => GroupReader.ReadAttributeCall(section, name),
            ct
        );
        if (read.Value is not { } said)
        {
            return refusal.Of(read.Problems);
        }
        var known = (await definitions.ListAsync(ct)).FirstOrDefault(d => d.Name == name);
        var saved = await definitions.SaveAsync(
            new AttributeDefinitionInput(
                name,
                said.Label ?? known?.Label,
                said.Description ?? known?.Description,
                said.Type ?? known?.Type ?? AttributeType.String
            ),
            isNew: false,
            ct
        );
        return saved.Ok
            ? ApiAnswer.Shown(AttributeDefinitionBody.Of(saved.Value))
            : refusal.Of(saved.Problems);
    }

    private async Task<ApiAnswer> DeleteAsync(string name, CancellationToken ct) =>
        await definitions.DeleteAsync(name, ct)
            ? ApiAnswer.Nothing
            : refusal.Unknown("api-attribute-unknown", name);
}
