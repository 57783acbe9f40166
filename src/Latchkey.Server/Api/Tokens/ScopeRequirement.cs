using Microsoft.AspNetCore.Authorization;

namespace Latchkey.Server.Api.Tokens;

/// <summary>What an endpoint of the API needs; every one says it, once, where it is mapped.</summary>
internal sealed record NeededScope(string Scope);

/// <summary>The token has the scope that the endpoint needs. An endpoint that names none opens to nobody.</summary>
internal sealed class ScopeRequirement : IAuthorizationRequirement;

internal sealed class ScopeHandler : AuthorizationHandler<ScopeRequirement>
{
    protected override Task HandleRequirementAsync(
        AuthorizationHandlerContext context,
        ScopeRequirement requirement
    )
    {
        if (
            context.Resource is HttpContext http
            && http.GetEndpoint()?.Metadata.GetMetadata<NeededScope>() is { Scope: var needed }
            && ApiScopes.Include(ApiCaller.Scopes(context.User), needed)
        )
        {
            context.Succeed(requirement);
        }
        return Task.CompletedTask;
    }
}
