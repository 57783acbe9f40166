using System.Threading.Channels;
using Latchkey.Server.Applications;
using Latchkey.Server.Roles;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Certificates;

/// <summary>
/// Writes down who reads an application's metadata, so that a rotation shows which service providers know the next
/// certificate. The answer never waits for it. Anybody may ask for metadata as often as they like, so what is written is
/// bounded: once an hour for each address and set of certificates, so many a node and hour for each application, and so
/// many addresses kept, of which those that came once go first.
/// </summary>
internal sealed partial class MetadataReadings(
    IDbContextFactory<LatchkeyDbContext> databases,
    TimeProvider time,
    ILogger<MetadataReadings> log
) : BackgroundService
{
    /// <summary>Addresses kept for each application.</summary>
    public const int MostAddresses = 50;

    /// <summary>Writes of one node for each application and hour.</summary>
    public const int MostAnHour = 100;

    private const int LongestUserAgent = 200;
    private const int LongestMemory = 4096;

    private static readonly TimeSpan s_once = TimeSpan.FromHours(1);

    private readonly Channel<MetadataReading> _queue = Channel.CreateBounded<MetadataReading>(
        new BoundedChannelOptions(256)
        {
            SingleReader = true,
            FullMode = BoundedChannelFullMode.DropWrite,
        }
    );

    private readonly Lock _lock = new();
    private readonly Dictionary<(Guid, string), (string Certificates, DateTimeOffset At)> _seen =
    [];
    private readonly Dictionary<Guid, (DateTimeOffset Since, int Writes)> _writes = [];

    /// <summary>Notes that the metadata is being sent; an administrator who looks is nobody to note.</summary>
    public void Note(HttpContext http, Application application, CertificateSet set)
    {
        if (http.User.AdminRole() is not null)
        {
            return;
        }
        var address = http.Connection.RemoteIpAddress;
        var agent = http.Request.Headers.UserAgent.ToString();
        var reading = new MetadataReading
        {
            ApplicationId = application.Id,
            ClientIp =
                (address?.IsIPv4MappedToIPv6 == true ? address.MapToIPv4() : address)?.ToString()
                ?? "-",
            UserAgent = agent.Length == 0 ? null : Printable(agent),
            ByBrowser = http.Request.Headers["Sec-Fetch-Mode"] == "navigate",
            Certificates = MetadataReading.Named(set.Published),
            FirstAt = set.Now,
            LastAt = set.Now,
        };
        if (IsNew(reading))
        {
            _queue.Writer.TryWrite(reading);
        }
    }

    /// <summary>Who has read the metadata of these applications, the latest first.</summary>
    public async Task<ILookup<Guid, MetadataReading>> OfAsync(
        IReadOnlyCollection<Guid> applicationIds,
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var readings = await db
            .MetadataReadings.AsNoTracking()
            .Where(r => applicationIds.Contains(r.ApplicationId))
            .OrderByDescending(r => r.LastAt)
            .ToListAsync(cancellationToken);
        return readings.ToLookup(r => r.ApplicationId);
    }

    /// <summary>Writes one down.</summary>
    public async Task StoreAsync(MetadataReading reading, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var known = await db
            .MetadataReadings.Where(r =>
                r.ApplicationId == reading.ApplicationId && r.ClientIp == reading.ClientIp
            )
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(r => r.UserAgent, reading.UserAgent)
                        .SetProperty(r => r.ByBrowser, reading.ByBrowser)
                        .SetProperty(r => r.Certificates, reading.Certificates)
                        .SetProperty(r => r.LastAt, reading.LastAt)
                        .SetProperty(r => r.Readings, r => r.Readings + 1),
                cancellationToken
            );
        if (known > 0)
        {
            return;
        }
        var others = db.MetadataReadings.Where(r => r.ApplicationId == reading.ApplicationId);
        var tooMany = await others.CountAsync(cancellationToken) + 1 - MostAddresses;
        if (tooMany > 0)
        {
            // Whoever comes again and again is the service provider; who came once may be anybody.
            await others
                .OrderBy(r => r.Readings)
                .ThenBy(r => r.LastAt)
                .Take(tooMany)
                .ExecuteDeleteAsync(cancellationToken);
        }
        db.MetadataReadings.Add(reading);
        await db.SaveChangesAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var reading in _queue.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                await StoreAsync(reading, stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // Another node was faster, or the application is gone; the next reading is written again.
                LogFailed(log, e);
            }
        }
    }

    private bool IsNew(MetadataReading reading)
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            var key = (reading.ApplicationId, reading.ClientIp);
            if (
                _seen.TryGetValue(key, out var last)
                && last.At + s_once > now
                && last.Certificates == reading.Certificates
            )
            {
                return false;
            }
            var (since, writes) = _writes.GetValueOrDefault(reading.ApplicationId, (now, 0));
            if (since + s_once <= now)
            {
                (since, writes) = (now, 0);
            }
            if (writes >= MostAnHour)
            {
                return false;
            }
            if (_seen.Count >= LongestMemory)
            {
                _seen.Clear();
            }
            _seen[key] = (reading.Certificates, now);
            _writes[reading.ApplicationId] = (since, writes + 1);
            return true;
        }
    }

    /// <summary>Text from outside as both engines store it, and as a table shows it.</summary>
    private static string Printable(string text) =>
        new([
            .. text.Take(LongestUserAgent)
                .Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '\uFFFD' : c),
        ]);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Who reads metadata could not be written down this time"
    )]
    private static partial void LogFailed(ILogger log, Exception exception);
}
