using Latchkey.Server.Api.Applications;
using Latchkey.Server.Api.Calls;
using Latchkey.Server.Api.OpenApi;
using Latchkey.Server.Api.Tokens;
using Latchkey.Server.Api.Users;
using Latchkey.Server.Problems;
using Latchkey.Server.Roles;
using Latchkey.Server.SignIn.Sessions;

namespace Latchkey.Server.Api.Sessions;

/// <summary><c>/api/v1/sessions</c>: who is signed in where, in the whole organisation, the newest first.</summary>
internal sealed class SessionCalls(
    SessionList sessions,
    UserCalls users,
    AccountCalls accounts,
    ApplicationCalls applications,
    Refusal refusal
)
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapCall(
            HttpMethod.Get,
            "/sessions",
            ApiOperation.List<SessionBody>(
                "listOpenSessions",
                ApiScopes.UsersRead,
                ApiParameter.Search,
                new ApiParameter("user"),
                new ApiParameter("application")
            ) with
            {
                Role = Capability.ReadUsers,
            },
            (HttpRequest request, SessionCalls calls, CancellationToken ct) =>
                calls.ListAsync(request, ct)
        );
        api.MapCall(
            HttpMethod.Get,
            "/sessions/{session}",
            new("showOpenSession", ApiScopes.UsersRead)
            {
                Answer = typeof(SessionBody),
                Role = Capability.ReadUsers,
                Refusals = [404],
            },
            (string session, SessionCalls calls, CancellationToken ct) =>
                calls.ShowAsync(session, ct)
        );
        api.MapCall(
            HttpMethod.Delete,
            "/sessions/{session}",
            new("endOpenSession", ApiScopes.UsersWrite)
            {
                Status = 204,
                Role = Capability.HelpUsers,
                Refusals = [404],
            },
            (string session, SessionCalls calls, CancellationToken ct) =>
                calls.EndAsync(session, ct)
        );
    }

    private async Task<ApiAnswer> ListAsync(HttpRequest request, CancellationToken ct)
    {
        var call = ListCall.Read(request.Query, key => Guid.TryParse(key, out _));
        if (call.Value is not { } list)
        {
            return refusal.Of(400, call.Problems[0]);
        }
        var query = new SessionQuery(request.Query["search"].ToString());
        if (request.Query["user"].ToString() is { Length: > 0 } username)
        {
            if (await users.FindAsync(username, ct) is not { } user)
            {
                return refusal.Of(400, new Problem(UserCalls.Unknown, "user", username));
            }
            query = query with { UserId = user.Id };
        }
        if (request.Query["application"].ToString() is { Length: > 0 } slug)
        {
            if (await applications.FindAsync(slug, ct) is not { } application)
            {
                return refusal.Of(400, new Problem(ApplicationCalls.Unknown, "application", slug));
            }
            query = query with { ApplicationId = application.Id };
        }
        Guid? after = list.After is { } key ? Guid.Parse(key) : null;
        var page = await sessions.ListAsync(query, after, list.Limit + 1, ct);
        return list.Answer(page.Rows, SessionBody.Of, row => row.Session.Id.ToString());
    }

    private async Task<ApiAnswer> ShowAsync(string session, CancellationToken ct) =>
        await FindAsync(session, ct) is { } open
            ? ApiAnswer.Shown(SessionBody.Of(open))
            : Unknown(session);

    /// <summary>Ends it at the next request on every node; what is over already is not found.</summary>
    private async Task<ApiAnswer> EndAsync(string session, CancellationToken ct) =>
        await FindAsync(session, ct) is { } open
            ? await accounts.EndSessionsAsync(open.User.Username, session, ct)
            : Unknown(session);

    private async Task<OpenSession?> FindAsync(string session, CancellationToken ct) =>
        Guid.TryParse(session, out var id) ? await sessions.FindAsync(id, ct) : null;

    private ApiAnswer Unknown(string session) => refusal.Unknown("api-session-unknown", session);
}
