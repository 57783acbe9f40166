namespace Latchkey.Server.Applications.Differences;

/// <summary>
/// The metadata that an application was last brought up to date with, as it came. What has another value at the
/// application since is the administrator's own and is not overwritten unasked.
/// </summary>
internal sealed class MetadataCopy
{
    public required Guid ApplicationId { get; init; }

    /// <summary>The file, at most <see cref="MetadataImport.MaxBytes"/>.</summary>
    public required byte[] Content { get; set; }

    /// <summary>Which of the file's service providers.</summary>
    public required string EntityId { get; set; }

    /// <summary>The address it came from; null for a file or a text.</summary>
    public string? Url { get; set; }

    /// <summary>When it was taken; it was valid then.</summary>
    public required DateTimeOffset TakenAt { get; set; }
}

/// <summary>Metadata that somebody, or a followed address, wants an application to be brought up to date with. Nothing of it counts before an administrator confirms (rules M2 and M3).</summary>
internal sealed class MetadataProposal
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required Guid ApplicationId { get; init; }

    /// <summary>As <see cref="MetadataCopy.Content"/>.</summary>
    public required byte[] Content { get; set; }

    /// <summary>As <see cref="MetadataCopy.EntityId"/>.</summary>
    public required string EntityId { get; set; }

    /// <summary>As <see cref="MetadataCopy.Url"/>.</summary>
    public string? Url { get; set; }

    /// <summary>The fields that a followed address wants changed and may not change by itself; none where an administrator imports.</summary>
    public IReadOnlyList<string> Held { get; set; } = [];

    /// <summary>Whether a followed address left it for an administrator. There is one of these at most for an application.</summary>
    public bool IsHeld { get; set; }

    public required DateTimeOffset CreatedAt { get; set; }
}
