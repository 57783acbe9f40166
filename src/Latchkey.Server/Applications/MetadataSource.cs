using System.Text;
using Latchkey.Server.Problems;

namespace Latchkey.Server.Applications;

/// <summary>The three ways in which an administrator gives metadata: a file, a text or an address; the first that is there counts.</summary>
internal sealed record MetadataSource(IFormFile? File, string? Text, string? Url)
{
    /// <summary>Whether there is any.</summary>
    public bool Any =>
        File is { Length: > 0 }
        || !string.IsNullOrWhiteSpace(Text)
        || !string.IsNullOrWhiteSpace(Url);

    /// <summary>Reads it.</summary>
    public async Task<ReadMetadata> ReadAsync(
        MetadataImport import,
        CancellationToken cancellationToken
    )
    {
        if (File is { Length: > 0 } file)
        {
            if (file.Length > MetadataImport.MaxBytes)
            {
                var large = new Problem(
                    "metadata-too-large",
                    "metadata",
                    MetadataImport.MaxBytes / 1024
                );
                return new ReadMetadata("MetadataFile", large);
            }
            using var bytes = new MemoryStream();
            await file.CopyToAsync(bytes, cancellationToken);
            return new ReadMetadata("MetadataFile", import.Read(bytes.ToArray()), bytes.ToArray());
        }
        if (!string.IsNullOrWhiteSpace(Text))
        {
            return new ReadMetadata("MetadataText", import.Read(Text), MetadataImport.Bytes(Text));
        }
        if (string.IsNullOrWhiteSpace(Url))
        {
            return new ReadMetadata("MetadataUrl", new Problem("metadata-nothing", "metadata"));
        }
        var fetched = await import.GetAsync(Url.Trim(), cancellationToken);
        return fetched.Ok
            ? new ReadMetadata(
                "MetadataUrl",
                import.Read(fetched.Value.Body),
                fetched.Value.Body,
                Url.Trim()
            )
            : new ReadMetadata("MetadataUrl", Outcome<ImportedMetadata>.Failed(fetched.Problems));
    }
}

/// <summary>What was given, and what it says.</summary>
/// <param name="Field">The field that it was given in.</param>
/// <param name="Metadata">What it says, or why it cannot be used.</param>
/// <param name="Content">The file's bytes; null when there are none.</param>
/// <param name="Url">The address it came from; null for a file or a text.</param>
internal sealed record ReadMetadata(
    string Field,
    Outcome<ImportedMetadata> Metadata,
    byte[]? Content = null,
    string? Url = null
)
{
    /// <summary>As text: a browser does not keep a chosen file, so with a choice to make its text takes the file's place.</summary>
    public string AsText => Encoding.UTF8.GetString(Content ?? []).TrimStart('\uFEFF');
}
