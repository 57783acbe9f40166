using Latchkey.Server.Portal.Settings;
using Latchkey.Server.Storage;
using Latchkey.Web.Layout;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Portal.Brand;

/// <summary>What every page needs of the organisation's look. Kept for some seconds: it decides nothing, and every page asks.</summary>
internal sealed class BrandReader(IDbContextFactory<LatchkeyDbContext> databases, TimeProvider time)
{
    private static readonly TimeSpan s_kept = TimeSpan.FromSeconds(10);

    private volatile Kept? _kept;

    public async ValueTask<PageBrand> ReadAsync(CancellationToken ct)
    {
        if (_kept is { } kept && time.GetUtcNow() - kept.At < s_kept)
        {
            return kept.Brand;
        }
        await using var db = await databases.CreateDbContextAsync(ct);
        var settings = await PortalSettingsService.ReadAsync(db, ct);
        var hash = await db
            .BrandPictures.Where(p => p.Name == BrandPicture.Logo)
            .Select(p => p.Hash)
            .SingleOrDefaultAsync(ct);
        var brand = new PageBrand(
            settings.Accent is { } accent ? $"/brand/colors.css?v={accent[1..]}" : null,
            hash is null ? null : $"/brand/logo?v={hash}",
            settings.HelpName,
            settings.HelpAddress,
            settings.Language
        );
        _kept = new Kept(brand, time.GetUtcNow());
        return brand;
    }

    /// <summary>What was read last, however long ago; for a page that says that the database is away.</summary>
    public PageBrand Last => _kept?.Brand ?? PageBrand.None;

    /// <summary>What is shown next is read anew, on this node.</summary>
    public void Forget() => _kept = null;

    private sealed record Kept(PageBrand Brand, DateTimeOffset At);
}
