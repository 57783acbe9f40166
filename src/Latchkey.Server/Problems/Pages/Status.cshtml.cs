using Latchkey.Server.Insights;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Latchkey.Server.Problems.Pages;

/// <summary>What is shown in place of a page that cannot be: not there, not allowed, not understood, broken. It changes nothing, so a form that was refused for its token may end here.</summary>
[AllowAnonymous]
[IgnoreAntiforgeryToken]
internal sealed partial class StatusModel(EventRecorder events, ILogger<StatusModel> log)
    : PageModel
{
    /// <summary>Which of the texts.</summary>
    public string TextKey =>
        Response.StatusCode switch
        {
            StatusCodes.Status404NotFound => "missing",
            StatusCodes.Status403Forbidden => "forbidden",
            StatusCodes.Status429TooManyRequests => "busy",
            StatusCodes.Status503ServiceUnavailable => "away",
            >= StatusCodes.Status500InternalServerError => "broken",
            _ => "refused",
        };

    /// <summary>Of a fault of ours: under it administrators find what broke. Null otherwise.</summary>
    public string? Code { get; private set; }

    /// <summary>The address that was asked for, to ask for it again; null for a form, whose values are not in it.</summary>
    public string? Again { get; private set; }

    public async Task<IActionResult> OnGetAsync()
    {
        if (!StatusPages.IsInPlaceOfAnother(HttpContext))
        {
            return NotFound();
        }
        if (HttpContext.Features.Get<IExceptionHandlerPathFeature>() is { } fault)
        {
            await RecordAsync(fault);
            var here = new PathString(fault.Path).ToUriComponent() + Request.QueryString;
            Again = HttpMethods.IsGet(Request.Method) && Url.IsLocalUrl(here) ? here : null;
        }
        return Page();
    }

    public Task<IActionResult> OnPostAsync() => OnGetAsync();

    private async Task RecordAsync(IExceptionHandlerPathFeature fault)
    {
        var code = ReferenceCode.New();
        LogFault(log, code, fault.Path);
        Code = code;
        if (StatusPages.IsWithoutDatabase(HttpContext))
        {
            Response.Headers.RetryAfter = "5";
            LogNotRecorded(log, fault.Error, code);
            return;
        }
        try
        {
            await events.RecordAsync(
                EventTypes.PageFailed,
                success: false,
                details: new { path = fault.Path, exception = fault.Error.GetType().Name },
                findingCode: "page-broken",
                referenceCode: code
            );
        }
        catch (Exception e)
        {
            // Perhaps the record is what broke: the page is shown all the same, and the log has the code.
            LogNotRecorded(log, e, code);
        }
    }

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "{Code}: the page {Path} broke; the exception stands before this"
    )]
    private static partial void LogFault(ILogger log, string code, string path);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "{Code} is in this log alone: the event could not be written"
    )]
    private static partial void LogNotRecorded(ILogger log, Exception exception, string code);
}
