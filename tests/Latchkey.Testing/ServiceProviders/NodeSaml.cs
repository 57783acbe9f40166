using System.Text.Json;
using System.Text.Json.Nodes;
using Latchkey.Testing.Browsers;

namespace Latchkey.Testing.ServiceProviders;

/// <summary>Service providers on node-saml and Express, one process for as many as are wanted (<c>tests/node</c>).</summary>
public sealed class NodeSaml : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _client = new();
    private readonly ChildProcess _process;

    private NodeSaml(int port, IEnumerable<NodeSamlProvider> providers)
    {
        Address = new Uri($"http://localhost:{port}");
        var configuration = new JsonObject
        {
            ["port"] = port,
            ["providers"] = new JsonObject(providers.Select(ToJson)),
        };
        var file = _folder.Write("providers.json", configuration.ToJsonString());
        _process = ChildProcess.Start("node", ["service-provider.mjs", file], Repository.Node);
    }

    /// <summary>Another host name than the server's 127.0.0.1, so browsers keep their cookies and SameSite rules apart.</summary>
    public Uri Address { get; }

    public string Output => _process.Output;

    public static async Task<NodeSaml> StartAsync(int port, IEnumerable<NodeSamlProvider> providers)
    {
        var node = new NodeSaml(port, providers);
        await Wait.UntilAsync(
            () =>
                node._process.HasExited
                    ? throw new InvalidOperationException("node-saml ended:\n" + node.Output)
                    : Task.FromResult(node.Output.Contains("listening", StringComparison.Ordinal)),
            () => "node-saml does not listen:\n" + node.Output
        );
        return node;
    }

    /// <summary>A provider's metadata, as node-saml writes it.</summary>
    public async Task<string> MetadataAsync(string provider) =>
        await _client.GetStringAsync(new Uri(Address, $"/{provider}/metadata"));

    /// <summary>Where a browser starts a sign-in.</summary>
    public string LoginAddress(string provider, string relayState = "") =>
        new Uri(
            Address,
            $"/{provider}/login?relayState={Uri.EscapeDataString(relayState)}"
        ).AbsoluteUri;

    /// <summary>Where a browser signs out there and everywhere.</summary>
    public string LogoutAddress(string provider) =>
        new Uri(Address, $"/{provider}/logout").AbsoluteUri;

    /// <summary>Whether somebody is signed in there in this browser.</summary>
    public async Task<bool> IsSignedInAsync(Visit visit, string provider)
    {
        // A page of its own: the one that the visit is at stays.
        var page = await visit.Context.NewPageAsync();
        await page.GotoAsync(new Uri(Address, $"/{provider}/session").AbsoluteUri);
        var json = await page.Locator("#session").TextContentAsync();
        await page.CloseAsync();
        return JsonDocument.Parse(json!).RootElement.GetProperty("signedIn").GetBoolean();
    }

    /// <summary>Waits until the browser is back from a logout that began there.</summary>
    /// <returns>Whether node-saml took the answer for a success.</returns>
    public async Task<bool> LoggedOutAsync(Visit visit, string provider)
    {
        await visit.Page.WaitForURLAsync(new Uri(Address, $"/{provider}/slo").AbsoluteUri + "**");
        var json = await visit.Page.Locator("#logout").TextContentAsync();
        var result = JsonDocument.Parse(json!).RootElement;
        return result.GetProperty("loggedOut").GetBoolean()
            && result.GetProperty("relayState").GetString() == "bye";
    }

    /// <summary>What node-saml made of the Response that a browser has just brought to it.</summary>
    public async Task<SignOnResult> ResultAsync(Visit visit)
    {
        await visit.Page.WaitForURLAsync(url =>
            url.StartsWith(Address.AbsoluteUri, StringComparison.Ordinal)
            && url.EndsWith("/acs", StringComparison.Ordinal)
        );
        var json = await visit.Page.Locator("#result").TextContentAsync();
        return JsonSerializer.Deserialize<SignOnResult>(json!, JsonSerializerOptions.Web)!;
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _client.Dispose();
        _folder.Dispose();
    }

    private static KeyValuePair<string, JsonNode?> ToJson(NodeSamlProvider provider) =>
        new(
            provider.Name,
            new JsonObject
            {
                ["idpMetadata"] = provider.IdpMetadata,
                ["keys"] = provider.Keys is null
                    ? null
                    : new JsonObject
                    {
                        ["privateKey"] = provider.Keys.PrivateKey,
                        ["certificate"] = provider.Keys.Certificate,
                    },
                ["ecdsa"] = provider.Ecdsa,
                ["options"] = provider.Options.DeepClone(),
            }
        );
}

/// <summary>One service provider of <see cref="NodeSaml"/>.</summary>
/// <param name="Name">The first part of its addresses.</param>
/// <param name="IdpMetadata">Where the identity provider publishes its metadata for it.</param>
public sealed record NodeSamlProvider(string Name, string IdpMetadata)
{
    /// <summary>Signs the requests; without, they go unsigned.</summary>
    public KeyPair? Keys { get; init; }

    /// <summary>Whether its page says too what ECDSA signatures are worth to the library below node-saml.</summary>
    public bool Ecdsa { get; init; }

    /// <summary>node-saml's own options by their own names.</summary>
    public JsonObject Options { get; init; } = [];
}

/// <summary>What a service provider's page says after a Response came.</summary>
public sealed record SignOnResult
{
    /// <summary>"signed in", "not signed in" (the Response said NoPassive) or "refused".</summary>
    public required string Outcome { get; init; }

    public string? Reason { get; init; }
    public string? RelayState { get; init; }
    public string? NameId { get; init; }
    public string? NameIdFormat { get; init; }
    public string? SessionIndex { get; init; }
    public string? Issuer { get; init; }

    /// <summary>A string, or an array of several.</summary>
    public IReadOnlyDictionary<string, JsonElement> Attributes { get; init; } =
        new Dictionary<string, JsonElement>(StringComparer.Ordinal);

    /// <summary>For each signature whether it is right, where that is asked of the library below node-saml.</summary>
    public IReadOnlyList<bool> Signatures { get; init; } = [];

    /// <summary>The Response as it came.</summary>
    public string Response { get; init; } = "";

    /// <summary>The values of one attribute, in order.</summary>
    public IReadOnlyList<string> Values(string attribute) =>
        !Attributes.TryGetValue(attribute, out var value) ? []
        : value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray().Select(item => item.GetString()!)]
        : [value.GetString()!];
}
