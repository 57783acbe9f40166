using System.Text.Json;
using Latchkey.Server.SingleSignOn;
using Latchkey.Web.Texts;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Latchkey.Server.SingleLogout.Pages;

/// <summary>
/// How far a logout is, application by application. While there is somebody to visit it sends the browser on by itself, by
/// a Refresh header: that works without scripts, and a form's policy does not reach over it.
/// </summary>
[AllowAnonymous]
internal sealed class ApplicationsModel(
    Logouts logouts,
    LogoutChain chain,
    LogoutAnswers answers,
    LogoutRecord records,
    ITexts texts
) : PageModel
{
    // Browsers keep a page to go back to only if it stood for longer than a second.
    private const int Seconds = 2;

    private const int SecondsToRead = 6;

    public LogoutView View { get; private set; } = null!;

    /// <summary>Whether the browser is sent on from here.</summary>
    public bool Going { get; private set; }

    /// <param name="l">The logout.</param>
    /// <param name="back">Whether the browser comes from an application that answered: no need to stay.</param>
    public async Task<IActionResult> OnGetAsync(Guid l, bool back)
    {
        if (await FindAsync(l, skip: false) is not { } view)
            return Over();
        View = view;
        await records.FinishAsync(HttpContext, view);
        var answerable = view.Answerable && await answers.CanAnswerAsync(view, HttpContext);
        Going = view.Silent is not null || view.Next is not null || answerable;
        if (view.Silent is not null)
            SendOn(PathOf(l), (int)Logouts.FrontTimeout.TotalSeconds / 4);
        else if (view.Next is not null)
            SendOn(LogoutChain.NextOf(l), back ? 0 : Seconds);
        else if (answerable)
            SendOn(
                LogoutChain.NextOf(l),
                !view.Participants.Any(p => p.Row.State == ParticipantState.Failed)
                    ? 0
                    : SecondsToRead
            );
        return Page();
    }

    /// <summary>The user does not wait for a silent application.</summary>
    public async Task<IActionResult> OnPostAsync(Guid l)
    {
        if (await FindAsync(l, skip: true) is null)
            return Over();
        Response.Headers.Location = PathOf(l);
        return StatusCode(StatusCodes.Status303SeeOther);
    }

    /// <summary>How it stands with one application, for people.</summary>
    public string Say(LogoutParticipant row)
    {
        if (row is { State: ParticipantState.Waiting, Failure: not null, NextAttemptAt: not null })
            return texts["logout.state.again"];
        var state = texts["logout.state." + Key(row.State)];
        return row is { State: ParticipantState.Failed, Failure: { } failure }
            ? $"{state}. {texts["logout.failure." + Key(failure)]}"
            : state;
    }

    private static string Key<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());

    private static string PathOf(Guid id) => LogoutChain.PageOf(id);

    private async Task<LogoutView?> FindAsync(Guid id, bool skip) =>
        await logouts.FindAsync(HttpContext, id) is { } view
            ? await chain.SkipSilentAsync(HttpContext, view, skip) ?? view
            : null;

    private void SendOn(string address, int seconds) =>
        Response.Headers["Refresh"] = $"{seconds};url={address}";

    private SignOnResult Over() =>
        new(new SignOnAnswer.Refused(new(RefusalKind.LogoutOver, ReferenceCode: null)));
}
