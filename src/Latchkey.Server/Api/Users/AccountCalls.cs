using Latchkey.Server.Api.Calls;
using Latchkey.Server.Api.Declaration;
using Latchkey.Server.Api.Sessions;
using Latchkey.Server.Directory;
using Latchkey.Server.Directory.Accounts;
using Latchkey.Server.Problems;
using Latchkey.Server.SignIn.Factors;
using Latchkey.Server.SignIn.Sessions;

namespace Latchkey.Server.Api.Users;

/// <summary>What an administrator does about a user's account: the mails, the password, the lock, sessions, factors, states at a time.</summary>
internal sealed class AccountCalls(
    UserCalls users,
    UserPasswords passwords,
    UserSurroundings surroundings,
    BulkActions bulk,
    UserStates states,
    DirectoryQueries directory,
    FactorSetup factors,
    SessionList sessions,
    Refusal refusal
)
{
    /// <summary>Mails a link to choose a new password; the link goes to the user alone.</summary>
    public Task<ApiAnswer> ResetPasswordAsync(string name, CancellationToken ct) =>
        DoAsync(name, user => surroundings.SendResetAsync(user.Id, ct), ct);

    /// <summary>Sends the mail again with which an account begins, to the user alone: the help desk may do it, and whoever has the link has the account.</summary>
    public Task<ApiAnswer> InviteAsync(string name, CancellationToken ct) =>
        DoAsync(name, user => bulk.MailAsync(user.Id, new ActivationMail(), ct), ct);

    public async Task<ApiAnswer> SetPasswordAsync(
        string name,
        HttpRequest request,
        CancellationToken ct
    )
    {
        var read = await CallBody.ReadAsync(
            request,
            "password",
            (section, _) =>
            {
                var said = new NewPasswordBody(
                    section.Required("password"),
                    section.Flag("must_change")
                );
                section.End();
                return said;
            },
            ct
        );
        return read.Value is { } said
            ? await DoAsync(name, user => SetPasswordAsync(user, said, ct), ct)
            : refusal.Of(read.Problems);
    }

    public Task<ApiAnswer> UnlockAsync(string name, CancellationToken ct) =>
        DoAsync(name, user => passwords.UnlockAsync(user.Id, ct), ct);

    /// <summary>Takes away authenticator, passkeys and recovery codes.</summary>
    public Task<ApiAnswer> ResetFactorsAsync(string name, CancellationToken ct) =>
        DoAsync(
            name,
            async user =>
            {
                var problem = await factors.ResetAsync(user, ct);
                return problem is null ? user : problem;
            },
            ct
        );

    /// <param name="name">Whose.</param>
    /// <param name="session">Which one; null for all. One that is not there is ended already.</param>
    /// <param name="ct">Gives up waiting.</param>
    public Task<ApiAnswer> EndSessionsAsync(string name, string? session, CancellationToken ct) =>
        DoAsync(
            name,
            user =>
            {
                Guid? id = null;
                if (session is not null)
                {
                    id = Guid.TryParse(session, out var parsed) ? parsed : Guid.Empty;
                }
                return surroundings.EndSessionsAsync(user.Id, id, ct);
            },
            ct
        );

    public Task<ApiAnswer> SessionsAsync(string name, CancellationToken ct) =>
        ShowAsync(
            name,
            async user => new SessionsBody([
                .. (await sessions.OfAsync(user.Id, ct)).Select(SessionBody.Of),
            ]),
            ct
        );

    public Task<ApiAnswer> ApplicationsAsync(string name, CancellationToken ct) =>
        ShowAsync(
            name,
            async user => new UserApplicationsBody([
                .. (await directory.AccessOfUserAsync(user.Id, ct)).Select(
                    row => new UserApplicationBody(
                        row.Application.Id,
                        row.Application.Slug,
                        row.Application.Label,
                        row.Application.Active,
                        row.Through
                    )
                ),
            ]),
            ct
        );

    public Task<ApiAnswer> ScheduleAsync(string name, CancellationToken ct) =>
        ShowAsync(
            name,
            async user => new ScheduleBody([
                .. (await states.OfAsync(user.Id, ct)).Select(s => new ScheduledStateBody(
                    UserChanges.Name(s.State),
                    s.At,
                    s.SendMail,
                    s.MailTo
                )),
            ]),
            ct
        );

    /// <summary>Puts a user into a state at a time (J-62).</summary>
    public async Task<ApiAnswer> PlanStateAsync(
        string name,
        string state,
        HttpRequest request,
        CancellationToken ct
    )
    {
        if (State(state) is not { } wanted)
        {
            return UnknownState(state);
        }
        var read = await CallBody.ReadAsync(request, "schedule", (section, _) => When(section), ct);
        return read.Value is { } when
            ? await DoAsync(
                name,
                user =>
                    states.ScheduleAsync(
                        user.Id,
                        wanted,
                        when.At,
                        when.Mail == true ? new ActivationMail(when.MailTo) : null,
                        ct
                    ),
                ct
            )
            : refusal.Of(read.Problems);
    }

    public async Task<ApiAnswer> CancelStateAsync(
        string name,
        string state,
        CancellationToken ct
    ) =>
        State(state) is { } wanted
            ? await DoAsync(name, user => states.CancelAsync(user.Id, wanted, ct), ct)
            : UnknownState(state);

    private static WhenBody When(Section section)
    {
        section.Required("at");
        var at = section.Time("at") ?? default;
        var mail = section.Flag("mail");
        var to = section.Text("mail_to");
        section.End();
        return new WhenBody(at, mail, string.IsNullOrEmpty(to) ? null : to);
    }

    private async Task<Outcome<User>> SetPasswordAsync(
        User user,
        NewPasswordBody said,
        CancellationToken ct
    )
    {
        var set = await passwords.SetAsync(user.Id, said.Password, said.MustChange == true, ct);
        return set.Value is { } given ? given.User : Outcome<User>.Failed(set.Problems);
    }

    private static UserState? State(string word) =>
        word switch
        {
            "activated" => UserState.Activated,
            "suspended" => UserState.Suspended,
            _ => null,
        };

    private ApiAnswer UnknownState(string state) =>
        refusal.Of(
            404,
            new Problem(
                "declaration-not-word",
                "state",
                "state",
                state,
                string.Join(", ", ScheduledStateBody.Words)
            )
        );

    private async Task<ApiAnswer> ShowAsync<T>(
        string name,
        Func<User, Task<T>> show,
        CancellationToken ct
    ) =>
        await users.FindAsync(name, ct) is { } user
            ? ApiAnswer.Shown(await show(user))
            : refusal.Unknown(UserCalls.Unknown, name);

    private async Task<ApiAnswer> DoAsync(
        string name,
        Func<User, Task<Outcome<User>>> act,
        CancellationToken ct
    )
    {
        if (await users.FindAsync(name, ct) is not { } user)
        {
            return refusal.Unknown(UserCalls.Unknown, name);
        }
        if (user.Role is not null && users.ForbidsAdministrators() is { } no)
        {
            return no;
        }
        var outcome = await act(user);
        return outcome.Ok ? ApiAnswer.Nothing : refusal.Of(outcome.Problems);
    }
}
