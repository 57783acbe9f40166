using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Latchkey.Server.Directory;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.SignIn.Passwords.Imported;

/// <summary>
/// Which work is done for a name that nobody has. Hashes of other systems take another time than ours, so names that nobody
/// has are divided among the shapes there are as the users are: always the same for one name, and telling nothing about it.
/// </summary>
internal sealed class HashShapes(IDbContextFactory<LatchkeyDbContext> databases, TimeProvider time)
{
    private const string KeyName = "password_shapes_key";

    private static readonly TimeSpan s_kept = TimeSpan.FromMinutes(5);

    private volatile Shapes? _shapes;

    /// <summary>The shape for a name; null for our own hash.</summary>
    public async ValueTask<string?> OfAsync(string name, CancellationToken ct)
    {
        var shapes = _shapes;
        if (shapes is null || time.GetElapsedTime(shapes.ReadAt) >= s_kept)
            _shapes = shapes = await ReadAsync(ct);
        if (shapes.Counts.Count == 0)
            return null;
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(shapes.Key, Encoding.UTF8.GetBytes(UserRules.Normalize(name)), hash);
        var place =
            BinaryPrimitives.ReadUInt64BigEndian(hash) / (double)ulong.MaxValue * shapes.Users;
        foreach (var (shape, count) in shapes.Counts)
        {
            if (place < count)
                return shape;
            place -= count;
        }
        return null;
    }

    private async Task<Shapes> ReadAsync(CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        var counts = await db
            .Users.Where(u => u.PasswordFormat != null)
            .GroupBy(u => u.PasswordFormat!)
            .Select(g => new { Shape = g.Key, Count = g.Count() })
            .OrderBy(g => g.Shape)
            .ToListAsync(ct);
        if (counts.Count == 0)
            return new(time.GetTimestamp(), [], [], 0);
        return new(
            time.GetTimestamp(),
            await KeyAsync(db, ct),
            counts.ConvertAll(c => (c.Shape, c.Count)),
            await db.Users.CountAsync(u => u.PasswordHash != null, ct)
        );
    }

    /// <summary>The same on every node and after every start.</summary>
    private static async Task<byte[]> KeyAsync(LatchkeyDbContext db, CancellationToken ct)
    {
        for (var attempt = 0; ; attempt++)
        {
            var kept = await db
                .Settings.Where(s => s.Name == KeyName)
                .Select(s => s.Value)
                .SingleOrDefaultAsync(ct);
            if (kept is not null)
                return Convert.FromBase64String(kept);
            var made = new Settings.Setting
            {
                Name = KeyName,
                Value = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)),
            };
            db.Settings.Add(made);
            try
            {
                await db.SaveChangesAsync(ct);
            }
            catch (DbUpdateException) when (attempt < 3)
            {
                // Another node was first; its key counts.
                db.Entry(made).State = EntityState.Detached;
            }
        }
    }

    private sealed record Shapes(
        long ReadAt,
        byte[] Key,
        List<(string Shape, int Count)> Counts,
        int Users
    );
}
