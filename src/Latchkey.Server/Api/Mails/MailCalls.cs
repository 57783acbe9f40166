using Latchkey.Server.Api.Calls;
using Latchkey.Server.Api.OpenApi;
using Latchkey.Server.Api.Tokens;
using Latchkey.Server.Insights;
using Latchkey.Server.Mail;
using Latchkey.Server.Problems;
using Latchkey.Web.Texts;

namespace Latchkey.Server.Api.Mails;

/// <summary>A mail that has not left yet; never what it says.</summary>
/// <param name="State">Whether it is sent as soon as it can be, or was given up.</param>
internal sealed record QueuedMailBody(
    Guid Id,
    string Template,
    string Recipient,
    [property: WordsOf(typeof(QueuedMailBody), nameof(QueuedMailBody.States))] string State,
    int Attempts,
    DateTimeOffset NextAttemptAt,
    string? LastError,
    DateTimeOffset CreatedAt
)
{
    public static IReadOnlyList<string> States { get; } = ["waiting", "failed"];

    public static QueuedMailBody Of(QueuedMail mail, ITexts texts) =>
        new(
            mail.Id,
            mail.Template,
            mail.Recipient,
            mail.State == MailState.Failed ? "failed" : "waiting",
            mail.Attempts,
            mail.NextAttemptAt,
            mail.LastError is { } error ? texts.SayMailError(error) : null,
            mail.CreatedAt
        );
}

/// <param name="Total">How many there are; the first hundred are listed.</param>
internal sealed record QueuedMailsBody(IReadOnlyList<QueuedMailBody> Items, int Total);

/// <param name="To">An e-mail address.</param>
internal sealed record TestMailBody(string To);

/// <summary><c>/api/v1/mails</c>: what has not left yet, and a mail to try the way out.</summary>
internal sealed class MailCalls(
    MailQueue queue,
    TestMail test,
    EventRecorder events,
    ITexts texts,
    Refusal refusal
)
{
    private const int Most = 100;

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapCall(
            HttpMethod.Get,
            "/mails",
            new("listMails", ApiScopes.SettingsRead) { Answer = typeof(QueuedMailsBody) },
            (MailCalls calls, CancellationToken ct) => calls.ListAsync(ct)
        );
        api.MapCall(
            HttpMethod.Post,
            "/mails/retry",
            new("retryMails", ApiScopes.SettingsWrite) { Status = 204 },
            (MailCalls calls, CancellationToken ct) => calls.RetryAllAsync(ct)
        );
        api.MapCall(
            HttpMethod.Post,
            "/mails/test",
            new("sendTestMail", ApiScopes.SettingsWrite)
            {
                Body = typeof(TestMailBody),
                Required = ["to"],
                Example = """{"to": "ada@example.com"}""",
                Status = 204,
                // A mail that has left cannot be taken back with a transaction.
                Repeatable = false,
                Refusals = [415],
            },
            (HttpRequest request, MailCalls calls, CancellationToken ct) =>
                calls.TestAsync(request, ct)
        );
        api.MapCall(
            HttpMethod.Post,
            "/mails/{mail}/retry",
            new("retryMail", ApiScopes.SettingsWrite) { Status = 204, Refusals = [404] },
            (string mail, MailCalls calls, CancellationToken ct) => calls.RetryAsync(mail, ct)
        );
        api.MapCall(
            HttpMethod.Delete,
            "/mails/{mail}",
            new("deleteMail", ApiScopes.SettingsWrite) { Status = 204, Refusals = [404] },
            (string mail, MailCalls calls, CancellationToken ct) => calls.DeleteAsync(mail, ct)
        );
    }

    private async Task<ApiAnswer> ListAsync(CancellationToken ct)
    {
        var list = await queue.ListAsync(Most, ct);
        return ApiAnswer.Shown(
            new QueuedMailsBody(
                [.. list.Mails.Select(mail => QueuedMailBody.Of(mail, texts))],
                list.Total
            )
        );
    }

    private async Task<ApiAnswer> RetryAllAsync(CancellationToken ct)
    {
        await queue.RetryAsync(null, events, ct);
        return ApiAnswer.Nothing;
    }

    private async Task<ApiAnswer> RetryAsync(string mail, CancellationToken ct) =>
        Guid.TryParse(mail, out var id) && await queue.RetryAsync(id, events, ct) > 0
            ? ApiAnswer.Nothing
            : Unknown(mail);

    private async Task<ApiAnswer> DeleteAsync(string mail, CancellationToken ct) =>
        Guid.TryParse(mail, out var id) && await queue.DeleteAsync(id, events, ct)
            ? ApiAnswer.Nothing
            : Unknown(mail);

    private async Task<ApiAnswer> TestAsync(HttpRequest request, CancellationToken ct)
    {
        var read = await CallBody.ReadAsync(
            request,
            "mail",
            (section, _) =>
            {
                var body = new TestMailBody(section.Required("to"));
                section.End();
                return body;
            },
            ct
        );
        if (read.Value is not { } said)
        {
            return refusal.Of(read.Problems);
        }
        return await test.SendAsync(said.To, name: null, language: null, events, ct) is { } problem
            ? refusal.Of([problem])
            : ApiAnswer.Nothing;
    }

    private ApiAnswer Unknown(string mail) => refusal.Unknown("api-mail-unknown", mail);
}
