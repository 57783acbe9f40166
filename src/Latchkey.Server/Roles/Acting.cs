using Latchkey.Server.Directory;
using Latchkey.Server.Problems;

namespace Latchkey.Server.Roles;

/// <summary>The role in which a request was let into the administration or the API.</summary>
internal sealed record ActingRole(Role Role);

/// <summary>
/// In which role something is being done. Without one it is done by the host itself (the command line, the clock) or by
/// people to their own accounts, with a link or their password: what they may do is checked there.
/// </summary>
internal sealed class Acting(IHttpContextAccessor http)
{
    public Role? Role => http.HttpContext?.Features.Get<ActingRole>()?.Role;

    public bool May(Capability capability) =>
        Role is not { } role || RoleTable.May(role, capability);

    /// <summary>Why whoever is acting may not; null for whoever may.</summary>
    public Problem? RefuseSafeguards() =>
        May(Capability.ChangeSafeguards) ? null : new Problem("owners-only", "");

    public bool MayTouch(User user) => MayTouch(user.Role);

    /// <param name="account">The role of whose account it is.</param>
    public bool MayTouch(Role? account) =>
        Role is not { } role || RoleTable.MayTouch(role, account);
}
