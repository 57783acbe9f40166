using Latchkey.Server.Api.Declaration;
using Latchkey.Server.Api.OpenApi;
using Latchkey.Server.Api.Sessions;
using Latchkey.Server.Api.Tokens;
using Latchkey.Server.Roles;

namespace Latchkey.Server.Api.Users;

/// <summary><c>/api/v1/users</c>.</summary>
internal static class UserEndpoints
{
    public static void MapUserApi(this IEndpointRouteBuilder api)
    {
        api.MapCall(
            HttpMethod.Get,
            "/users",
            ApiOperation.List<UserRowBody>(
                "listUsers",
                ApiScopes.UsersRead,
                ApiParameter.Search,
                new ApiParameter("state", Words: UserReader.States),
                new ApiParameter("group")
            ) with
            {
                Role = Capability.ReadUsers,
            },
            (HttpRequest request, UserCalls calls, CancellationToken ct) =>
                calls.ListAsync(request, ct)
        );
        api.MapCall(
            HttpMethod.Post,
            "/users",
            new("createUser", ApiScopes.UsersWrite)
            {
                Body = typeof(UserBody),
                Required = ["username", "email"],
                Example =
                    """{"username": "ada", "email": "ada@example.com", "firstname": "Ada", "lastname": "Lovelace", "groups": ["Engineering"], "mail": true}""",
                Status = 201,
                Answer = typeof(UserBody),
                Refusals = [415],
            },
            (HttpRequest request, UserCalls calls, CancellationToken ct) =>
                calls.CreateAsync(request, ct)
        );
        api.MapCall(
            HttpMethod.Get,
            "/users/{user}",
            Show<UserBody>("showUser"),
            (string user, UserCalls calls, CancellationToken ct) => calls.ShowAsync(user, ct)
        );
        api.MapCall(
            HttpMethod.Patch,
            "/users/{user}",
            new("updateUser", ApiScopes.UsersWrite)
            {
                Body = typeof(UserBody),
                Example = """{"job_title": "Countess", "manager": null, "state": "suspended"}""",
                Answer = typeof(UserBody),
                Versioned = true,
                Refusals = [404, 412, 415],
            },
            (string user, HttpRequest request, UserCalls calls, CancellationToken ct) =>
                calls.UpdateAsync(user, request, ct)
        );
        api.MapCall(
            HttpMethod.Delete,
            "/users/{user}",
            new("deleteUser", ApiScopes.UsersWrite) { Status = 204, Refusals = [404] },
            (string user, UserCalls calls, CancellationToken ct) => calls.DeleteAsync(user, ct)
        );
        MapAccounts(api);
        MapSchedule(api);
    }

    private static void MapAccounts(IEndpointRouteBuilder api)
    {
        api.MapCall(
            HttpMethod.Get,
            "/users/{user}/applications",
            Show<UserApplicationsBody>("listUserApplications"),
            (string user, AccountCalls calls, CancellationToken ct) =>
                calls.ApplicationsAsync(user, ct)
        );
        api.MapCall(
            HttpMethod.Post,
            "/users/{user}/password-reset",
            Help("resetPassword"),
            (string user, AccountCalls calls, CancellationToken ct) =>
                calls.ResetPasswordAsync(user, ct)
        );
        api.MapCall(
            HttpMethod.Post,
            "/users/{user}/activation-mail",
            Help("sendActivationMail"),
            (string user, AccountCalls calls, CancellationToken ct) => calls.InviteAsync(user, ct)
        );
        api.MapCall(
            HttpMethod.Put,
            "/users/{user}/password",
            Act("setPassword") with
            {
                Body = typeof(NewPasswordBody),
                Required = ["password"],
                Example = """{"password": "correct horse battery", "must_change": true}""",
                Refusals = [404, 415],
            },
            (string user, HttpRequest request, AccountCalls calls, CancellationToken ct) =>
                calls.SetPasswordAsync(user, request, ct)
        );
        api.MapCall(
            HttpMethod.Post,
            "/users/{user}/unlock",
            Help("unlockUser"),
            (string user, AccountCalls calls, CancellationToken ct) => calls.UnlockAsync(user, ct)
        );
        api.MapCall(
            HttpMethod.Delete,
            "/users/{user}/factors",
            Help("resetFactors"),
            (string user, AccountCalls calls, CancellationToken ct) =>
                calls.ResetFactorsAsync(user, ct)
        );
        api.MapCall(
            HttpMethod.Get,
            "/users/{user}/sessions",
            Show<SessionsBody>("listSessions"),
            (string user, AccountCalls calls, CancellationToken ct) => calls.SessionsAsync(user, ct)
        );
        api.MapCall(
            HttpMethod.Delete,
            "/users/{user}/sessions",
            Help("endSessions"),
            (string user, AccountCalls calls, CancellationToken ct) =>
                calls.EndSessionsAsync(user, null, ct)
        );
        api.MapCall(
            HttpMethod.Delete,
            "/users/{user}/sessions/{session}",
            Help("endSession"),
            (string user, string session, AccountCalls calls, CancellationToken ct) =>
                calls.EndSessionsAsync(user, session, ct)
        );
    }

    private static void MapSchedule(IEndpointRouteBuilder api)
    {
        api.MapCall(
            HttpMethod.Get,
            "/users/{user}/schedule",
            Show<ScheduleBody>("showSchedule"),
            (string user, AccountCalls calls, CancellationToken ct) => calls.ScheduleAsync(user, ct)
        );
        api.MapCall(
            HttpMethod.Put,
            "/users/{user}/schedule/{state}",
            Act("scheduleState") with
            {
                Body = typeof(WhenBody),
                Required = ["at"],
                Example = """{"at": "2027-01-31T18:00:00Z"}""",
                Refusals = [404, 415],
            },
            (
                string user,
                string state,
                HttpRequest request,
                AccountCalls calls,
                CancellationToken ct
            ) => calls.PlanStateAsync(user, state, request, ct)
        );
        api.MapCall(
            HttpMethod.Delete,
            "/users/{user}/schedule/{state}",
            Act("cancelState"),
            (string user, string state, AccountCalls calls, CancellationToken ct) =>
                calls.CancelStateAsync(user, state, ct)
        );
    }

    private static ApiOperation Show<T>(string name) =>
        new(name, ApiScopes.UsersRead)
        {
            Answer = typeof(T),
            Role = Capability.ReadUsers,
            Refusals = [404],
        };

    /// <summary>What the help desk may do too.</summary>
    private static ApiOperation Help(string name) => Act(name) with { Role = Capability.HelpUsers };

    private static ApiOperation Act(string name) =>
        new(name, ApiScopes.UsersWrite) { Status = 204, Refusals = [404] };
}
