using System.Collections.Concurrent;
using System.Security.Cryptography;
using Latchkey.Saml.Issuing;
using Latchkey.Saml.Keys;
using Latchkey.Server.Applications;
using Latchkey.Server.Applications.Following;
using Latchkey.Server.Applications.Mapping;
using Latchkey.Server.Certificates;
using Latchkey.Server.Settings;
using Latchkey.Server.SignIn.Factors;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.SingleSignOn;

/// <summary>
/// What is kept in memory of applications, by identifier and version. The version comes with every sign-in's own query,
/// so that a change counts on every node at the next request without anybody being told.
/// </summary>
internal sealed partial class ApplicationRuntimes(
    IDbContextFactory<LatchkeyDbContext> databases,
    CertificateService certificates,
    ServerOptions server,
    TimeProvider time,
    ILogger<ApplicationRuntimes> logger
)
{
    private readonly ConcurrentDictionary<Guid, Entry> _entries = new();

    /// <summary>The application as it is under that version; null if it is gone.</summary>
    public ValueTask<ApplicationRuntime?> GetAsync(Guid id, long version) =>
        _entries.TryGetValue(id, out var entry) && entry.Version == version
            ? new(entry.At(time))
            : LoadAsync(id, version);

    private async ValueTask<ApplicationRuntime?> LoadAsync(Guid id, long version)
    {
        await using var database = await databases.CreateDbContextAsync();
        var application = await database
            .Applications.AsNoTracking()
            .SingleOrDefaultAsync(a => a.Id == id);
        if (application is null)
        {
            _entries.TryRemove(id, out _);
            return null;
        }
        var stored = await database
            .ApplicationCertificates.AsNoTracking()
            .Where(c => c.ApplicationId == id)
            .ToListAsync();
        var keys = CertificateSet.Of(stored, time.GetUtcNow());
        var active = keys.Active is null ? null : TryOpen(keys.Active, application);
        var runtime = new ApplicationRuntime
        {
            Application = application,
            SigningKey = active,
            SigningKeyUnusable = keys.Active is not null && active is null,
            RequestKeys = Import(application),
            Encryption = Encryption(application),
            Plan = AttributePlan.Of(application),
            MetadataValidUntil = await FollowedValidity.EndAsync(
                database,
                id,
                CancellationToken.None
            ),
            RequiresSecondFactor = (
                await FactorRulesService.ReadAsync(database, CancellationToken.None)
            ).Applications.Contains(id),
            Consumers = ApplicationRuntime.ConsumersOf(application),
            Address = server.Address($"/saml2/{application.Slug}"),
        };
        // A switch that is planned needs no word from anybody when its time comes: both keys are here.
        var made =
            keys is { Next: { } next, SwitchAt: { } at } && TryOpen(next, application) is { } key
                ? new Entry(application.Version, runtime, at, runtime with { SigningKey = key })
                : new Entry(application.Version, runtime, null, null);
        // Keys of an earlier version may still be signing elsewhere: they go when nobody holds them any more.
        // One that cannot be opened is tried again: the key ring may be read a moment later.
        if (application.Version >= version && !runtime.SigningKeyUnusable)
            _entries[id] = made;
        return made.At(time);
    }

    /// <summary>A next key that cannot be opened must not keep the present one from signing, nor the present one a logout from going on.</summary>
    private SigningKey? TryOpen(ApplicationCertificate certificate, Application application)
    {
        try
        {
            return certificates.OpenSigningKey(certificate);
        }
        catch (CryptographicException e)
        {
            LogUnopened(application.Slug, e);
            return null;
        }
    }

    private List<VerificationKey> Import(Application application)
    {
        var keys = new List<VerificationKey>();
        foreach (var certificate in application.SpSigningCertificates)
        {
            try
            {
                keys.Add(VerificationKey.FromCertificate(Convert.FromBase64String(certificate)));
            }
            catch (Exception e) when (e is CryptographicException or FormatException)
            {
                // The others may do; with none left a signed request is refused.
                LogUnusable(application.Slug, e);
            }
        }
        return keys;
    }

    private AssertionEncryption? Encryption(Application application)
    {
        if (!application.EncryptAssertions)
            return null;
        foreach (var certificate in application.SpEncryptionCertificates)
        {
            try
            {
                return new(EncryptionKey.FromCertificate(Convert.FromBase64String(certificate)))
                {
                    Content = application.ContentEncryption,
                    KeyTransport = application.KeyEncryption,
                };
            }
            catch (Exception e) when (e is CryptographicException or FormatException)
            {
                // Another may do; with none, nothing is sent.
                LogUnencryptable(application.Slug, e);
            }
        }
        return null;
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "A certificate for encryption of the application {Slug} cannot be used"
    )]
    private partial void LogUnencryptable(string slug, Exception exception);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "A signing certificate of the application {Slug} cannot be used"
    )]
    private partial void LogUnusable(string slug, Exception exception);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "A signing key of the application {Slug} cannot be opened: the key ring or the master key that protected it is not there"
    )]
    private partial void LogUnopened(string slug, Exception exception);

    /// <param name="Version">Under which it was read.</param>
    /// <param name="Runtime">The application until then.</param>
    /// <param name="SwitchAt">When its next key takes over; null if that is not planned.</param>
    /// <param name="After">The application from then on.</param>
    private sealed record Entry(
        long Version,
        ApplicationRuntime Runtime,
        DateTimeOffset? SwitchAt,
        ApplicationRuntime? After
    )
    {
        public ApplicationRuntime At(TimeProvider time) =>
            SwitchAt is { } at && at <= time.GetUtcNow() ? After! : Runtime;
    }
}
