using System.Text;
using Latchkey.Server.Applications;
using Latchkey.Server.Certificates;
using Latchkey.Server.Problems;

namespace Latchkey.Server.Api.Declaration;

/// <summary>Where the files come from that a declaration names beside itself.</summary>
internal abstract class MetadataFiles
{
    public abstract Outcome<string> Read(string name);

    /// <summary>A secret that the declaration names and does not hold.</summary>
    public abstract Outcome<string> Secret(SecretReference reference);

    /// <summary>A PKCS#12 file that the declaration names: a file itself, or a variable that holds it in base64.</summary>
    public abstract Outcome<byte[]> Pkcs12(SecretReference reference);

    /// <summary>Files in the folder of a declaration on this machine.</summary>
    public static MetadataFiles In(string folder) => new OnDisk(folder);

    /// <summary>Files that were sent with the declaration.</summary>
    /// <param name="files">By their names.</param>
    /// <param name="secrets">By <c>env:NAME</c> and <c>file:PATH</c>; a PKCS#12 file in base64.</param>
    public static MetadataFiles Sent(
        IReadOnlyDictionary<string, string> files,
        IReadOnlyDictionary<string, string> secrets
    ) => new WithRequest(files, secrets);

    /// <summary>Nothing was sent along.</summary>
    public static MetadataFiles None { get; } =
        Sent(new Dictionary<string, string>(), new Dictionary<string, string>());

    private static Problem Unset(SecretReference reference) =>
        new("declaration-secret-unset", "password", reference.ToString());

    private static Problem NotFound(SecretReference reference) =>
        new("key-pair-file-unset", "pkcs12", reference.ToString());

    private static Outcome<byte[]> FromBase64(SecretReference reference, string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length)
            ? bytes[..length]
            : new Problem("key-pair-not-base64", "pkcs12", reference.ToString());
    }

    private sealed class OnDisk(string folder) : MetadataFiles
    {
        public override Outcome<string> Secret(SecretReference reference)
        {
            if (reference.Place == "file")
            {
                var text = Read(reference.Name);
                return text.Ok ? text.Value.TrimEnd('\r', '\n') : Unset(reference);
            }
            return Environment.GetEnvironmentVariable(reference.Name) is { Length: > 0 } value
                ? value
                : Unset(reference);
        }

        public override Outcome<byte[]> Pkcs12(SecretReference reference)
        {
            if (reference.Place != "file")
            {
                return Environment.GetEnvironmentVariable(reference.Name) is { Length: > 0 } value
                    ? FromBase64(reference, value)
                    : NotFound(reference);
            }
            try
            {
                var file = new FileInfo(Path.GetFullPath(reference.Name, folder));
                return file.Length > OwnKeyPair.LongestFile
                    ? new Problem("key-pair-too-long", "pkcs12", OwnKeyPair.LongestFile / 1024)
                    : File.ReadAllBytes(file.FullName);
            }
            catch (Exception e) when (IsUnreadable(e))
            {
                return NotFound(reference);
            }
        }

        public override Outcome<string> Read(string name)
        {
            try
            {
                var file = new FileInfo(Path.GetFullPath(name, folder));
                return file.Length > MetadataImport.MaxBytes
                    ? new Problem(
                        "metadata-too-large",
                        "sp_metadata",
                        MetadataImport.MaxBytes / 1024
                    )
                    : File.ReadAllText(file.FullName, Encoding.UTF8);
            }
            catch (Exception e) when (IsUnreadable(e))
            {
                return new Problem(
                    "declaration-metadata-file",
                    "sp_metadata",
                    name,
                    e.Message.TrimEnd('.')
                );
            }
        }
    }

    private static bool IsUnreadable(Exception e) =>
        e
            is IOException
                or UnauthorizedAccessException
                or ArgumentException
                or NotSupportedException;

    // A name from the network never becomes a path, or a variable, on this machine.
    private sealed class WithRequest(
        IReadOnlyDictionary<string, string> files,
        IReadOnlyDictionary<string, string> secrets
    ) : MetadataFiles
    {
        public override Outcome<string> Secret(SecretReference reference) =>
            secrets.TryGetValue(reference.ToString(), out var secret) ? secret : Unset(reference);

        public override Outcome<byte[]> Pkcs12(SecretReference reference) =>
            secrets.TryGetValue(reference.ToString(), out var secret)
                ? FromBase64(reference, secret)
                : NotFound(reference);

        public override Outcome<string> Read(string name) =>
            files.TryGetValue(name, out var text)
                ? text
                : new Problem("declaration-metadata-not-sent", "sp_metadata", name);
    }
}
