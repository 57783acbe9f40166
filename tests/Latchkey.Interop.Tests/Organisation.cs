using System.Text.Json.Nodes;
using Latchkey.Testing;
using Latchkey.Testing.Browsers;
using Latchkey.Testing.ServiceProviders;

namespace Latchkey.Interop.Tests;

/// <summary>
/// One server with two people and a dozen applications, each a service provider of node-saml or mod_auth_mellon with other
/// wishes. Everything is set up by metadata and the declarative file, as an administrator would.
/// </summary>
public sealed class Organisation : IAsyncLifetime
{
    public const string Password = "correct horse battery staple";

    /// <summary>
    /// People who sign out, each in one test: mod_auth_mellon 0.18 answers a LogoutRequest for a user with another live session
    /// by an error (Uninett/mod_auth_mellon#192), and the sessions of other tests stay.
    /// </summary>
    public static readonly IReadOnlyList<string> Leavers = ["una", "vera", "wim", "xenia", "yuri"];

    /// <summary>What has to arrive exactly as it stands in the directory.</summary>
    public const string AwkwardText = "Zoë & Søn <\"Łódź\"> 'R&D' 日本 🔑";

    /// <summary>A group's name is an attribute value too.</summary>
    public const string AwkwardGroup = "R&D <Zürich>";

    /// <summary>What stands behind mod_auth_mellon, each an application of the same name.</summary>
    private static readonly string[] Sites =
    [
        "docs",
        "intranet",
        "assertion-site",
        "response-site",
    ];

    private readonly int _serverPort = Ports.Free();
    private readonly int _nodePort = Ports.Free();
    private readonly int _deadPort = Ports.Free();
    private readonly KeyPair _keys = KeyPair.Create("node-saml");
    private Mellon? _mellon;
    private NodeSaml? _node;
    private ServerProcess? _server;

    /// <summary>The logout address of the application whose server is gone: nobody listens there.</summary>
    public string DeadAddress => $"http://localhost:{_deadPort}/slo";

    public ServerProcess Server => _server!;
    public NodeSaml Node => _node!;
    public Mellon Mellon => _mellon!;

