using Latchkey.Server.Applications;
using Latchkey.Server.Directory;
using Latchkey.Server.Storage;
using Latchkey.Web.Texts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Insights.Pages;

/// <summary>The record of what happened, newest first.</summary>
internal sealed class EventsModel(
    EventQueries events,
    UserService users,
    IDbContextFactory<LatchkeyDbContext> databases,
    ITexts texts
) : PageModel
{
    private const int PageSize = 50;

    [BindProperty(SupportsGet = true)]
    public EventFilter Filter { get; set; } = new();

    [BindProperty(SupportsGet = true)]
    public string? After { get; set; }

    public EventPage List { get; private set; } = null!;

    /// <summary>The name of the user the list is about.</summary>
    public string? About { get; private set; }

    public IReadOnlyList<SelectListItem> Applications { get; private set; } = [];

    public IEnumerable<SelectListItem> Types =>
        EventNames
            .All.Select(type => new SelectListItem(EventNames.Of(texts, type), type))
            .OrderBy(item => item.Text, StringComparer.Ordinal)
            .Prepend(new SelectListItem(texts["events.filter.sign-ins"], EventFilter.SignIns))
            .Prepend(new SelectListItem(texts["events.filter.all"], ""));

    public IEnumerable<SelectListItem> Outcomes =>
        [
            new(texts["events.filter.all"], ""),
            new(texts["events.outcome.success"], "success"),
            new(texts["events.outcome.failure"], "failure"),
        ];

    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        List = await events.ListAsync(Filter.ToQuery(), After, PageSize, cancellationToken);
        if (Filter.UserId is { } id)
        {
            About = (await users.FindAsync(id, cancellationToken))?.Username ?? id.ToString();
        }
        Applications = await ApplicationsAsync(cancellationToken);
    }

    private async Task<List<SelectListItem>> ApplicationsAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var labels = await db
            .Applications.OrderBy(a => a.Label)
            .Select(a => new { a.Id, a.Label })
            .ToListAsync(cancellationToken);
        return
        [
            new SelectListItem(texts["events.filter.all"], ""),
            .. labels.Select(a => new SelectListItem(a.Label, a.Id.ToString())),
        ];
    }

    /// <summary>The address of what is listed, as a file.</summary>
    public string ExportAddress(string format) =>
        "/admin/events/export"
        + QueryString.Create(
            Request
                .Query.Where(pair => pair.Key != "after" && pair.Value.ToString().Length > 0)
                .SelectMany(pair => pair.Value.Select(v => KeyValuePair.Create(pair.Key, v)))
                .Append(KeyValuePair.Create("format", (string?)format))
        );
}
