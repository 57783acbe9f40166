namespace Latchkey.Server.Certificates;

/// <summary>
/// The certificates of one application at a moment: which signs, which comes next, which went. Stored times alone decide,
/// so that every node sees the same at the same time, whether or not any work has run since, and there is always exactly
/// one that signs once there is any.
/// </summary>
internal sealed class CertificateSet
{
    private CertificateSet(IReadOnlyList<ApplicationCertificate> all, DateTimeOffset now)
    {
        Now = now;
        Active = SigningAt(all, now);
        Next = all.Where(c => c != Active && (c.SignsFrom is null || c.SignsFrom > now))
            .MaxBy(c => c.Id);
        Former =
        [
            .. all.Where(c => c != Active && c.SignsFrom <= now && !IsRetired(c))
                .OrderByDescending(c => c.SignsFrom)
                .ThenByDescending(c => c.Id),
        ];
        Retired =
        [
            .. all.Where(c => c != Active && c.SignsFrom <= now && IsRetired(c))
                .OrderBy(c => c.RetireAt),
        ];
    }

    public DateTimeOffset Now { get; }

    /// <summary>Signs now; null only before the first activation.</summary>
    public ApplicationCertificate? Active { get; }

    /// <summary>Is published already and signs later; null if no rotation was started.</summary>
    public ApplicationCertificate? Next { get; }

    /// <summary>Signed before and are still published, the latest first.</summary>
    public IReadOnlyList<ApplicationCertificate> Former { get; }

    /// <summary>Are published no more; wait to be deleted.</summary>
    public IReadOnlyList<ApplicationCertificate> Retired { get; }

    /// <summary>What the metadata names: the one that signs first, for service providers that take only one.</summary>
    public IEnumerable<ApplicationCertificate> Published =>
        ((IEnumerable<ApplicationCertificate?>)[Active, Next])
            .OfType<ApplicationCertificate>()
            .Concat(Former);

    /// <summary>When the next one begins to sign; null if nobody has said.</summary>
    public DateTimeOffset? SwitchAt => Next?.SignsFrom;

    /// <summary>The one that undoing the last switch goes back to; null if there is none any more.</summary>
    public ApplicationCertificate? Previous => Next is null && Former.Count > 0 ? Former[0] : null;

    public static CertificateSet Of(
        IReadOnlyList<ApplicationCertificate> certificates,
        DateTimeOffset now
    ) => new(certificates, now);

    public ApplicationCertificate? Find(Guid id) =>
        Published.Concat(Retired).FirstOrDefault(c => c.Id == id);

    /// <summary>The last that began; where all begin later (made a moment ago by a node whose clock is ahead), the first that will.</summary>
    private static ApplicationCertificate? SigningAt(
        IReadOnlyList<ApplicationCertificate> all,
        DateTimeOffset now
    ) =>
        all.Where(c => c.SignsFrom <= now)
            .OrderBy(c => c.SignsFrom)
            .ThenBy(c => c.Id)
            .LastOrDefault()
        ?? all.Where(c => c.SignsFrom is not null).MinBy(c => c.SignsFrom);

    private bool IsRetired(ApplicationCertificate certificate) => certificate.RetireAt <= Now;
}
