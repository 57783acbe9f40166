namespace Latchkey.Server.Applications.Catalogue;

/// <summary>What the catalogue can be narrowed to beside a category: what a service is known to do, and what rests on current guides.</summary>
internal static class ConnectorFilter
{
    private static readonly Dictionary<string, Func<Connector, bool>> s_filters = new(
        StringComparer.Ordinal
    )
    {
        ["sp-initiated"] = c => c.Modes.SpInitiated == Known.Yes,
        ["idp-initiated"] = c => c.Modes.IdpInitiated == Known.Yes,
        ["jit"] = c => c.Modes.Jit == Known.Yes,
        ["scim"] = c => c.Modes.Scim == Known.Yes,
        ["slo"] = c => c.Modes.Slo == Known.Yes,
        ["stable"] = c => c.Status == ConnectorStatus.Stable,
    };

    /// <summary>The names, as in addresses.</summary>
    public static IReadOnlyCollection<string> All => s_filters.Keys;

    /// <summary>Whether the connector is such a one; with a name that is none of these, every connector is.</summary>
    public static bool Takes(string? name, Connector connector) =>
        name is null || !s_filters.TryGetValue(name, out var takes) || takes(connector);
}
