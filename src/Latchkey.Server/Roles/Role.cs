namespace Latchkey.Server.Roles;

/// <summary>What somebody may do in the administration, beside using their own account. Who has none sees the portal alone. What each may do is in <see cref="RoleTable"/>.</summary>
internal enum Role
{
    /// <summary>Reads everything, changes nothing.</summary>
    Auditor,

    /// <summary>Sees users and what happened to them; unlocks, mails links, takes second factors away.</summary>
    HelpDesk,

    /// <summary>Everything but roles, the accounts and tokens of owners, and what roles rest on: see <see cref="Capability.ChangeSafeguards"/>.</summary>
    Administrator,

    /// <summary>Everything. There is always one.</summary>
    Owner,
}

/// <summary>The roles' names in events, claims and forms.</summary>
internal static class RoleNames
{
    public static IReadOnlyList<Role> All { get; } =
    [Role.Owner, Role.Administrator, Role.HelpDesk, Role.Auditor];

    public static string Of(Role role) =>
        role switch
        {
            Role.Owner => "owner",
            Role.Administrator => "administrator",
            Role.HelpDesk => "help_desk",
            _ => "auditor",
        };

    /// <summary>The role of that name; null for any other text.</summary>
    public static Role? Read(string? name)
    {
        foreach (var role in All)
        {
            if (Of(role) == name)
            {
                return role;
            }
        }
        return null;
    }
}
