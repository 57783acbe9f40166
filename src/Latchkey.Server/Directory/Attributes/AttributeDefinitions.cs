using Latchkey.Server.Insights;
using Latchkey.Server.Problems;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Directory.Attributes;

/// <summary>What an administrator says about a custom attribute.</summary>
internal sealed record AttributeDefinitionInput(
    string Name,
    string? Label,
    string? Description,
    AttributeType Type
);

/// <summary>The custom attributes of the organisation.</summary>
internal sealed class AttributeDefinitions(
    IDbContextFactory<LatchkeyDbContext> databases,
    EventRecorder events,
    TimeProvider time
)
{
    private const int Most = 200;

    /// <summary>All of them, by label.</summary>
    public async Task<IReadOnlyList<AttributeDefinition>> ListAsync(
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db
            .AttributeDefinitions.AsNoTracking()
            .OrderBy(d => d.Label)
            .ToListAsync(cancellationToken);
    }

    /// <summary>All of them by name, to check values with.</summary>
    public static Task<Dictionary<string, AttributeDefinition>> ByNameAsync(
        LatchkeyDbContext db,
        CancellationToken cancellationToken
    ) =>
        db
            .AttributeDefinitions.AsNoTracking()
            .ToDictionaryAsync(d => d.Name, StringComparer.Ordinal, cancellationToken);

    /// <summary>What is wrong with a definition by itself.</summary>
    public static List<Problem> Check(AttributeDefinitionInput input)
    {
        var problems = new List<Problem>();
        if (input.Name.Length == 0)
        {
            problems.Add(new Problem("attribute-name-missing", "name"));
        }
        else if (!UserRules.IsAttributeName(input.Name))
        {
            problems.Add(new Problem("attribute-name-invalid", "name"));
        }
        UserRules.Text(input.Label, "label", problems, longest: 128);
        UserRules.Text(input.Description, "description", problems);
        return problems;
    }

    /// <summary>Defines an attribute, or changes what is said about it. Values that users have stay as they are until they are edited.</summary>
    /// <param name="input">All of it.</param>
    /// <param name="isNew">Whether it must not exist yet.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<Outcome<AttributeDefinition>> SaveAsync(
        AttributeDefinitionInput input,
        bool isNew,
        CancellationToken cancellationToken = default
    )
    {
        var problems = Check(input);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var found = await db.AttributeDefinitions.SingleOrDefaultAsync(
            d => d.Name == input.Name,
            cancellationToken
        );
        if (isNew && found is not null)
        {
            problems.Add(new Problem("attribute-exists", "name", input.Name));
        }
        if (await db.AttributeDefinitions.CountAsync(cancellationToken) >= Most && found is null)
        {
            problems.Add(new Problem("too-many-rows", "name", Most));
        }
        if (problems.Count > 0)
        {
            return Outcome<AttributeDefinition>.Failed(problems);
        }
        var before = Snapshot(found);
        var label = string.IsNullOrWhiteSpace(input.Label) ? input.Name : input.Label.Trim();
        if (found is null)
        {
            found = new AttributeDefinition
            {
                Name = input.Name,
                Label = label,
                Type = input.Type,
                CreatedAt = time.GetUtcNow(),
            };
            db.AttributeDefinitions.Add(found);
        }
        (found.Label, found.Type) = (label, input.Type);
        found.Description = string.IsNullOrWhiteSpace(input.Description) ? null : input.Description;
        var changes = FieldChange.Between(before, Snapshot(found));
        if (changes.Count > 0)
        {
            Record(db, found, changes);
        }
        await db.SaveChangesAsync(cancellationToken);
        return found;
    }

    /// <summary>Takes a definition away; the values users have stay, as texts that nobody defined.</summary>
    public async Task<bool> DeleteAsync(string name, CancellationToken cancellationToken = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var found = await db.AttributeDefinitions.SingleOrDefaultAsync(
            d => d.Name == name,
            cancellationToken
        );
        if (found is null)
        {
            return false;
        }
        db.AttributeDefinitions.Remove(found);
        Record(db, found, FieldChange.Between(Snapshot(found), Snapshot(null)));
        await db.SaveChangesAsync(cancellationToken);
        return true;
    }

    private void Record(
        LatchkeyDbContext db,
        AttributeDefinition definition,
        IReadOnlyList<FieldChange> changes
    ) =>
        db.Events.Add(
            events.New(
                EventTypes.OrganizationUpdate,
                success: true,
                new EventSubject("attribute", null, definition.Name),
                new { changes }
            )
        );

    internal static IReadOnlyList<KeyValuePair<string, string?>> Snapshot(
        AttributeDefinition? definition
    ) =>
        [
            new("label", definition?.Label),
            new("description", definition?.Description),
            new("type", definition is null ? null : AttributeTypes.Name(definition.Type)),
        ];
}
