using System.Text;
using Latchkey.Server.Applications;
using Latchkey.Server.Problems;

namespace Latchkey.Server.Api.Declaration;

/// <summary>Where the files come from that a declaration names beside itself.</summary>
internal abstract class MetadataFiles
{
    public abstract Outcome<string> Read(string name);

    /// <summary>Files in the folder of a declaration on this machine.</summary>
    public static MetadataFiles In(string folder) => new OnDisk(folder);

    /// <summary>Files that were sent with the declaration.</summary>
    public static MetadataFiles Sent(IReadOnlyDictionary<string, string> files) =>
        new WithRequest(files);

    private sealed class OnDisk(string folder) : MetadataFiles
    {
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
            catch (Exception e)
                when (e
                        is IOException
                            or UnauthorizedAccessException
                            or ArgumentException
                            or NotSupportedException
                )
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

    // A name from the network never becomes a path on this machine.
    private sealed class WithRequest(IReadOnlyDictionary<string, string> files) : MetadataFiles
    {
        public override Outcome<string> Read(string name) =>
            files.TryGetValue(name, out var text)
                ? text
                : new Problem("declaration-metadata-not-sent", "sp_metadata", name);
    }
}
