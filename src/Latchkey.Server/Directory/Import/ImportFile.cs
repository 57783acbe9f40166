using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Latchkey.Server.Problems;
using Latchkey.Server.Storage;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Directory.Import;

/// <summary>The import cannot go on; at which line of the file, 0 for none, and why.</summary>
internal sealed class ImportFileException(int line, Problem problem) : Exception(problem.Code)
{
    public int Line { get; } = line;
    public Problem Problem { get; } = problem;
}

/// <summary>Keeps files of users in the database, in encrypted pieces that any node can read, and reads them row by row: only one piece is in memory at a time.</summary>
internal sealed class ImportFile(
    IDbContextFactory<LatchkeyDbContext> databases,
    IDataProtectionProvider protection,
    TimeProvider time
)
{
    public const int LargestFile = 64 * 1024 * 1024;
    public const int MostRows = 200_000;

    private const int ChunkSize = 256 * 1024;

    private readonly IDataProtector _protector = protection.CreateProtector(
        "Latchkey.Server.Directory.Import.v1"
    );

    public async Task WriteAsync(Guid importId, Stream content, CancellationToken cancellationToken)
    {
        var buffer = new byte[ChunkSize];
        for (var number = 0; ; number++)
        {
            var length = await content.ReadAtLeastAsync(
                buffer,
                ChunkSize,
                throwOnEndOfStream: false,
                cancellationToken
            );
            if (length == 0)
            {
                return;
            }
            await using var db = await databases.CreateDbContextAsync(cancellationToken);
            db.UserImportChunks.Add(
                new UserImportChunk
                {
                    ImportId = importId,
                    Number = number,
                    Content = _protector.Protect(buffer[..length]),
                }
            );
            await db.SaveChangesAsync(cancellationToken);
        }
    }

    /// <summary>All of it is stored: it is checked next. Was it given up meanwhile, what was stored since goes too.</summary>
    public async Task CompleteAsync(Guid importId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var waiting = await db
            .UserImports.Where(i => i.Id == importId && i.State == ImportState.Uploading)
            .ExecuteUpdateAsync(
                i =>
                    i.SetProperty(x => x.State, ImportState.Checking)
                        .SetProperty(x => x.LeaseUntil, (DateTimeOffset?)null),
                cancellationToken
            );
        if (waiting == 0)
        {
            await db
                .UserImportChunks.Where(c => c.ImportId == importId)
                .ExecuteDeleteAsync(cancellationToken);
        }
    }

    /// <summary>Of what was not stored whole nothing is kept but that it was broken off.</summary>
    public async Task BreakOffAsync(Guid importId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db
            .UserImportChunks.Where(c => c.ImportId == importId)
            .ExecuteDeleteAsync(cancellationToken);
        if (
            await db.UserImports.SingleOrDefaultAsync(
                i => i.Id == importId && i.State == ImportState.Uploading,
                cancellationToken
            ) is
            { } import
        )
        {
            ImportProblems.Add(db, import, 1, new Problem("import-broken-off", ""));
            (import.State, import.LeaseUntil) = (ImportState.Refused, null);
            import.FinishedAt = time.GetUtcNow();
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
    }

    /// <summary>It is not needed any more, nor what was noted from it.</summary>
    public async Task DropAsync(Guid importId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db
            .UserImportLinks.Where(l => l.ImportId == importId)
            .ExecuteDeleteAsync(cancellationToken);
        await db
            .UserImportChunks.Where(c => c.ImportId == importId)
            .ExecuteDeleteAsync(cancellationToken);
    }

    /// <summary>The rows in order; the first, with the names of the columns, only tells what the others mean.</summary>
    /// <exception cref="ImportFileException">It is no such file.</exception>
    public async IAsyncEnumerable<ImportRow> ReadAsync(
        Guid importId,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        using var text = new StreamReader(
            new Pieces(importId, databases, _protector),
            Encoding.UTF8
        );
        var csv = new CsvReader(text);
        List<ImportColumn>? columns = null;
        var rows = 0;
        while (await csv.ReadAsync(cancellationToken) is { } record)
        {
            if (columns is null)
            {
                var problems = new List<(string Column, Problem Problem)>();
                columns = [.. ImportColumns.Read(record, problems)];
                if (problems.Count > 0)
                {
                    throw new ImportFileException(csv.Line, problems[0].Problem);
                }
                continue;
            }
            if (++rows > MostRows)
            {
                throw new ImportFileException(
                    csv.Line,
                    new Problem("import-too-many-rows", "", MostRows)
                );
            }
            cancellationToken.ThrowIfCancellationRequested();
            yield return new ImportRow(rows, csv.Line, columns, record);
        }
        if (columns is null)
        {
            throw new ImportFileException(1, new Problem("import-empty", ""));
        }
    }

    /// <summary>The pieces as one stream.</summary>
    private sealed class Pieces(
        Guid importId,
        IDbContextFactory<LatchkeyDbContext> databases,
        IDataProtector protector
    ) : Stream
    {
        private byte[] _piece = [];
        private int _position;
        private int _next;

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer,
            CancellationToken cancellationToken = default
        )
        {
            if (_position == _piece.Length && !await OpenNextAsync(cancellationToken))
            {
                return 0;
            }
            var length = Math.Min(buffer.Length, _piece.Length - _position);
            _piece.AsMemory(_position, length).CopyTo(buffer);
            _position += length;
            return length;
        }

        public override int Read(byte[] buffer, int offset, int count) =>
            throw new NotSupportedException();

        public override void Flush() { }

        public override long Seek(long offset, SeekOrigin origin) =>
            throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) =>
            throw new NotSupportedException();

        private async Task<bool> OpenNextAsync(CancellationToken cancellationToken)
        {
            await using var db = await databases.CreateDbContextAsync(cancellationToken);
            var content = await db
                .UserImportChunks.Where(c => c.ImportId == importId && c.Number == _next)
                .Select(c => c.Content)
                .SingleOrDefaultAsync(cancellationToken);
            if (content is null)
            {
                return false;
            }
            try
            {
                (_piece, _position) = (protector.Unprotect(content), 0);
            }
            catch (CryptographicException)
            {
                throw new ImportFileException(0, new Problem("import-not-decrypted", ""));
            }
            _next++;
            return true;
        }
    }
}
