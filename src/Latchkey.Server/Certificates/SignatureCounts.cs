using System.Collections.Concurrent;
using Latchkey.Saml.Keys;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Certificates;

/// <summary>
/// Counts every signature that a key of ours makes (rule I6). Counting is one addition in memory; what has been counted goes
/// to the database now and then, so that no sign-in waits for it. What a crash loses is in the events, one for each Response.
/// </summary>
internal sealed class SignatureCounts(IDbContextFactory<LatchkeyDbContext> databases)
{
    private readonly ConcurrentDictionary<Guid, Count> _counts = new();

    /// <summary>The same key, its signatures counted for a certificate.</summary>
    public SigningKey Counted(SigningKey key, Guid certificateId) =>
        SigningKey.Over(
            new CountingSigner(key.Signer, _counts.GetOrAdd(certificateId, _ => new Count())),
            key.Certificate.RawDataMemory.Span
        );

    /// <summary>Adds to the database what was counted since the last time.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        foreach (var (certificateId, count) in _counts)
        {
            var made = count.Take();
            if (made == 0)
            {
                continue;
            }
            try
            {
                await using var db = await databases.CreateDbContextAsync(cancellationToken);
                await db
                    .ApplicationCertificates.Where(c => c.Id == certificateId)
                    .ExecuteUpdateAsync(
                        set => set.SetProperty(c => c.Signatures, c => c.Signatures + made),
                        cancellationToken
                    );
            }
            catch
            {
                // Not written: counted the next time.
                count.Add(made);
                throw;
            }
        }
    }

    private sealed class Count
    {
        private long _made;

        public void Add(long made) => Interlocked.Add(ref _made, made);

        public long Take() => Interlocked.Exchange(ref _made, 0);
    }

    private sealed class CountingSigner(IDigestSigner inner, Count count) : IDigestSigner
    {
        public int SignDigest(
            ReadOnlySpan<byte> digest,
            SignatureAlgorithm algorithm,
            Span<byte> destination
        )
        {
            var written = inner.SignDigest(digest, algorithm, destination);
            count.Add(1);
            return written;
        }

        public void Dispose() => inner.Dispose();
    }
}
