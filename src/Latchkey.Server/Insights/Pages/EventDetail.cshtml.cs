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

    /// <summary>Everything under the event's reference code, in order.</summary>
    public IReadOnlyList<CodeStep> Steps { get; private set; } = [];

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
            var all = await events.OfCodeAsync(code, cancellationToken);
            Steps = [.. all.SelectMany(step => CodeStep.Of(step, current: step.Id == Id))];
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

/// <summary>One line of what happened under a reference code: an event, or a step that an event holds.</summary>
internal sealed record CodeStep(
    string Address,
    string Type,
    bool Success,
    DateTimeOffset At,
    bool Current
)
{
    /// <summary>An event comes after the steps it holds.</summary>
    public static IEnumerable<CodeStep> Of(Event happened, bool current)
    {
        var address = $"/admin/events/{happened.Id}";
        return EventDetails
            .Read(happened.Details)
            .Steps.Select(
                (step, i) =>
                    new CodeStep(
                        $"{address}#step-{i + 1}",
                        step.Type,
                        happened.Success,
                        step.At ?? happened.At,
                        Current: false
                    )
            )
            .Append(new(address, happened.Type, happened.Success, happened.At, current));
    }
}
