using System.Security.Claims;
using Latchkey.Server.SignIn;
using Microsoft.AspNetCore.Authorization;

namespace Latchkey.Server.Roles;

/// <summary>That whoever asks has a role that may do this: read from the address and the method, see <see cref="AdminDoors"/>, unless the endpoint carries a <see cref="Needs"/>.</summary>
internal sealed class ByRole : IAuthorizationRequirement;

/// <summary>What an endpoint needs, where its address does not say it.</summary>
internal sealed record Needs(Capability Capability);

/// <summary>Lets in by role, and remembers as which one.</summary>
internal sealed class ByRoleHandler : AuthorizationHandler<ByRole>
{
    protected override Task HandleRequirementAsync(
        AuthorizationHandlerContext context,
        ByRole requirement
    )
    {
        // Asked of anything but a request there is nothing to read an address from: closed.
        if (
            context.Resource is HttpContext http
            && context.User.AdminRole() is { } role
            && RoleTable.May(role, Needed(http))
        )
        {
            http.Features.Set(new ActingRole(role));
            context.Succeed(requirement);
        }
        return Task.CompletedTask;
    }

    private static Capability Needed(HttpContext http)
    {
        var request = http.Request;
        if (http.GetEndpoint()?.Metadata.GetMetadata<Needs>() is { } needs)
        {
            return needs.Capability;
        }
        if (Access.IsAdminPath(request.Path.Value ?? ""))
        {
            // As Razor Pages reads it: from the route first.
            var handler = Convert.ToString(request.RouteValues["handler"], null)
                is { Length: > 0 } routed
                ? routed
                : request.Query["handler"].ToString();
            return AdminDoors.Needed(request.Path.Value!, request.Method, handler);
        }
        return HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)
            ? Capability.ReadAll
            : Capability.ChangeAll;
    }
}

internal static class RoleClaims
{
    private const string Type = "role";

    public static Claim Of(Role role) => new(Type, RoleNames.Of(role));

    /// <summary>The role of who is signed in, if any.</summary>
    public static Role? AdminRole(this ClaimsPrincipal user) =>
        RoleNames.Read(user.FindFirst(Type)?.Value);

    /// <summary>Whether who is signed in may do it.</summary>
    public static bool May(this ClaimsPrincipal user, Capability capability) =>
        RoleTable.May(user.AdminRole(), capability);

    /// <summary>Whether that address of this server opens, or takes what is posted to it, as far as roles decide.</summary>
    /// <param name="user">Who is signed in.</param>
    /// <param name="address">A path, perhaps with a query.</param>
    /// <param name="method">GET or POST.</param>
    /// <param name="handler">The page's handler, where the query does not name it.</param>
    public static bool MayUse(
        this ClaimsPrincipal user,
        string address,
        string method,
        string? handler = null
    )
    {
        var path = address.Split('?', '#')[0];
        return !Access.IsAdminPath(path) || user.May(AdminDoors.Needed(path, method, handler));
    }
}
