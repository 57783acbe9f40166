using Latchkey.Saml.Findings;
using Latchkey.Saml.Messages;
using Latchkey.Saml.Protocol;
using Latchkey.Server.Insights;
using Latchkey.Server.SingleSignOn;
using Latchkey.Server.SingleSignOn.Lookup;
using StatusCodes = Microsoft.AspNetCore.Http.StatusCodes;

namespace Latchkey.Server.SingleLogout;

/// <summary>The single logout address of an application, <c>/saml2/{app}/logout</c>: LogoutRequests and LogoutResponses by Redirect, POST and SOAP.</summary>
internal sealed class SingleLogoutEndpoint(
    SignOnLookup lookup,
    ApplicationRuntimes runtimes,
    LogoutIntake intake,
    RequestedLogout requested,
    Logouts logouts,
    LogoutAnswers answers,
    LogoutRecord records,
    SignOnPages pages,
    TimeProvider time
)
{
    private const string SoapType = "text/xml";

    /// <summary>A message by Redirect; without one, somebody who wants to sign out.</summary>
    public async Task GetAsync(HttpContext http)
    {
        if (await OpenAsync(http) is not { } runtime)
            return;
        var query = http.Request.QueryString.Value ?? "";
        if (http.Request.Query.ContainsKey("SAMLRequest"))
            await RequestAsync(http, runtime, IncomingMessage.FromRedirect(query));
        else if (http.Request.Query.ContainsKey("SAMLResponse"))
            await ResponseAsync(
                http,
                runtime,
                IncomingMessage.FromRedirect(query),
                http.Request.Query["RelayState"]
            );
        else
            See(http, "/sign-out");
    }

    /// <summary>A message by POST or SOAP.</summary>
    public async Task PostAsync(HttpContext http)
    {
        if (await OpenAsync(http) is not { } runtime)
            return;
        if (
            http.Request.ContentType?.StartsWith(SoapType, StringComparison.OrdinalIgnoreCase)
            == true
        )
        {
            await SoapAsync(http, runtime);
            return;
        }
        var form = await RequestIntake.ReadFormAsync(http) ?? FormCollection.Empty;
        var message = IncomingMessage.FromForm(RequestIntake.Fields(form));
        if (form.ContainsKey("SAMLResponse"))
            await ResponseAsync(http, runtime, message, form["RelayState"]);
        else
            await RequestAsync(http, runtime, message);
    }

    private async ValueTask<ApplicationRuntime?> OpenAsync(HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-store";
        // A browser that only guesses what comes next must not use the message up.
        if (
            http
                .Request.Headers["Sec-Purpose"]
                .ToString()
                .Contains("prefetch", StringComparison.Ordinal)
        )
        {
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return null;
        }
        var slug = (string)http.Request.RouteValues["app"]!;
        var facts = await lookup.FindAsync(slug, sessionSecret: null, http.RequestAborted);
        var runtime = facts is null
            ? null
            : await runtimes.GetAsync(facts.ApplicationId, facts.ApplicationVersion);
        if (runtime is null)
            await pages.RefuseAsync(http, new(RefusalKind.UnknownApplication, ReferenceCode: null));
        return runtime;
    }

    private async Task RequestAsync(
        HttpContext http,
        ApplicationRuntime runtime,
        IncomingMessage message
    )
    {
        var outcome = await requested.RunAsync(
            http,
            runtime,
            intake.Request(message, runtime),
            LogoutOrigin.Browser
        );
        var label = runtime.Application.Label;
        if (outcome.Refusal is { } refusal)
        {
            await pages.RefuseAsync(http, new(refusal, outcome.Record.ReferenceCode, label));
        }
        else if (outcome.View is { } view)
        {
            // Nobody to visit and nothing to tell: straight back. From a form the way leads over an address of ours first.
            if (view.Next is not null || !view.Answerable || Failed(view))
                See(http, LogoutChain.PageOf(view.Logout.Id));
            else if (HttpMethods.IsPost(http.Request.Method))
                See(http, LogoutChain.NextOf(view.Logout.Id));
            else
            {
                await records.FinishAsync(http, view);
                if (!await answers.ByBrowserAsync(http, view))
                    See(http, LogoutChain.PageOf(view.Logout.Id));
            }
        }
        else if (
            outcome.Request is { Message.Asynchronous: false } asked
            && LogoutAnswers.CanAnswer(runtime, asked.Binding)
        )
        {
            await answers.ByBrowserAsync(
                http,
                runtime,
                outcome.Record,
                asked.Message.Id,
                asked.Binding,
                asked.RelayState,
                outcome.Status!
            );
        }
        else
        {
            await pages.RefuseAsync(
                http,
                new(RefusalKind.LogoutRefused, outcome.Record.ReferenceCode, label)
            );
        }
    }

    private async Task ResponseAsync(
        HttpContext http,
        ApplicationRuntime runtime,
        IncomingMessage message,
        string? relayState
    )
    {
        var participant = Guid.TryParseExact(relayState, "N", out var id)
            ? await logouts.ParticipantAsync(id, http.RequestAborted)
            : null;
        if (
            participant is not { RequestId: { } pending }
            || participant.ApplicationId != runtime.Application.Id
            || await logouts.ReadAsync(participant.LogoutId, http.RequestAborted) is not { } view
        )
        {
            await RefuseResponseAsync(
                http,
                runtime,
                [new Finding(LogoutFindings.ResponseUnexpected)]
            );
            return;
        }
        var verdict = intake.Response(message, runtime, pending);
        // What nobody signed settles nothing: it may come from anywhere.
        if (!verdict.Accepted)
        {
            await RefuseResponseAsync(http, runtime, verdict.Findings, view.Logout);
            return;
        }
        var status = verdict.Value.Message.Status;
        var failure = ParticipantAnswer.Of(status);
        if (await logouts.SettleAsync(participant, failure))
            await records.ParticipantAsync(
                http,
                view.Logout,
                runtime.Application,
                participant,
                failure,
                said: failure is null ? null : ParticipantAnswer.Text(status)
            );
        See(http, LogoutChain.PageOf(view.Logout.Id) + "&back=1");
    }

    private async Task RefuseResponseAsync(
        HttpContext http,
        ApplicationRuntime runtime,
        IReadOnlyList<Finding> findings,
        Logout? logout = null
    )
    {
        var record = logout is null
            ? new SignOnRecord(http, ReferenceCode.New(), time)
            {
                Application = runtime.Application,
            }
            : records.Of(http, logout, runtime.Application);
        record.Add(
            EventTypes.SamlLogoutParticipant,
            success: false,
            findings[0].Code,
            new { findings = SignOnRecord.Show(findings) }
        );
        await records.CommitAsync(record);
        await pages.RefuseAsync(
            http,
            new(RefusalKind.LogoutAnswerRefused, record.ReferenceCode, runtime.Application.Label)
        );
    }

    private async Task SoapAsync(HttpContext http, ApplicationRuntime runtime)
    {
        var envelope = await ReadAsync(http);
        var outcome = envelope is null
            ? null
            : await requested.RunAsync(
                http,
                runtime,
                intake.Request(IncomingMessage.FromSoap(envelope), runtime),
                LogoutOrigin.Soap
            );
        http.Response.ContentType = $"{SoapType}; charset=utf-8";
        if (outcome?.Request is not { } asked || runtime.SigningKey is null)
        {
            http.Response.StatusCode = StatusCodes.Status500InternalServerError;
            await http.Response.Body.WriteAsync(
                MessageWriter.ToSoapFault(
                    outcome is null
                        ? "The message is too long."
                        : $"The request was refused. Code {outcome.Record.ReferenceCode}."
                )
            );
            return;
        }
        if (outcome.View is { } view)
            await records.FinishAsync(http, view);
        await http.Response.Body.WriteAsync(
            await answers.BySoapAsync(
                runtime,
                outcome.Record,
                asked.Message.Id,
                outcome.Status ?? LogoutAnswers.StatusOf(outcome.View!)
            )
        );
    }

    private static async Task<byte[]?> ReadAsync(HttpContext http)
    {
        var most = MessageLimits.Default.EncodedLength;
        using var kept = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await http.Request.Body.ReadAsync(buffer, http.RequestAborted)) > 0)
        {
            if (kept.Length + read > most)
                return null;
            kept.Write(buffer, 0, read);
        }
        return kept.ToArray();
    }

    private static bool Failed(LogoutView view) =>
        view.Participants.Any(p => p.Row.State is ParticipantState.Failed);

    private static void See(HttpContext http, string path)
    {
        http.Response.StatusCode = StatusCodes.Status303SeeOther;
        http.Response.Headers.Location = path;
    }
}
