using Latchkey.Server.Storage;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Insights.Pages;

/// <summary>One event with all it holds, and what else happened under its reference code.</summary>
internal sealed class EventDetailModel(
    EventQueries events,
    IDbContextFactory<LatchkeyDbContext> databases
) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    public Event Happened { get; private set; } = null!;

    public EventDetails Details { get; private set; } = null!;

    public IReadOnlyList<Event> Steps { get; private set; } = [];

    /// <summary>Whether the actor still has a page to link to.</summary>
    public bool ActorExists { get; private set; }

    /// <summary>The target's page, if it still has one.</summary>
    public string? TargetAddress { get; private set; }

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        if (await events.FindAsync(Id, cancellationToken) is not { } found)
        {
            return NotFound();
        }
        Happened = found;
        Details = EventDetails.Read(found.Details);
        if (found.ReferenceCode is { } code)
        {
            Steps = await events.OfCodeAsync(code, cancellationToken);
        }
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        ActorExists = await db.Users.AnyAsync(u => u.Id == found.ActorId, cancellationToken);
        var exists = found.TargetType switch
        {
            "user" => await db.Users.AnyAsync(u => u.Id == found.TargetId, cancellationToken),
            "group" => await db.Groups.AnyAsync(g => g.Id == found.TargetId, cancellationToken),
            "application" => await db.Applications.AnyAsync(
                a => a.Id == found.TargetId,
                cancellationToken
            ),
            _ => false,
        };
        TargetAddress = exists ? $"/admin/{found.TargetType}s/{found.TargetId}" : null;
        return Page();
    }
}
