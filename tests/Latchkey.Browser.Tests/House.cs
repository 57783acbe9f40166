using Latchkey.Browser.Tests.Pages;
using Latchkey.Testing;
using Latchkey.Testing.Browsers;

namespace Latchkey.Browser.Tests;

/// <summary>A server that has been in use: an administrator, people, a group, an application, and events of sign-ins that failed.</summary>
public sealed class House : IAsyncLifetime
{
    public const string Password = "correct horse battery staple";

    private ServerProcess? _server;
    private Task<HouseMap>? _map;

    public ServerProcess Server => _server!;

    public static string ServiceProviderMetadata =>
        Path.Combine(Repository.Root, "tests", "Latchkey.Browser.Tests", "Data", "wiki-sp.xml");

    public async ValueTask InitializeAsync() =>
        _server = await ServerProcess.StartAsync(
            new ServerSetup
            {
                Engine = Engine.PostgreSql,
                Bootstrap = $$"""
                users:
                  - { username: root, email: root@example.test, firstname: Rosa, lastname: Root, password: {{Password}} }
                  - { username: ada, email: ada@example.test, firstname: Ada, lastname: Lovelace, password: {{Password}}, attributes: { department: Research } }
                  - { username: bob, email: bob@example.test, password: {{Password}} }
                  - { username: hedy, email: hedy@example.test, firstname: Hedy, password: {{Password}}, role: help_desk }
                  - { username: joan, email: joan@example.test, firstname: Joan, password: {{Password}} }
                  - { username: kim, email: kim@example.test, firstname: Kim, password: {{Password}} }
                  - { username: lou, email: lou@example.test, firstname: Lou, password: {{Password}} }
                groups:
                  - { name: Engineering, members: [ada] }
                  - { name: Everybody, members: [root, ada, hedy, kim, lou] }
                  - { name: Nobody }
                administrators: [root]
                applications:
                  - slug: wiki
                    label: Wiki
                    sp_metadata: ./wiki-sp.xml
                    name_id: { source: email, format: emailAddress }
                    attributes: [ { name: email, source: email }, { name: groups, source: groups } ]
                    constant_attributes: [ { name: SessionDuration, value: "3600" } ]
                    groups: [Engineering]
                    users: [joan]
                    active: true
                {{string.Join('\n', s_bookmarks.Select(Bookmark))}}
                """,
                Files = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["wiki-sp.xml"] = await File.ReadAllTextAsync(ServiceProviderMetadata),
                },
            }
        );

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
    }

    /// <summary>Enough tiles for a portal that is searched and sorted.</summary>
    private static readonly (string Slug, string Label, string Category)[] s_bookmarks =
    [
        ("lunch", "Lunch", "House"),
        ("rooms", "Meeting rooms", "House"),
        ("parking", "Parking", "House"),
        ("trains", "Trains", "Travel"),
        ("hotels", "Hotels", "Travel"),
        ("expenses", "Expenses", "Travel"),
        ("handbook", "Handbook", "Reading"),
    ];

    private static string Bookmark((string Slug, string Label, string Category) bookmark) =>
        $$"""
              - slug: {{bookmark.Slug}}
                kind: bookmark
                label: {{bookmark.Label}}
                description: "{{bookmark.Label}} of the organisation"
                categories: [{{bookmark.Category}}]
                login_url: https://{{bookmark.Slug}}.example.test/
                groups: [Everybody]
                active: true
            """;

    /// <summary>Every kind of page, as the first who asked found it. No two tests run at once.</summary>
    internal Task<HouseMap> MapAsync(Chromium chromium) =>
        _map ??= HouseMap.DrawAsync(this, chromium);

    /// <summary>Somebody in a fresh browser who has just signed in.</summary>
    internal async Task<Walk> SignedInAsync(
        Chromium chromium,
        string username,
        Look look = Look.Light
    )
    {
        var walk = await Walk.StartAsync(chromium, Server, look);
        await walk.Page.GotoAsync("/sign-in");
        await walk.SignInAsync(username, Password);
        return walk;
    }
}
