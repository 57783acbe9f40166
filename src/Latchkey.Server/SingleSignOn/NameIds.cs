using System.Collections.Concurrent;
using System.Security.Cryptography;
using Latchkey.Saml.Protocol;
using Latchkey.Server.Applications;
using Latchkey.Server.Applications.Mapping;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.SingleSignOn;

/// <summary>Says who the user is to one application: which format, and the value.</summary>
internal sealed class NameIds(IDbContextFactory<LatchkeyDbContext> databases, TimeProvider time)
{
    private const int Remembered = 100_000;

    /// <summary>A pseudonym never changes once made, so it may be remembered for as long as the process runs.</summary>
    private readonly ConcurrentDictionary<(Guid User, string ServiceProvider), string> _pseudonyms =
        new();

    /// <summary>
    /// The format to send; null when the wish cannot be met. Persistent and transient are always possible, other formats
    /// only as configured. AllowCreate="false" is no obstacle: samlify sends it always, and the account it speaks of is
    /// the directory's, which exists.
    /// </summary>
    public static string? ChooseFormat(Application application, NameIdPolicy? wish)
    {
        if (
            wish?.SpNameQualifier is { } qualifier
            && !string.Equals(qualifier, application.SpEntityId, StringComparison.Ordinal)
        )
            return null;
        return wish?.Format switch
        {
            null or NameIdFormats.Unspecified => application.NameIdFormat,
            NameIdFormats.Persistent or NameIdFormats.Transient => wish.Format,
            var format => string.Equals(format, application.NameIdFormat, StringComparison.Ordinal)
                ? format
                : null,
        };
    }

    /// <summary>Whether the user is the one that a request names (saml-core-2.0 §3.4.1): what it leaves out may be anything.</summary>
    public static bool Matches(NameId wanted, NameId nameId) =>
        string.Equals(wanted.Value, nameId.Value, StringComparison.Ordinal)
        && (
            wanted.Format is null or NameIdFormats.Unspecified
            || string.Equals(wanted.Format, nameId.Format, StringComparison.Ordinal)
        )
        && (
            wanted.NameQualifier is null
            || string.Equals(wanted.NameQualifier, nameId.NameQualifier, StringComparison.Ordinal)
        )
        && (
            wanted.SpNameQualifier is null
            || string.Equals(
                wanted.SpNameQualifier,
                nameId.SpNameQualifier,
                StringComparison.Ordinal
            )
        );

    /// <summary>The NameID in that format; null when the user has nothing in the configured source.</summary>
    public async ValueTask<NameId?> MakeAsync(
        Application application,
        AttributePlan plan,
        UserFacts facts,
        string format,
        CancellationToken ct
    )
    {
        switch (format)
        {
            case NameIdFormats.Transient:
                return new(NewPseudonym(), format);
            case NameIdFormats.Persistent:
                return new(
                    facts.Pseudonym
                        ?? await PseudonymAsync(facts.User.Id, application.SpEntityId, ct),
                    format,
                    application.IdpEntityId,
                    application.SpEntityId
                );
            default:
                return plan.NameId(facts) is { } value ? new(value, format) : null;
        }
    }

    /// <summary>The user's pseudonym at a service provider; made when there is none yet.</summary>
    public async ValueTask<string> PseudonymAsync(
        Guid userId,
        string serviceProvider,
        CancellationToken ct
    )
    {
        if (_pseudonyms.TryGetValue((userId, serviceProvider), out var known))
            return known;
        await using var database = await databases.CreateDbContextAsync(ct);
        var value = await FindAsync(database, userId, serviceProvider, ct);
        if (value is null)
        {
            var made = NewPseudonym();
            database.PersistentNameIds.Add(
                new()
                {
                    UserId = userId,
                    SpEntityId = serviceProvider,
                    Value = made,
                    CreatedAt = time.GetUtcNow(),
                }
            );
            try
            {
                await database.SaveChangesAsync(ct);
                value = made;
            }
            catch (DbUpdateException)
            {
                // Another sign-in of the same user was faster: what it made is the one.
                value = await FindAsync(database, userId, serviceProvider, ct);
                if (value is null)
                    throw;
            }
        }
        if (_pseudonyms.Count >= Remembered)
            _pseudonyms.Clear();
        _pseudonyms[(userId, serviceProvider)] = value;
        return value;
    }

    /// <summary>The pseudonym that was made already, if any.</summary>
    public async Task<string?> ExistingAsync(
        Guid userId,
        string serviceProvider,
        CancellationToken ct
    )
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        return await FindAsync(database, userId, serviceProvider, ct);
    }

    private static Task<string?> FindAsync(
        LatchkeyDbContext database,
        Guid userId,
        string serviceProvider,
        CancellationToken ct
    ) =>
        database
            .PersistentNameIds.Where(p => p.UserId == userId && p.SpEntityId == serviceProvider)
            .Select(p => p.Value)
            .SingleOrDefaultAsync(ct);

    /// <summary>160 random bits in base32: two never differ only by case (IIP-IDP21).</summary>
    private static string NewPseudonym()
    {
        const string alphabet = "abcdefghijklmnopqrstuvwxyz234567";
        return RandomNumberGenerator.GetString(alphabet, 32);
    }
}
