using Latchkey.Server.Api.Calls;
using Latchkey.Server.Api.Idempotency;
using Latchkey.Server.Api.Tokens;
using Latchkey.Server.Roles;
using Microsoft.AspNetCore.Mvc;

namespace Latchkey.Server.Api.OpenApi;

/// <summary>Maps an endpoint together with everything that is said about it.</summary>
internal static class CallMapping
{
    public static void MapCall(
        this IEndpointRouteBuilder api,
        HttpMethod method,
        string pattern,
        ApiOperation operation,
        Delegate handler
    )
    {
        var mapped = api.MapMethods(pattern, [method.Method], handler)
            .WithMetadata(operation, new NeededScope(operation.Scope));
        if (operation.Role is { } capability)
        {
            mapped.WithMetadata(new Needs(capability));
        }
        if (operation.MaxBytes is { } bytes)
        {
            mapped.WithMetadata(new RequestSizeLimitAttribute(bytes));
        }
        if (operation.ByPages)
        {
            mapped.AddEndpointFilter<FirstPageFilter>();
        }
        if (method != HttpMethod.Get && operation.Repeatable)
        {
            mapped.AddEndpointFilter<IdempotencyFilter>();
        }
    }
}
