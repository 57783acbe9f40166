using System.Globalization;
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

    /// <summary>A reference code, or part of a name.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Q { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Type { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Outcome { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Application { get; set; }

    /// <summary>A user's identifier: what they did and what was done to them.</summary>
    [BindProperty(SupportsGet = true)]
    public new string? User { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? From { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Until { get; set; }

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
            .Prepend(new SelectListItem(texts["events.filter.all"], ""));

    public IEnumerable<SelectListItem> Outcomes =>
        [
            new(texts["events.filter.all"], ""),
            new(texts["events.outcome.success"], "success"),
            new(texts["events.outcome.failure"], "failure"),
        ];

    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        var code = ReferenceCode.Read(Q);
        List = await events.ListAsync(
            new EventQuery
            {
                Type = Given(Type),
                Success = Outcome switch
                {
                    "success" => true,
                    "failure" => false,
                    _ => null,
                },
                UserId = Identifier(User),
                Name = code is null ? Given(Q) : null,
                Code = code,
                ApplicationId = Identifier(Application),
                From = Day(From),
                Until = Day(Until)?.AddDays(1),
            },
            After,
            PageSize,
            cancellationToken
        );
        if (Identifier(User) is { } id)
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

    private static string? Given(string? text) =>
        string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static Guid? Identifier(string? text) => Guid.TryParse(text, out var id) ? id : null;

    private static DateTimeOffset? Day(string? text) =>
        DateOnly.TryParseExact(
            text,
            "yyyy-MM-dd",
            CultureInfo.InvariantCulture,
            DateTimeStyles.None,
            out var day
        )
            ? new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero)
            : null;
}
