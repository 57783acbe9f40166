namespace Latchkey.Server.Applications.Differences;

/// <summary>One field that metadata would change.</summary>
/// <param name="Field">Which.</param>
/// <param name="Now">Its value; null for none.</param>
/// <param name="Then">What it would be.</param>
/// <param name="Lowers">How that would lower the application's security; each wants its own consent (rule M3).</param>
/// <param name="IsOwn">Whether the administrator gave it another value than the metadata that was taken last.</param>
/// <param name="IsNews">Whether this metadata says another thing than that one.</param>
/// <param name="IsHeld">Whether it waits for an administrator already.</param>
internal sealed record FieldDifference(
    MetadataField Field,
    string? Now,
    string? Then,
    IReadOnlyList<Lowering> Lowers,
    bool IsOwn,
    bool IsNews,
    bool IsHeld
)
{
    public string Name => Field.Name;

    /// <summary>Whether it is changed unless an administrator says otherwise. The rest is changed only if an administrator says so.</summary>
    public bool IsHarmless => Lowers.Count == 0 && !IsOwn && !Field.IsAdvice;

    /// <summary>Whether a followed address may change it without asking anybody.</summary>
    public bool MayFollow =>
        IsNews && !IsHeld && !IsOwn && !Field.IsAdvice && Lowers.All(lowering => lowering.Routine);

    /// <summary>Whether a followed address has to ask for it. What an administrator left as it was is not asked again.</summary>
    public bool MustWait => !Field.IsAdvice && (IsHeld || (IsNews && !MayFollow));
}

/// <summary>What would change at an application if it took over a metadata file (S1-13).</summary>
internal static class MetadataDifference
{
    /// <summary>The fields that would change, in a fixed order.</summary>
    /// <param name="now">The application.</param>
    /// <param name="said">What the metadata says.</param>
    /// <param name="before">What the metadata that was taken last said; null when there was none.</param>
    /// <param name="vouched">Whether a pinned key signed the metadata.</param>
    /// <param name="held">The fields that wait for an administrator: that they differ is nobody's own doing.</param>
    public static IReadOnlyList<FieldDifference> Between(
        Application now,
        ImportedServiceProvider said,
        ImportedServiceProvider? before,
        bool vouched = false,
        IReadOnlyList<string>? held = null
    )
    {
        var then = With(now, said);
        var earlier = before is null ? null : With(now, before);
        var differences = new List<FieldDifference>();
        foreach (var field in MetadataField.All)
        {
            var (from, to) = (field.Text(now), field.Text(then));
            if (from == to)
            {
                continue;
            }
            var taken = earlier is null ? null : field.Text(earlier);
            var isHeld = held?.Contains(field.Name) == true;
            var isNews = earlier is null || taken != to;
            if (field.IsAdvice && !isNews)
            {
                // Advice that was not taken is not repeated.
                continue;
            }
            differences.Add(
                new FieldDifference(
                    field,
                    from,
                    to,
                    [.. field.Lowers?.Invoke(now, then, vouched) ?? []],
                    IsOwn: !isHeld && earlier is not null && taken != from,
                    isNews,
                    isHeld
                )
            );
        }
        return differences;
    }

    /// <summary>What is to be said for these fields to change, and no others.</summary>
    public static ApplicationInput Input(
        Application now,
        ImportedServiceProvider said,
        IEnumerable<MetadataField> fields
    )
    {
        var then = With(now, said);
        return fields.Aggregate(new ApplicationInput(), (input, field) => field.Put(input, then));
    }

    /// <summary>The application as the metadata would have it. What it does not say, or says in no way that could be used, stays.</summary>
    private static Application With(Application now, ImportedServiceProvider said) =>
        new()
        {
            Slug = now.Slug,
            IdpEntityId = now.IdpEntityId,
            CreatedAt = now.CreatedAt,
            UpdatedAt = now.UpdatedAt,
            SpEntityId = said.EntityId,
            AcsEndpoints = said.AcsEndpoints.Count > 0 ? said.AcsEndpoints : now.AcsEndpoints,
            SloEndpoints = said.SloEndpoints,
            SpSigningCertificates = said.SigningCertificates,
            SpEncryptionCertificates = said.EncryptionCertificates,
            RequireSignedRequests = said.RequireSignedRequests,
            WantAssertionsSigned = said.WantAssertionsSigned,
            RequiredAttributes = said.RequiredAttributes,
            // A key that is published is to be used; that there is none any more is said by the certificates.
            EncryptAssertions = said.EncryptionCertificates.Count > 0 || now.EncryptAssertions,
            Label = said.DisplayName ?? now.Label,
            Description = said.Description ?? now.Description,
            Logo = said.Logo ?? now.Logo,
            NameIdFormat = said.NameIdFormat ?? now.NameIdFormat,
            Attributes = said.Attributes ?? now.Attributes,
        };
}
