using System.Security.Cryptography;
using System.Text;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Settings.Setup;

/// <summary>The one-time code that lets whoever started the server, and nobody else, make the first administrator. The database holds its hash.</summary>
internal sealed class SetupCode(
    IDbContextFactory<LatchkeyDbContext> databases,
    ServerOptions options
)
{
    public const string FileName = "setup-code.txt";

    private const string SettingName = "setup_code_hash";

    // No letter or digit that is easily taken for another.
    private const string Alphabet = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";

    private string File => Path.Combine(options.DataFolder, FileName);

    /// <summary>The code of an earlier start if its file is still there, otherwise a new one.</summary>
    public async Task<string> PrepareAsync(CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        var setting = await database.Settings.FindAsync([SettingName], cancellationToken);
        if (System.IO.File.Exists(File))
        {
            var kept = (await System.IO.File.ReadAllTextAsync(File, cancellationToken)).Trim();
            if (setting is not null && Matches(kept, setting.Value))
            {
                return kept;
            }
            System.IO.File.Delete(File);
        }
        var letters = RandomNumberGenerator.GetString(Alphabet, 16);
        var code = string.Join('-', letters.Chunk(4).Select(part => new string(part)));
        if (setting is null)
        {
            database.Settings.Add(new() { Name = SettingName, Value = Hash(code) });
        }
        else
        {
            setting.Value = Hash(code);
        }
        await database.SaveChangesAsync(cancellationToken);
        try
        {
            System.IO.Directory.CreateDirectory(options.DataFolder);
            PrivateFile.Create(File, Encoding.ASCII.GetBytes(code + "\n"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartRefusedException(
                $"LATCHKEY_DATA: the folder '{options.DataFolder}' cannot be written: {e.Message.TrimEnd('.')}.",
                e
            );
        }
        return code;
    }

    /// <summary>Whether what was typed is the code; case, spaces and hyphens do not matter.</summary>
    public async Task<bool> IsRightAsync(string typed, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        var setting = await database
            .Settings.AsNoTracking()
            .SingleOrDefaultAsync(s => s.Name == SettingName, cancellationToken);
        return setting is not null && Matches(typed, setting.Value);
    }

    /// <summary>After this no code opens anything.</summary>
    public async Task DeleteAsync(CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        await database
            .Settings.Where(s => s.Name == SettingName)
            .ExecuteDeleteAsync(cancellationToken);
        try
        {
            System.IO.File.Delete(File);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The file opens nothing any more; that it stays is untidy, no danger.
        }
    }

    private static bool Matches(string typed, string hash) =>
        CryptographicOperations.FixedTimeEquals(
            Encoding.ASCII.GetBytes(Hash(typed)),
            Encoding.ASCII.GetBytes(hash)
        );

    private static string Hash(string code) =>
        Convert.ToHexString(
            SHA256.HashData(
                Encoding.UTF8.GetBytes(
                    new string([.. code.Where(char.IsLetterOrDigit)]).ToUpperInvariant()
                )
            )
        );
}
