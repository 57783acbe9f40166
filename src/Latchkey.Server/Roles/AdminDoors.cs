namespace Latchkey.Server.Roles;

/// <summary>What an address below <c>/admin</c> and everything below it needs.</summary>
/// <param name="Path">Without <c>/admin</c>; <c>*</c> stands for any one part.</param>
/// <param name="Read">For GET.</param>
/// <param name="Change">For all other methods, unless a handler says otherwise.</param>
internal sealed record Door(string Path, Capability Read, Capability Change = Capability.ChangeAll)
{
    /// <summary>Handlers of the page by name that need something else.</summary>
    public IReadOnlyDictionary<string, Capability> Handlers { get; init; } =
        new Dictionary<string, Capability>();

    public string[] Parts { get; } = Path.Split('/', StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>
/// The doors of the administration in one list, the first that fits counts. An address that is not in it is read by
/// whoever reads everything and changed by whoever changes everything, so a new page is closed without being named here.
/// </summary>
internal static class AdminDoors
{
    private static readonly Door s_start = new("", Capability.OpenAdmin);
    private static readonly Door s_rest = new("", Capability.ReadAll);
    private static readonly Door s_changing = new("", Capability.ChangeAll);

    /// <summary>Pages that are there to change something, by their last part: only to be looked at, they are of no use.</summary>
    private static readonly string[] s_changingPages =
    [
        "new",
        "delete",
        "clone",
        "bulk",
        "import",
        "password",
        "hand-over",
    ];

    public static IReadOnlyList<Door> All { get; } =
    [
        new("search", Capability.OpenAdmin),
        // Everything at once goes out of the house; the help desk looks events up one by one.
        new("events/export", Capability.ReadAll),
        // Posts what the other side shows, and changes nothing.
        new("applications/*/compare", Capability.ReadAll, Capability.ReadAll),
        new("events", Capability.ReadEvents),
        new("sessions", Capability.ReadUsers, Capability.HelpUsers),
        new("settings/mail/queue", Capability.ReadAll),
        new("settings/mail/templates", Capability.ReadAll),
        new("settings/mail", Capability.ReadAll, Capability.ChangeSafeguards)
        {
            Handlers = new Dictionary<string, Capability>(StringComparer.OrdinalIgnoreCase)
            {
                // A mail on the way there is.
                ["Test"] = Capability.ChangeAll,
            },
        },
        new("settings/events", Capability.ReadAll, Capability.ChangeSafeguards),
        new("users/settings", Capability.ReadAll),
        new("users/attributes", Capability.ReadAll),
        new("users/export", Capability.ReadAll),
        new("users/import", Capability.ChangeAll),
        new("users/*/factors", Capability.ReadUsers)
        {
            Handlers = new Dictionary<string, Capability>(StringComparer.OrdinalIgnoreCase)
            {
                ["Reset"] = Capability.HelpUsers,
            },
        },
        new("users/*", Capability.ReadUsers)
        {
            Handlers = new Dictionary<string, Capability>(StringComparer.OrdinalIgnoreCase)
            {
                ["Unlock"] = Capability.HelpUsers,
                ["Reset"] = Capability.HelpUsers,
                ["Invite"] = Capability.HelpUsers,
                ["End"] = Capability.HelpUsers,
                ["Role"] = Capability.GrantRoles,
            },
        },
        new("users", Capability.ReadUsers),
    ];

    /// <summary>What a request needs.</summary>
    /// <param name="path">Of an address below /admin, without query.</param>
    /// <param name="method">HTTP's; GET and HEAD read, everything else changes.</param>
    /// <param name="handler">The page's handler, if one is asked for.</param>
    public static Capability Needed(string path, string method, string? handler)
    {
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries).AsSpan(1);
        var door = Find(parts);
        if (HttpMethods.IsGet(method) || HttpMethods.IsHead(method))
        {
            return door.Read;
        }
        return
            handler is { Length: > 0 }
            && door.Handlers.TryGetValue(handler, out var own)
            // A handler is of the page itself, not of pages below it.
            && parts.Length == door.Parts.Length
            ? own
            : door.Change;
    }

    private static Door Find(ReadOnlySpan<string> parts)
    {
        if (parts.Length == 0)
        {
            return s_start;
        }
        foreach (var page in s_changingPages)
        {
            if (parts[^1].Equals(page, StringComparison.OrdinalIgnoreCase))
            {
                return s_changing;
            }
        }
        foreach (var door in All)
        {
            if (Fits(door.Parts, parts))
            {
                return door;
            }
        }
        return s_rest;
    }

    private static bool Fits(string[] pattern, ReadOnlySpan<string> parts)
    {
        if (parts.Length < pattern.Length)
        {
            return false;
        }
        for (var i = 0; i < pattern.Length; i++)
        {
            if (
                pattern[i] != "*"
                && !pattern[i].Equals(parts[i], StringComparison.OrdinalIgnoreCase)
            )
            {
                return false;
            }
        }
        return true;
    }
}
