using Latchkey.Server.Applications;
using Latchkey.Server.Roles;

namespace Latchkey.Server.Directory;

/// <summary>Which users a list shows. Every word of the search must stand somewhere in a user's names, address or identifier.</summary>
internal sealed record UserQuery(
    string? Search = null,
    UserState? State = null,
    bool WithRoleOnly = false,
    bool WithoutFactor = false,
    Guid? InGroup = null,
    Guid? NotInGroup = null
);

internal sealed record UserRow(
    Guid Id,
    string Username,
    string Email,
    string? Name,
    UserState State,
    Role? Role,
    DateTimeOffset? LastSignInAt,
    int Groups
);

/// <summary>A group somebody is in, and why.</summary>
internal sealed record MembershipRow(Group Group, bool ByHand, bool ByRule)
{
    /// <summary>The end of a text key.</summary>
    public string Why =>
        (ByHand, ByRule) switch
        {
            (true, true) => "both",
            (false, true) => "rule",
            _ => "hand",
        };
}

internal sealed record GroupRow(
    Guid Id,
    string Name,
    string? Description,
    int Members,
    int Applications
);

/// <summary>An application a user can sign in to, and through which groups.</summary>
internal sealed record AccessRow(Application Application, IReadOnlyList<string> Through);

/// <summary>What goes with a user.</summary>
internal sealed record UserLoss(
    IReadOnlyList<string> Groups,
    IReadOnlyList<string> Applications,
    int Sessions,
    int Tokens,
    int Reports
);

/// <summary>What goes with a group: who loses which applications because no other group gives them.</summary>
internal sealed record GroupLoss(int Members, IReadOnlyList<LostAccess> Applications);

internal sealed record LostAccess(string Application, IReadOnlyList<string> Users);
