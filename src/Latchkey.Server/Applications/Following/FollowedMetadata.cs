namespace Latchkey.Server.Applications.Following;

/// <summary>An address at which an application's metadata is looked at again and again.</summary>
internal sealed class FollowedMetadata
{
    public required Guid ApplicationId { get; init; }

    public required string Url { get; set; }

    /// <summary>Certificates (DER, base64) of which one must have signed the metadata; none where https alone vouches for it (rule M2).</summary>
    public IReadOnlyList<string> PinnedCertificates { get; set; } = [];

    /// <summary>By which the server recognises the last file, see <see cref="FetchValidators"/>.</summary>
    public string? EntityTag { get; set; }

    /// <summary>As <see cref="EntityTag"/>.</summary>
    public string? LastModified { get; set; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it is looked at next. Whoever looks moves it on first, so that of several nodes one does it.</summary>
    public required DateTimeOffset NextAt { get; set; }

    /// <summary>When it could be read last.</summary>
    public required DateTimeOffset SucceededAt { get; set; }

    /// <summary>Since when it cannot be read; null while it can.</summary>
    public DateTimeOffset? FailingSince { get; set; }

    /// <summary>How many times in a row it could not be read.</summary>
    public int Failures { get; set; }

    /// <summary>Why it could not be read last, as the code and the values of a problem.</summary>
    public string? ProblemCode { get; set; }

    /// <summary>See <see cref="ProblemCode"/>.</summary>
    public IReadOnlyList<string> ProblemArgs { get; set; } = [];

    /// <summary>Until when the last good copy counts, if it says; nobody signs in to the application after that (rule M2).</summary>
    public DateTimeOffset? ValidUntil { get; set; }

    /// <summary>When that end was read first.</summary>
    public DateTimeOffset? ValidSince { get; set; }

    /// <summary>What administrators were told.</summary>
    public MetadataAlarm Alarm { get; set; }

    /// <summary>The concurrency token: who looked at an older one was overtaken.</summary>
    public long Version { get; set; } = 1;

    public FollowedMetadata Copy() => (FollowedMetadata)MemberwiseClone();
}

/// <summary>What is wrong with a followed address, the worst last.</summary>
internal enum MetadataAlarm
{
    None,

    /// <summary>It cannot be read for long.</summary>
    Failing,

    /// <summary>The last good copy ends soon and no other is published.</summary>
    Expiring,

    /// <summary>The last good copy has ended.</summary>
    Expired,
}
