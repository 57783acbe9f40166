using System.Security.Cryptography;
using Latchkey.Server.Insights;
using Latchkey.Server.Problems;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Portal.Brand;

/// <summary>Keeps the organisation's logo.</summary>
internal sealed class BrandLogos(
    IDbContextFactory<LatchkeyDbContext> databases,
    BrandReader brands,
    EventRecorder events
)
{
    public async Task<BrandPicture?> FindAsync(CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        return await db
            .BrandPictures.AsNoTracking()
            .SingleOrDefaultAsync(p => p.Name == BrandPicture.Logo, ct);
    }

    public async Task<Outcome<BrandPicture>> SaveAsync(byte[] file, CancellationToken ct)
    {
        var (type, problem) = PictureFile.Check(file);
        if (problem is not null)
        {
            return problem;
        }
        var hash = Convert.ToHexStringLower(SHA256.HashData(file))[..16];
        await using var db = await databases.CreateDbContextAsync(ct);
        var row = await db.BrandPictures.SingleOrDefaultAsync(p => p.Name == BrandPicture.Logo, ct);
        var before = row?.Hash;
        if (row is null)
        {
            row = new BrandPicture
            {
                Name = BrandPicture.Logo,
                ContentType = type!,
                Content = file,
                Hash = hash,
            };
            db.BrandPictures.Add(row);
        }
        else
        {
            (row.ContentType, row.Content, row.Hash) = (type!, file, hash);
        }
        Record(db, before, hash);
        await db.SaveChangesAsync(ct);
        brands.Forget();
        return row;
    }

    public async Task DeleteAsync(CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        var row = await db.BrandPictures.SingleOrDefaultAsync(p => p.Name == BrandPicture.Logo, ct);
        if (row is null)
        {
            return;
        }
        db.BrandPictures.Remove(row);
        Record(db, row.Hash, null);
        await db.SaveChangesAsync(ct);
        brands.Forget();
    }

    private void Record(LatchkeyDbContext db, string? from, string? to) =>
        db.Events.Add(
            events.New(
                EventTypes.OrganizationUpdate,
                success: true,
                new EventSubject("setting", null, "portal"),
                new { changes = new[] { new FieldChange("portal.logo", from, to) } }
            )
        );
}
