using Latchkey.Server.Directory;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Latchkey.Server.Applications.Pages;

/// <summary>The list of applications.</summary>
internal sealed class IndexModel(ApplicationQueries queries, TimeProvider time) : PageModel
{
    public const int Size = 50;

    [BindProperty(SupportsGet = true, Name = "q")]
    public string? Search { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? State { get; set; }

    // As the pager calls it; "page" is also the name of a route value, which would win.
    [BindProperty(SupportsGet = true), FromQuery(Name = "p")]
    public int Number { get; set; } = 1;

    public PageOf<ApplicationRow> List { get; private set; } = new([], 1, Size, 0);

    public bool Filtered => !string.IsNullOrWhiteSpace(Search) || !string.IsNullOrEmpty(State);

    public int DaysLeft(DateTimeOffset notAfter) =>
        (int)Math.Floor((notAfter - time.GetUtcNow()).TotalDays);

    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        List = await queries.ListAsync(Search, State, Number, Size, cancellationToken);
    }
}
