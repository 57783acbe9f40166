using Latchkey.Server.SingleSignOn;

namespace Latchkey.Server.SingleLogout;

/// <summary>
/// Takes the browser from one participant to the next, <c>/sign-out/next</c>. In between it always comes to a page of ours
/// that says how far things are: so no participant can keep the others waiting for good, and no chain of redirects grows
/// longer than browsers follow.
/// </summary>
internal sealed class LogoutChain(
    Logouts logouts,
    LogoutRequests requests,
    LogoutAnswers answers,
    LogoutRecord records,
    FrontChannel front,
    SignOnPages pages,
    TimeProvider time
)
{
    public static string PageOf(Guid logoutId) => $"/sign-out/applications?l={logoutId}";

    public static string NextOf(Guid logoutId) => $"/sign-out/next?l={logoutId}";

    /// <summary>Sends the browser to whoever has not been asked, or back to the application that asked for the logout.</summary>
    public async Task GetAsync(HttpContext http, Guid l)
    {
        if (await logouts.FindAsync(http, l) is not { } view)
        {
            await pages.RefuseAsync(http, new(RefusalKind.LogoutOver, ReferenceCode: null));
            return;
        }
        if (await SkipSilentAsync(http, view) is { } after)
            view = after;
        else
        {
            See(http, PageOf(l));
            return;
        }
        while (view.Next is { } next)
        {
            if (await SendAsync(http, view.Logout, next.Row))
                return;
            view = (await logouts.ReadAsync(l, http.RequestAborted))!;
        }
        await records.FinishAsync(http, view);
        if (!await answers.ByBrowserAsync(http, view))
            See(http, PageOf(l));
    }

    /// <summary>Gives up on a participant that the browser did not come back from.</summary>
    /// <param name="http">The request.</param>
    /// <param name="view">The logout.</param>
    /// <param name="now">Whether the user does not want to wait any longer.</param>
    /// <returns>The logout as it is then; null while that participant still has its time.</returns>
    public async Task<LogoutView?> SkipSilentAsync(
        HttpContext http,
        LogoutView view,
        bool now = false
    )
    {
        if (view.Silent is not { } silent)
            return view;
        if (!now && time.GetUtcNow() - silent.Row.AskedAt < Logouts.FrontTimeout)
            return null;
        if (await logouts.SettleAsync(silent.Row, LogoutFailure.NoAnswer))
        {
            var runtime = await requests.RuntimeAsync(
                silent.Row.ApplicationId,
                http.RequestAborted
            );
            await records.ParticipantAsync(
                http,
                view.Logout,
                runtime?.Application,
                silent.Row,
                LogoutFailure.NoAnswer
            );
        }
        return await logouts.ReadAsync(view.Logout.Id, http.RequestAborted);
    }

    private async Task<bool> SendAsync(
        HttpContext http,
        Logout logout,
        LogoutParticipant participant
    )
    {
        var runtime = await requests.RuntimeAsync(participant.ApplicationId, http.RequestAborted);
        if (
            runtime is null
            || !LogoutRequests.CanAsk(runtime)
            || LogoutEndpoints.Front(runtime.Application) is not { } endpoint
        )
        {
            await logouts.SettleAsync(participant, LogoutFailure.Misconfigured);
            await records.ParticipantAsync(
                http,
                logout,
                runtime?.Application,
                participant,
                LogoutFailure.Misconfigured
            );
            return false;
        }
        var request = requests.Make(runtime, logout, participant, endpoint.Location);
        if (!await logouts.AskAsync(participant, request.Id, http.RequestAborted))
            return false;
        // RelayState finds the row again, whatever cookies the answer brings; what counts is InResponseTo.
        await front.SendAsync(http, runtime, request, endpoint, participant.Id.ToString("N"));
        return true;
    }

    private static void See(HttpContext http, string path)
    {
        http.Response.StatusCode = Microsoft.AspNetCore.Http.StatusCodes.Status303SeeOther;
        http.Response.Headers.Location = path;
    }
}
