using Latchkey.Server.Directory;
using Latchkey.Server.Roles;
using Latchkey.Server.Storage;
using Latchkey.Server.Storage.Search;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Insights.Pages;

/// <summary>Where the header's search box leads: a reference code straight to what it stands for, a name to what bears it.</summary>
internal sealed class SearchModel(
    EventQueries events,
    DirectoryQueries directory,
    IDbContextFactory<LatchkeyDbContext> databases
) : PageModel
{
    private const int Most = 10;

    [BindProperty(SupportsGet = true)]
    public string? Q { get; set; }

    public IReadOnlyList<UserRow> Users { get; private set; } = [];

    public IReadOnlyList<GroupRow> Groups { get; private set; } = [];

    public IReadOnlyList<KeyValuePair<Guid, string>> Applications { get; private set; } = [];

    public bool Nothing => Users.Count + Groups.Count + Applications.Count == 0;

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(Q))
        {
            return Page();
        }
        if (ReferenceCode.Read(Q) is { } code)
        {
            var steps = await events.OfCodeAsync(code, cancellationToken);
            // The step that failed is what is asked for; without one, the last.
            if (
                (
                    steps.LastOrDefault(e => !e.Success && e.FindingCode is not null)
                    ?? steps.LastOrDefault(e => !e.Success)
                    ?? steps.LastOrDefault()
                ) is
                { } step
            )
            {
                return Redirect($"/admin/events/{step.Id}");
            }
        }
        Users = (await directory.UsersAsync(new UserQuery(Q), 1, Most, cancellationToken)).Rows;
        if (!User.May(Capability.ReadAll))
        {
            return Page();
        }
        Groups = (await directory.GroupsAsync(Q, 1, Most, cancellationToken)).Rows;
        Applications = await ApplicationsAsync(cancellationToken);
        return Page();
    }

    private async Task<IReadOnlyList<KeyValuePair<Guid, string>>> ApplicationsAsync(
        CancellationToken cancellationToken
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var matching = await SearchTables.Applications.FindAsync(db, Q, cancellationToken);
        var found = await matching
            .Rows.OrderBy(a => a.Label)
            .Take(Most)
            .Select(a => new { a.Id, a.Label })
            .ToListAsync(cancellationToken);
        return [.. found.Select(a => KeyValuePair.Create(a.Id, a.Label))];
    }
}
