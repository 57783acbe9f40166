using Latchkey.Server.Directory;
using Latchkey.Server.Insights;
using Latchkey.Server.Problems;

namespace Latchkey.Server.SignIn.Passwords;

/// <summary>The last step of a sign-in by a password that has ended: a new one.</summary>
internal sealed class NewPasswordStep(
    UserPasswords passwords,
    SignInStates states,
    EventRecorder events
)
{
    /// <returns>The user with the new password, bound to the stored sign-in anew; or what is wrong with it.</returns>
    public async Task<Outcome<User>> TakeAsync(
        HttpContext http,
        SignInState state,
        User user,
        string methods,
        string password
    )
    {
        events.Actor = new(user.Id, user.Username);
        var changed = await passwords.ChangeOwnAsync(
            user.Id,
            password,
            SignInOrigin.Shown(http.Connection.RemoteIpAddress),
            http.RequestAborted
        );
        if (changed.Value is { } with)
            await states.RememberAsync(state, with, methods, CancellationToken.None);
        return changed;
    }
}
