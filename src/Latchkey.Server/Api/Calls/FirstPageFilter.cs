using Latchkey.Server.Problems;
using Latchkey.Server.Roles;

namespace Latchkey.Server.Api.Calls;

/// <summary>Who may not read everything looks users and events up and takes no whole lists away: pages refuse them the downloads, and calls the second page of a list.</summary>
internal sealed class FirstPageFilter(Refusal refusal) : IEndpointFilter
{
    private const string Cursor = "cursor";

    public async ValueTask<object?> InvokeAsync(
        EndpointFilterInvocationContext context,
        EndpointFilterDelegate next
    )
    {
        var http = context.HttpContext;
        return http.Request.Query.ContainsKey(Cursor) && !http.User.May(Capability.ReadAll)
            ? refusal.Of(403, new Problem("list-first-page-only", Cursor))
            : await next(context);
    }
}
