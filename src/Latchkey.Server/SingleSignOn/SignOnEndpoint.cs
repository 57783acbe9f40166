using Latchkey.Saml.Findings;
using Latchkey.Server.Insights;
using Latchkey.Server.SignIn;
using Latchkey.Server.SingleSignOn.Lookup;
using Latchkey.Server.Storage;
using Latchkey.Web.Language;
using Microsoft.AspNetCore.Antiforgery;

namespace Latchkey.Server.SingleSignOn;

/// <summary>The single sign-on address of an application, <c>/saml2/{app}</c>: reads HTTP, asks <see cref="SignOn"/>, writes HTTP.</summary>
internal sealed class SignOnEndpoint(
    SignOnLookup lookup,
    ApplicationRuntimes runtimes,
    RequestIntake intake,
    SignOn signOn,
    SignOnEnding ending,
    SignOnPages pages,
    SignInStates states,
    SignInCookies cookies,
    GroupCommit commits,
    IAntiforgery antiforgery,
    TimeProvider time
)
{
    /// <summary>An AuthnRequest by Redirect; without one, somebody followed a link to the application.</summary>
    public async Task GetAsync(HttpContext http)
    {
        // A browser that only guesses what comes next must not use the request up.
        if (
            http
                .Request.Headers["Sec-Purpose"]
                .ToString()
                .Contains("prefetch", StringComparison.Ordinal)
        )
        {
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }
        RequestLanguage.Begin(http, await RequestLanguage.ChooseAsync(http));
        if (await OpenAsync(http) is not var (runtime, facts, record))
            return;
        if (RequestIntake.IsRedirect(http.Request.QueryString))
        {
            if (
                await AcceptAsync(http, runtime, record, intake.Redirect(http, runtime)) is
                { } request
            )
                await GoOnAsync(
                    http,
                    new(runtime, request, facts.Session, facts.Access, false, record)
                );
            return;
        }
        // A foreign page could send the browser here to sign it in somewhere unasked (rule I7): then one click is
        // asked for. Who has to sign in first gives that click anyway.
        if (facts.Session is not null && !IsOwnWill(http))
        {
            Redirect(http, $"/sign-in/continue?to={runtime.Application.Slug}");
            return;
        }
        await GoOnAsync(http, new(runtime, null, facts.Session, facts.Access, false, record));
    }

    /// <summary>An AuthnRequest by POST; without one, a click in the portal.</summary>
    public async Task PostAsync(HttpContext http)
    {
        RequestLanguage.Begin(http, await RequestLanguage.ChooseAsync(http));
        var form = await RequestIntake.ReadFormAsync(http);
        if (await OpenAsync(http) is not var (runtime, facts, record))
            return;
        if (form is not null && !form.ContainsKey("SAMLRequest"))
        {
            if (facts.Session is { } session)
                http.User = SessionAuthenticationHandler.Principal(session.User, session.Session);
            if (!await antiforgery.IsRequestValidAsync(http))
            {
                // Not from a page of ours, or from one that was open for too long: ask there.
                Redirect(http, $"/sign-in/continue?to={runtime.Application.Slug}");
                return;
            }
            await GoOnAsync(http, new(runtime, null, facts.Session, facts.Access, false, record));
            return;
        }
        var verdict = intake.Post(form ?? FormCollection.Empty, runtime);
        if (await AcceptAsync(http, runtime, record, verdict) is not { } request)
            return;
        if (cookies.Session(http) is null)
        {
            // A form posted by another site carries no Lax cookie. Whether somebody is signed in shows on our own page.
            await commits.SubmitAsync(new() { Events = record.Events }, CancellationToken.None);
            await DeferAsync(http, runtime, request, record.ReferenceCode);
            return;
        }
        await GoOnAsync(http, new(runtime, request, facts.Session, facts.Access, false, record));
    }

    /// <summary>Asks again what comes next in a stored sign-in, now that a step was taken.</summary>
    public async Task<(SignOnAnswer Answer, string Label)> ResumeAsync(
        HttpContext http,
        SignInState state
    )
    {
        var record = new SignOnRecord(http, state.ReferenceCode, time);
        var facts = await lookup.FindAsync(
            state.ApplicationId!.Value,
            cookies.Session(http),
            http.RequestAborted
        );
        var runtime = facts is null
            ? null
            : await runtimes.GetAsync(facts.ApplicationId, facts.ApplicationVersion);
        if (facts is null || runtime is null)
            return (await RefuseUnknownAsync(record, state.ApplicationId.ToString()!), "");
        var ask = new SignOnAsk(
            runtime,
            AcceptedRequest.FromJson(state.Request),
            facts.Session,
            facts.Access,
            // The session was renewed a moment before the state was told so; what counts is that it was since the request.
            ProvedForThis: state.AuthenticatedAt is not null
                && facts.Session?.Session.AuthnInstant >= state.CreatedAt,
            record
        );
        return (await signOn.AnswerAsync(ask, http.RequestAborted), runtime.Application.Label);
    }

    private async ValueTask<(ApplicationRuntime, SignOnFacts, SignOnRecord)?> OpenAsync(
        HttpContext http
    )
    {
        http.Response.Headers.CacheControl = "no-store";
        var slug = (string)http.Request.RouteValues["app"]!;
        var record = new SignOnRecord(http, ReferenceCode.New(), time);
        var facts = await lookup.FindAsync(slug, cookies.Session(http), http.RequestAborted);
        var runtime = facts is null
            ? null
            : await runtimes.GetAsync(facts.ApplicationId, facts.ApplicationVersion);
        if (facts is null || runtime is null)
        {
            await pages.WriteAsync(http, await RefuseUnknownAsync(record, slug));
            return null;
        }
        record.Application = runtime.Application;
        record.User = facts.Session?.User;
        return (runtime, facts, record);
    }

    private async Task<AcceptedRequest?> AcceptAsync(
        HttpContext http,
        ApplicationRuntime runtime,
        SignOnRecord record,
        Verdict<Saml.Messages.Received<Saml.Protocol.AuthnRequest>> verdict
    )
    {
        if (verdict.Accepted)
        {
            var request = AcceptedRequest.From(verdict.Value);
            record.Add(
                EventTypes.SamlRequestReceived,
                success: true,
                details: new
                {
                    request.Message.Id,
                    request.Message.Issuer,
                    request.Message.IssueInstant,
                    request.Binding,
                    request.Signed,
                    acs_url = request.Message.AssertionConsumerServiceUrl,
                    acs_index = request.Message.AssertionConsumerServiceIndex,
                    force_authn = request.Message.ForceAuthn ? true : (bool?)null,
                    is_passive = request.Message.IsPassive ? true : (bool?)null,
                    name_id_format = request.Message.NameIdPolicy?.Format,
                    authn_context = request.Message.RequestedAuthnContext?.ClassRefs,
                    warnings = verdict.Findings.Count == 0
                        ? null
                        : SignOnRecord.Show(verdict.Findings),
                }
            );
            return request;
        }
        // Nobody is named by a message that is not to be believed.
        record.User = null;
        record.Add(
            EventTypes.SamlRequestReceived,
            success: false,
            verdict.Findings[0].Code,
            new { findings = SignOnRecord.Show(verdict.Findings) }
        );
        var ask = new SignOnAsk(runtime, null, null, GrantedAccess.None, false, record);
        var kind = verdict.Findings.All(f => f.Kind.Severity == Severity.Warning || IsAge(f))
            ? RefusalKind.TooOld
            : RefusalKind.RequestRefused;
        await pages.WriteAsync(http, await ending.RefuseAsync(ask, kind, verdict.Findings));
        return null;
    }

    private async Task GoOnAsync(HttpContext http, SignOnAsk ask)
    {
        RequestLanguage.Speak(http, ask.Session?.User.Language);
        var answer = await signOn.AnswerAsync(ask, http.RequestAborted);
        if (answer is not SignOnAnswer.SignInNeeded)
        {
            // Whoever is refused may just be signed in as somebody else: the page names them.
            if (answer is SignOnAnswer.Refused && ask.Session is { } session)
                http.User = SessionAuthenticationHandler.Principal(session.User, session.Session);
            await pages.WriteAsync(http, answer);
            return;
        }
        await commits.SubmitAsync(new() { Events = ask.Record.Events }, CancellationToken.None);
        await DeferAsync(http, ask.Runtime, ask.Request, ask.Record.ReferenceCode);
    }

    private async Task DeferAsync(
        HttpContext http,
        ApplicationRuntime runtime,
        AcceptedRequest? request,
        string referenceCode
    )
    {
        var state = await states.BeginAsync(
            http,
            runtime.Application.Id,
            request?.ToJson(),
            referenceCode
        );
        Redirect(http, $"/sign-in?s={state.Id}");
    }

    private async Task<SignOnAnswer> RefuseUnknownAsync(SignOnRecord record, string address)
    {
        var finding = new Finding(
            SignOnFindings.ApplicationUnknown,
            Found: address.Length > 100 ? address[..100] : address
        );
        record.Add(
            EventTypes.SamlResponseRefused,
            success: false,
            finding.Code,
            new { findings = SignOnRecord.Show([finding]) }
        );
        await commits.SubmitAsync(new() { Events = record.Events }, CancellationToken.None);
        return new SignOnAnswer.Refused(new(RefusalKind.UnknownApplication, record.ReferenceCode));
    }

    /// <summary>Whether the person themself came here: typed, from a bookmark, or from a page of ours. Browsers set this header, pages cannot.</summary>
    private static bool IsOwnWill(HttpContext http) =>
        http.Request.Headers["Sec-Fetch-Site"].ToString() is "same-origin" or "none";

    private static bool IsAge(Finding finding) =>
        finding.Kind == FindingKinds.RequestExpired || finding.Kind == FindingKinds.IssuedInFuture;

    private static void Redirect(HttpContext http, string path)
    {
        http.Response.StatusCode = StatusCodes.Status303SeeOther;
        http.Response.Headers.Location = path;
    }
}
