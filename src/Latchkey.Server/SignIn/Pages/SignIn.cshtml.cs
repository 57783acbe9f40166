using Latchkey.Server.SingleSignOn;
using Latchkey.Web.Texts;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Latchkey.Server.SignIn.Pages;

/// <summary>The one page of a sign-in under way: shows the step that the dispatcher names, or goes where it points.</summary>
[AllowAnonymous]
// Checked by hand below: a form left open in one tab while another signed in is no attack and gets no error page.
[IgnoreAntiforgeryToken]
internal sealed class SignInModel(
    SignInDispatcher dispatcher,
    SignInStates states,
    PasswordStep passwordStep,
    SignOnPages pages,
    IAntiforgery antiforgery,
    ITexts texts
) : PageModel
{
    /// <summary>The stored sign-in.</summary>
    [BindProperty(SupportsGet = true, Name = "s")]
    public Guid? StateId { get; set; }

    /// <summary>Where a sign-in to our own pages leads.</summary>
    [BindProperty(SupportsGet = true, Name = "return")]
    public string? Return { get; set; }

    public string? Label { get; private set; }

    public string? Username { get; private set; }

    /// <summary>Whether somebody who is signed in has to prove it anew.</summary>
    public bool Again { get; private set; }

    private string ReturnPath =>
        Url.IsLocalUrl(Return) && !Return.StartsWith("/sign-", StringComparison.OrdinalIgnoreCase)
            ? Return
            : "/";

    public async Task<IActionResult> OnGetAsync()
    {
        var next = await dispatcher.NextAsync(HttpContext, StateId, ReturnPath);
        switch (next)
        {
            case SignInNext.AskPassword ask:
                Show(ask);
                return Page();
            case SignInNext.Go go:
                return SeeOther(go.Path);
            case SignInNext.Answer answer:
                return new SignOnResult(answer.SignOnAnswer);
            default:
                return await OverAsync();
        }
    }

    public async Task<IActionResult> OnPostAsync(string? username, string? password)
    {
        if (!await antiforgery.IsRequestValidAsync(HttpContext))
            return SeeOther(Here());
        var next = await dispatcher.NextAsync(HttpContext, StateId, ReturnPath);
        if (next is SignInNext.Over)
            return await OverAsync();
        if (next is not SignInNext.AskPassword ask)
            return SeeOther(Here());

        var result = await passwordStep.TakeAsync(
            HttpContext,
            username ?? "",
            password ?? "",
            admin: Access.IsAdminPath(ReturnPath) && ask.State is null,
            ask.State?.ReferenceCode
        );
        if (result == PasswordStepResult.Right)
        {
            if (ask.State is not null)
                await states.ProvedAsync(ask.State, HttpContext.RequestAborted);
            // To a page of ours, never straight to another origin: browsers hold form-action against every hop.
            return SeeOther(ask.State is null ? ReturnPath : Here());
        }
        Show(ask);
        Username = username;
        ModelState.AddModelError(
            "",
            texts[
                result == PasswordStepResult.Throttled
                    ? "signin.problem.throttled"
                    : "signin.problem.wrong"
            ]
        );
        return Page();
    }

    private void Show(SignInNext.AskPassword ask)
    {
        Label = ask.Label;
        Username = ask.Username;
        Again = ask.Username is not null;
    }

    private string Here() =>
        StateId is { } id ? $"/sign-in?s={id}"
        : ReturnPath == "/" ? "/sign-in"
        : $"/sign-in?return={Uri.EscapeDataString(ReturnPath)}";

    private async Task<IActionResult> OverAsync()
    {
        await pages.RefuseAsync(HttpContext, new(RefusalKind.SignInOver, null));
        return new EmptyResult();
    }

    private StatusCodeResult SeeOther(string path)
    {
        Response.Headers.Location = path;
        return StatusCode(StatusCodes.Status303SeeOther);
    }
}
