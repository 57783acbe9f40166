using Latchkey.Server.Applications.Catalogue;
using Latchkey.Testing;

namespace Latchkey.Server.Tests.Applications.Catalogue;

/// <summary>The files of <c>connectors/</c>, read once.</summary>
internal static class ShippedConnectors
{
    public static string Folder { get; } = Path.Combine(Repository.Root, "connectors");

    public static string Schema { get; } = Path.Combine(Folder, "schema.json");

    /// <summary>By their slugs, in their order.</summary>
    public static IReadOnlyDictionary<string, Connector> All { get; } =
        System
            .IO.Directory.EnumerateFiles(Folder, "*.json")
            .Where(path => path != Schema)
            .Order(StringComparer.Ordinal)
            .Select(path =>
            {
                var connector = ConnectorReader.Read(
                    Path.GetFileName(path),
                    File.ReadAllBytes(path),
                    out var problems
                );
                return connector
                    ?? throw new InvalidOperationException(string.Join('\n', problems));
            })
            .ToDictionary(c => c.Slug, StringComparer.Ordinal);

    public static TheoryData<string> Slugs => [.. All.Keys];

    public static Connector Get(string slug) => All[slug];
}
