using Latchkey.Server.Insights;
using Latchkey.Server.SignIn;
using Latchkey.Server.SingleSignOn;

namespace Latchkey.Server.SingleLogout;

/// <summary>The user signs out here: the session ends first, then everybody who was told of it hears.</summary>
internal sealed class PortalLogout(
    LogoutStart start,
    BackChannelRounds rounds,
    SignInCookies cookies,
    TimeProvider time
)
{
    /// <summary>Ends the session, and asks those who can be asked by SOAP.</summary>
    /// <returns>The address of the page that goes on or says how it went.</returns>
    public async Task<string> RunAsync(HttpContext http, CurrentSession current)
    {
        var record = new SignOnRecord(http, ReferenceCode.New(), time) { User = current.User };
        var started = await start.FromPortalAsync(current, record, CancellationToken.None);
        cookies.ClearSession(http);
        await rounds.FirstAsync(http, started.Logout, started.Participants);
        return started.Participants.Count == 0
            ? "/sign-out"
            : LogoutChain.PageOf(started.Logout.Id);
    }
}