    public async ValueTask InitializeAsync()
    {
        var providers = Providers().ToList();
        _node = await NodeSaml.StartAsync(_nodePort, providers);
        _mellon = await Mellon.PrepareAsync(Sites);

        var files = Sites.ToDictionary(
            site => site + ".xml",
            _mellon.Metadata,
            StringComparer.Ordinal
        );
        foreach (var provider in providers)
            files[provider.Name + ".xml"] = await _node.MetadataAsync(provider.Name);

        _server = await ServerProcess.StartAsync(
            new ServerSetup
            {
                Port = _serverPort,
                Bootstrap = Bootstrap(),
                Files = files,
            }
        );
        var published = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var site in Sites)
            published[site] = await IdpMetadataAsync(site);
        await _mellon.StartAsync(published);
    }

    public async ValueTask DisposeAsync()
    {
        if (_mellon is not null)
            await _mellon.DisposeAsync();
        if (_node is not null)
            await _node.DisposeAsync();
        if (_server is not null)
            await _server.DisposeAsync();
    }

    /// <summary>What the server publishes for one application.</summary>
    public async Task<string> IdpMetadataAsync(string application) =>
        await Server.Client.GetStringAsync(
            new Uri($"/saml2/{application}/metadata", UriKind.Relative)
        );

    /// <summary>A browser that nobody used before, at the server's address.</summary>
    public Task<Visit> VisitAsync(Chromium chromium) =>
        chromium.VisitAsync(new VisitSetup { Address = Server.Address });

    private IEnumerable<NodeSamlProvider> Providers()
    {
        yield return Signing("wiki", new() { ["wantAuthnResponseSigned"] = true });
        yield return Signing(
            "forms",
            new()
            {
                ["authnRequestBinding"] = "HTTP-POST",
                // The POST binding carries plain base64; node-saml compresses unless told not to.
                ["skipRequestCompression"] = true,
            }
        );
        yield return Plain("plain", []);
        yield return Plain("assertion", new() { ["wantAuthnResponseSigned"] = false });
        yield return Plain("response", new() { ["wantAssertionsSigned"] = false });
        // Publishes a key to encrypt to, and so gets encrypted assertions without anybody asking.
        yield return Plain(
            "sealed",
            new() { ["decryptionPvk"] = _keys.PrivateKey, ["decryptionCert"] = _keys.Certificate }
        );
        yield return Signing("sha512", new() { ["signatureAlgorithm"] = "sha512" });
        yield return Plain("curve", []) with
        {
            Ecdsa = true,
        };
        yield return Signing("again", new() { ["forceAuthn"] = true });
        // Error Responses are unsigned (rule I5): asking for a signature on every Response would hide which error it was.
        yield return Signing(
            "quiet",
            new() { ["passive"] = true, ["wantAuthnResponseSigned"] = false }
        );
        yield return Signing("closed", []);
        yield return Signing("dead", []);
        // Registered with a certificate and signed requests, but it sends them without.
        yield return Signing(
            "careless-registered",
            new()
            {
                ["issuer"] = $"http://localhost:{_nodePort}/careless",
                ["callbackUrl"] = $"http://localhost:{_nodePort}/careless/acs",
            }
        );
        yield return Plain("careless", []);
        // The same with a key of which the server knows nothing.
        yield return Signing("stranger", []);
        yield return Signing(
            "stranger-registered",
            new()
            {
                ["issuer"] = $"http://localhost:{_nodePort}/stranger",
                ["callbackUrl"] = $"http://localhost:{_nodePort}/stranger/acs",
            }
        ) with
        {
            Keys = KeyPair.Create("another"),
        };
    }

    private NodeSamlProvider Plain(string name, JsonObject options) =>
        new(name, $"http://127.0.0.1:{_serverPort}/saml2/{name}/metadata") { Options = options };

    private NodeSamlProvider Signing(string name, JsonObject options)
    {
        // node-saml would sign with SHA-1, which nobody should accept.
        options.TryAdd("signatureAlgorithm", "sha256");
        options.TryAdd("digestAlgorithm", "sha256");
        return Plain(name, options) with { Keys = _keys };
    }

    private string Bootstrap() =>
        $$"""
            users:
              - username: ada
                email: ada@example.test
                firstname: Ada
                lastname: Lovelace
                password: {{Password}}
                attributes: { note: {{Quoted(AwkwardText)}}, empty: "" }
              - { username: bob, email: bob@example.test, password: {{Password}} }
            {{string.Join(
                '\n',
                Leavers.Select(name =>
                    $"  - {{ username: {name}, email: {name}@example.test, password: {Password} }}"
                )
            )}}
            groups:
              - { name: Engineering, members: [ada, {{string.Join(", ", Leavers)}}] }
              - { name: {{Quoted(AwkwardGroup)}}, members: [ada] }
              - { name: Not bound to anything, members: [ada, bob] }
              - { name: Board, members: [] }
            applications:
            {{Application("wiki", "wiki", relayState: "from the portal")}}
            {{Application("forms", "forms")}}
            {{Application("plain", "plain")}}
            {{Application("assertion", "assertion", "sign: assertion")}}
            {{Application("response", "response", "sign: response")}}
            {{Application("sealed", "sealed")}}
            {{Application("sha512", "sha512", "signature_algorithm: rsa-sha512")}}
            {{Application("curve", "curve", "signature_algorithm: ecdsa-sha256")}}
            {{Application("again", "again")}}
            {{Application("quiet", "quiet")}}
            {{Application("closed", "closed", groups: "Board")}}
            {{Application("dead", "dead", $"slo_urls: [ {{ binding: redirect, url: \"{DeadAddress}\" }} ]")}}
            {{Application("careless", "careless-registered")}}
            {{Application("stranger", "stranger-registered")}}
            {{Application("docs", "docs", relayState: Mellon.PageAddress("docs"))}}
            {{Application(
                "intranet",
                "intranet",
                Clear($"declare_redirect_endpoint: false\n    slo_urls: [ {{ binding: redirect, url: \"{Mellon.SingleLogoutAddress("intranet")}\" }} ]")
            )}}
            {{Application("assertion-site", "assertion-site", Clear("sign: assertion"))}}
            {{Application("response-site", "response-site", Clear("sign: response"))}}
            """;

    /// <summary>mod_auth_mellon publishes its key for encryption too, and so would get nothing else.</summary>
    private static string Clear(string further) =>
        "encryption: { assertions: false }\n    " + further;

    private static string Application(
        string slug,
        string metadata,
        string further = "description: x",
        string? groups = null,
        string relayState = ""
    ) =>
        $$"""
              - slug: {{slug}}
                label: The {{slug}}
                sp_metadata: ./{{metadata}}.xml
                name_id: { source: email, format: emailAddress }
                attributes:
                  - { name: first, source: firstname }
                  - { name: note, source: "custom:note" }
                  - { name: empty, source: "custom:empty" }
                  - { name: groups, source: groups }
                constant_attributes: [ { name: duration, value: "3600" } ]
                relay_state: {{Quoted(relayState)}}
                groups: [{{groups ?? $"Engineering, {Quoted(AwkwardGroup)}"}}]
                active: true
                {{further}}
            """;

    // A JSON string is a YAML string.
    private static string Quoted(string text) =>
        System.Text.Json.JsonSerializer.Serialize(
            text,
            new System.Text.Json.JsonSerializerOptions
            {
                Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            }
        );
}
