using System.Collections.Frozen;

namespace Latchkey.Server.Roles;

/// <summary>One thing that a role may allow.</summary>
internal enum Capability
{
    /// <summary>The administration's first page and its search, which show what the other capabilities open.</summary>
    OpenAdmin,

    ReadUsers,

    /// <summary>Unlock, mail a link for a password, invite again, take second factors away, end sessions.</summary>
    HelpUsers,

    ReadEvents,

    /// <summary>Whatever has no reading capability of its own.</summary>
    ReadAll,

    /// <summary>Whatever has no changing capability of its own.</summary>
    ChangeAll,

    /// <summary>
    /// What the roles themselves rest on: where mail leaves, because links that open an owner's account go that way, and for
    /// how long the record is kept, because it says what administrators did.
    /// </summary>
    ChangeSafeguards,

    GrantRoles,
}

/// <summary>
/// Which role may do what: pages, the API and the command line ask here and nowhere else. Roles that an organisation makes
/// for itself would be further sets beside these four.
/// </summary>
internal static class RoleTable
{
    private static readonly FrozenDictionary<Role, FrozenSet<Capability>> s_table = new Dictionary<
        Role,
        FrozenSet<Capability>
    >
    {
        [Role.Auditor] =
        [
            Capability.OpenAdmin,
            Capability.ReadUsers,
            Capability.ReadEvents,
            Capability.ReadAll,
        ],
        [Role.HelpDesk] =
        [
            Capability.OpenAdmin,
            Capability.ReadUsers,
            Capability.HelpUsers,
            Capability.ReadEvents,
        ],
        [Role.Administrator] =
        [
            Capability.OpenAdmin,
            Capability.ReadUsers,
            Capability.HelpUsers,
            Capability.ReadEvents,
            Capability.ReadAll,
            Capability.ChangeAll,
        ],
        [Role.Owner] = [.. Enum.GetValues<Capability>()],
    }.ToFrozenDictionary();

    public static bool May(Role? role, Capability capability) =>
        role is { } known && s_table[known].Contains(capability);

    /// <summary>
    /// Whether one may act upon another's account: only if the other may do nothing that oneself may not. Otherwise a password
    /// or second factor that is reset would be a way up.
    /// </summary>
    public static bool MayTouch(Role? acting, Role? account) =>
        account is not { } has || (acting is { } role && s_table[has].IsSubsetOf(s_table[role]));
}
