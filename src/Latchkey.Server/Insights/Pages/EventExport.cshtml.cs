using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Latchkey.Server.Insights.Pages;

/// <summary>The events that the list would show, as a file, written as they are read. That they were taken away is an event before the first of them leaves.</summary>
internal sealed class EventExportModel(
    EventExport export,
    EventRecorder recorder,
    TimeProvider time
) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public EventFilter Filter { get; set; } = new();

    /// <summary><c>csv</c> or <c>jsonl</c>.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Format { get; set; }

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        if (Format is not ("csv" or "jsonl"))
        {
            return BadRequest();
        }
        var now = time.GetUtcNow();
        var query = Filter.ToQuery();
        // What happens meanwhile, this very event too, is not part of it.
        query = query with
        {
            Until = query.Until < now ? query.Until : now,
        };
        await recorder.RecordAsync(
            EventTypes.EventExport,
            success: true,
            details: new
            {
                Format,
                Filter.Q,
                Filter.Type,
                Filter.Outcome,
                Filter.Application,
                Filter.User,
                Filter.Finding,
                Filter.Address,
                Filter.From,
                Filter.Until,
            }
        );
        Response.ContentType =
            Format == "csv" ? "text/csv; charset=utf-8" : "application/jsonl; charset=utf-8";
        Response.Headers.ContentDisposition =
            $"attachment; filename=\"events-{now:yyyyMMdd-HHmmss}.{Format}\"";
        HttpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        await (
            Format == "csv"
                ? export.WriteCsvAsync(query, Response.Body, cancellationToken)
                : export.WriteJsonLinesAsync(query, Response.Body, cancellationToken)
        );
        return new EmptyResult();
    }
}
