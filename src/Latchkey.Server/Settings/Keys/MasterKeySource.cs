using System.Security.Cryptography;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Settings.Keys;

/// <summary>Finds the master key at the start and makes sure that it is the one this database was begun with.</summary>
internal sealed partial class MasterKeySource(
    ServerOptions options,
    IDbContextFactory<LatchkeyDbContext> databases,
    ILogger<MasterKeySource> log
)
{
    /// <summary>A row of <c>settings</c>: something sealed with the master key, to tell the right key from a wrong one.</summary>
    private const string CheckName = "master_key_check";

    private const string CheckPurpose = "check";

    private MasterKey? _key;

    public MasterKey Key =>
        _key ?? throw new InvalidOperationException("The master key is opened at the start.");

    /// <summary>Runs while the start's lock is held, so that two nodes do not both begin a database.</summary>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        var check = await database.Settings.FindAsync([CheckName], cancellationToken);
        var key = new MasterKey(options.MasterKey ?? FromKeyFile(begun: check is not null));
        if (check is null)
        {
            database.Settings.Add(
                new()
                {
                    Name = CheckName,
                    Value = Convert.ToBase64String(
                        key.Seal(CheckPurpose, RandomNumberGenerator.GetBytes(16))
                    ),
                }
            );
            await database.SaveChangesAsync(cancellationToken);
        }
        else if (key.Open(CheckPurpose, Convert.FromBase64String(check.Value)) is null)
        {
            var name = options.MasterKey is null ? KeyFile : "LATCHKEY_MASTER_KEY";
            throw new StartRefusedException(
                $"{name} is not the master key of the database {options.Database}; its keys were encrypted with another one, start with that."
            );
        }
        _key = key;
    }

    private string KeyFile =>
        Path.Combine(Path.GetDirectoryName(options.Database.SqliteFile)!, "master.key");

    private byte[] FromKeyFile(bool begun)
    {
        if (options.Database.Engine != StorageEngine.Sqlite)
        {
            throw new StartRefusedException(
                "LATCHKEY_MASTER_KEY_FILE is not set; on PostgreSQL every node needs the same master key, made once with `openssl rand -base64 32`."
            );
        }
        if (!File.Exists(KeyFile))
        {
            if (begun)
            {
                throw new StartRefusedException(
                    $"The master key {KeyFile} is missing; restore it from a backup, or name it in LATCHKEY_MASTER_KEY_FILE."
                );
            }
            PrivateFile.Create(
                KeyFile,
                System.Text.Encoding.ASCII.GetBytes(MasterKey.NewText() + "\n")
            );
            LogMade(log, KeyFile);
        }
        return MasterKey.Parse(File.ReadAllText(KeyFile))
            ?? throw new StartRefusedException(
                $"{KeyFile} holds no master key; expected 32 random bytes in base64."
            );
    }

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Made a master key, {File}. It opens the private keys in the database: keep a copy, apart from the database's backups."
    )]
    private static partial void LogMade(ILogger log, string file);
}
