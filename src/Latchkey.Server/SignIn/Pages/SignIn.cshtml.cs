using Latchkey.Server.Problems;
using Latchkey.Server.SignIn.Factors;
using Latchkey.Server.SignIn.Passwords;
using Latchkey.Server.SignIn.Sessions;
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
internal sealed partial class SignInModel(
    SignInDispatcher dispatcher,
    SignInProgress progress,
    SignInStates states,
    PasswordStep passwordStep,
    FactorStep factorStep,
    FactorSetup setup,
    NewPasswordStep newPasswordStep,
    SessionSettingsService sessionSettings,
    PasskeyService passkeys,
    SignOnPages pages,
    IAntiforgery antiforgery,
    ITexts texts
) : PageModel
{
    private static readonly Uri s_anywhere = new("https://localhost");

    /// <summary>The stored sign-in.</summary>
    [BindProperty(SupportsGet = true, Name = "s")]
    public Guid? StateId { get; set; }

    /// <summary>Where a sign-in to our own pages leads.</summary>
    [BindProperty(SupportsGet = true, Name = "return")]
    public string? Return { get; set; }

    /// <summary>The step to show.</summary>
    public SignInNext Step { get; private set; } = new SignInNext.Over();

    /// <summary>What was typed, to show it again.</summary>
    public string? Username { get; private set; }

    /// <summary>For how many days this browser can be let off the second step; 0 where it cannot.</summary>
    public int RememberDays { get; private set; }

    /// <summary>Whether the page offers passkeys.</summary>
    public bool HasPasskeys =>
        passkeys.CanWork
        && Step
            is SignInNext.AskPassword { PasskeyServes: true }
                or SignInNext.AskFactor { Factors.Passkeys: > 0 };

    /// <summary>Whether somebody has proved a part, so that somebody else may want to begin anew.</summary>
    public bool IsHalfDone =>
        Step
            is SignInNext.AskFactor
                or SignInNext.SetUpFactor
                or SignInNext.OfferFactor
                or SignInNext.ChangePassword;

    /// <summary>Where a form of this page posts, in the same sign-in.</summary>
    public string Action(string handler)
    {
        var here = Here();
        return $"{here}{(here.Contains('?', StringComparison.Ordinal) ? '&' : '?')}handler={handler}";
    }

    private string ReturnPath =>
        Url.IsLocalUrl(Return)
        && Uri.TryCreate(s_anywhere, Return, out var there)
        // As a header carries it, whatever characters were typed. Asked again, since "/.//elsewhere" is written "//elsewhere".
        && there.PathAndQuery is var path
        && Url.IsLocalUrl(path)
        && !path.StartsWith("/sign-", StringComparison.OrdinalIgnoreCase)
            ? path
            : "/";

    public async Task<IActionResult> OnGetAsync() =>
        await ShowAsync(await dispatcher.NextAsync(HttpContext, StateId, ReturnPath));

    public async Task<IActionResult> OnPostAsync(string? username, string? password)
    {
        if (await NextAsync() is not SignInNext.AskPassword ask)
            return SeeOther(Here());
        var came = await passwordStep.TakeAsync(
            HttpContext,
            username ?? "",
            password ?? "",
            admin: Access.IsAdminPath(ReturnPath) && ask.State is null,
            ask.State?.ReferenceCode
        );
        if (came.User is { } user)
        {
            var kept = user.Id == ask.Known?.Id ? ask.Kept : null;
            return await GoOnAsync(ask.State, new(user, With(kept, AuthnMethods.Password)));
        }
        Username = username;
        return await AgainAsync(
            ask,
            came.Verdict == PasswordVerdictForPage.Throttled
                ? "signin.problem.throttled"
                : "signin.problem.wrong"
        );
    }

    /// <summary>A code of the authenticator app, or a recovery code.</summary>
    public async Task<IActionResult> OnPostCodeAsync(string? code, bool remember)
    {
        if (await NextAsync() is not SignInNext.AskFactor ask)
            return SeeOther(Here());
        var (verdict, method) = await factorStep.TakeCodeAsync(
            HttpContext,
            ask.User,
            code ?? "",
            ask.State.ReferenceCode
        );
        return verdict == FactorVerdict.Right
            ? await GoOnAsync(
                ask.State,
                new(ask.User, With(ask.Methods, method))
                {
                    IsAnew = !ask.OnSession,
                    Remember = remember,
                }
            )
            : await AgainAsync(ask, Said(verdict));
    }

    /// <summary>A new password in place of one that has ended.</summary>
    public async Task<IActionResult> OnPostNewPasswordAsync(string? password, string? again)
    {
        if (await NextAsync() is not SignInNext.ChangePassword ask)
            return SeeOther(Here());
        if (password != again)
        {
            ModelState.AddModelError("again", texts["signin.new-password.differ"]);
            return await ShowAsync(ask);
        }
        var changed = await newPasswordStep.TakeAsync(
            HttpContext,
            ask.State,
            ask.User,
            ask.Methods,
            password ?? ""
        );
        if (changed.Value is { } user)
            return await GoOnAsync(ask.State, new(user, ask.Methods));
        foreach (var problem in changed.Problems)
            ModelState.AddModelError(problem.Where, texts.Say(problem));
        return await ShowAsync(ask);
    }

    /// <summary>Begins anew as another user, for the same application.</summary>
    public async Task<IActionResult> OnPostAnotherAsync()
    {
        var half = await NextAsync() switch
        {
            SignInNext.AskFactor ask => (ask.State, ask.User),
            SignInNext.SetUpFactor ask => (ask.State, ask.User),
            SignInNext.OfferFactor ask => (ask.State, ask.User),
            SignInNext.ChangePassword ask => (ask.State, ask.User),
            _ => ((SignInState State, Directory.User User)?)null,
        };
        if (half is { } one)
            await progress.StartOverAsync(HttpContext, one.State, one.User);
        return SeeOther(Here());
    }

    /// <summary>The dispatcher's answer to a post; a post without its token gets none.</summary>
    private async Task<SignInNext?> NextAsync() =>
        await antiforgery.IsRequestValidAsync(HttpContext)
            ? await dispatcher.NextAsync(HttpContext, StateId, ReturnPath)
            : null;

    private async Task<IActionResult> GoOnAsync(SignInState? state, SignInProof proof) =>
        AnswerTo(await progress.ProvedAsync(HttpContext, state, proof, ReturnPath), state);

    private IActionResult AnswerTo(SignInProgressResult result, SignInState? state) =>
        result switch
        {
            SignInProgressResult.MoreIsAsked more => SeeOther($"/sign-in?s={more.State.Id}"),
            SignInProgressResult.Refused refused => new SignOnResult(
                new SignOnAnswer.Refused(refused.Refusal)
            ),
            // To a page of ours, never straight to another origin: browsers hold form-action against every hop.
            _ => SeeOther(state is null ? ReturnPath : $"/sign-in?s={state.Id}"),
        };

    private async Task<IActionResult> AgainAsync(SignInNext ask, string problem)
    {
        ModelState.AddModelError("", texts[problem]);
        return await ShowAsync(ask);
    }

    private async Task<IActionResult> ShowAsync(SignInNext next)
    {
        Step = next;
        switch (next)
        {
            case SignInNext.AskPassword ask:
                Username ??= ask.Known?.Username;
                return Page();
            case SignInNext.AskFactor ask:
                RememberDays = ask.User.Role is null
                    ? (await sessionSettings.ReadAsync(HttpContext.RequestAborted)).RememberDays
                    : 0;
                return Page();
            case SignInNext.ChangePassword:
            case SignInNext.OfferFactor when !SetsUp:
                return Page();
            case SignInNext.SetUpFactor ask:
                return await ShowSetUpAsync(ask.State, ask.User);
            case SignInNext.OfferFactor ask:
                return await ShowSetUpAsync(ask.State, ask.User);
            case SignInNext.Proceed ask:
                return await GoOnAsync(ask.State, new(ask.User, ask.Methods));
            case SignInNext.Go go:
                return SeeOther(go.Path);
            case SignInNext.Answer answer:
                return new SignOnResult(answer.SignOnAnswer);
            default:
                await pages.RefuseAsync(HttpContext, new(RefusalKind.SignInOver, null));
                return new EmptyResult();
        }
    }

    private static string With(string? methods, params IReadOnlyList<string> more) =>
        AuthnMethods.Write([.. AuthnMethods.Read(methods), .. more]);

    private static string Said(FactorVerdict verdict) =>
        verdict == FactorVerdict.Locked ? "signin.problem.code-locked" : "signin.problem.code";

    private string Here() =>
        StateId is { } id ? $"/sign-in?s={id}"
        : ReturnPath == "/" ? "/sign-in"
        : $"/sign-in?return={Uri.EscapeDataString(ReturnPath)}";

    private StatusCodeResult SeeOther(string path)
    {
        Response.Headers.Location = path;
        return StatusCode(StatusCodes.Status303SeeOther);
    }
}
