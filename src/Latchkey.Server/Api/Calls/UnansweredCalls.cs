using Latchkey.Server.Problems;
using Latchkey.Server.Storage;
using Latchkey.Web.Texts;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.Net.Http.Headers;

namespace Latchkey.Server.Api.Calls;

/// <summary>What no endpoint answered is refused in the API's words too: an address or a method that is not there, a request that cannot be read, a fault of ours.</summary>
internal static class UnansweredCalls
{
    private const string RetryAfterSeconds = "5";

    public static IApplicationBuilder UseUnansweredCalls(this IApplicationBuilder app) =>
        app.UseWhen(
            context =>
                context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase),
            calls =>
            {
                calls.UseStatusCodePages(AnswerAsync);
                calls.UseExceptionHandler(
                    new ExceptionHandlerOptions
                    {
                        // The status is all that is left of it; the words are put behind it above.
                        ExceptionHandler = _ => Task.CompletedTask,
                        AllowStatusCode404Response = true,
                        StatusCodeSelector = Status,
                    }
                );
            }
        );

    private static int Status(Exception fault) =>
        fault is BadHttpRequestException unread ? unread.StatusCode
        : DatabaseAway.IsCauseOf(fault) ? StatusCodes.Status503ServiceUnavailable
        : StatusCodes.Status500InternalServerError;

    private static Task AnswerAsync(StatusCodeContext unanswered)
    {
        var http = unanswered.HttpContext;
        var status = http.Response.StatusCode;
        if (status == StatusCodes.Status503ServiceUnavailable)
        {
            http.Response.Headers.RetryAfter = RetryAfterSeconds;
        }
        return ApiAnswer
            .Refused(
                http.RequestServices.GetRequiredService<ITexts>(),
                status,
                [Problem(http, status)]
            )
            .ExecuteAsync(http);
    }

    private static Problem Problem(HttpContext http, int status) =>
        status switch
        {
            StatusCodes.Status404NotFound => new("api-address-unknown", "", http.Request.Path),
            StatusCodes.Status405MethodNotAllowed => new(
                "api-method-unknown",
                "",
                http.Request.Method,
                http.Request.Path,
                http.Response.Headers[HeaderNames.Allow].ToString()
            ),
            StatusCodes.Status413PayloadTooLarge => new("api-body-too-large", ""),
            StatusCodes.Status503ServiceUnavailable => new("api-database-away", ""),
            >= StatusCodes.Status500InternalServerError => new("api-broken", ""),
            _ => new("api-request-unreadable", ""),
        };
}
