using Latchkey.Saml.Metadata;

namespace Latchkey.Server.Applications.Differences;

/// <summary>One way in which a change would lower an application's security, or widen whom it trusts (rule M3).</summary>
/// <param name="Code">Stable; its sentence has the key <c>metadata.lowers.CODE</c>.</param>
/// <param name="What">A value for the sentence: a host, an address, a number.</param>
/// <param name="Routine">Whether it belongs to the life of keys: a followed address may do it by itself.</param>
internal sealed record Lowering(string Code, string What = "", bool Routine = false);

/// <summary>Finds them, field by field.</summary>
internal static class Lowerings
{
    public static IEnumerable<Lowering> OfEntityId(Application now, Application then) =>
        now.SpEntityId == then.SpEntityId ? [] : [new("entity-id", then.SpEntityId)];

    public static IEnumerable<Lowering> OfAcs(Application now, Application then) =>
        OfAddresses(
            "acs",
            now.AcsEndpoints.Select(e => e.Location),
            then.AcsEndpoints.Select(e => e.Location)
        );

    public static IEnumerable<Lowering> OfSlo(Application now, Application then) =>
        OfAddresses(
            "slo",
            // Whoever gets the sign-ins may know of their end.
            [.. Locations(now.SloEndpoints), .. now.AcsEndpoints.Select(e => e.Location)],
            Locations(then.SloEndpoints)
        );

    public static IEnumerable<Lowering> OfSigning(
        Application now,
        Application then,
        bool vouched
    ) => OfCertificates("signing", now.SpSigningCertificates, then.SpSigningCertificates, vouched);

    public static IEnumerable<Lowering> OfEncryption(
        Application now,
        Application then,
        bool vouched
    ) =>
        OfCertificates(
            "encryption",
            now.SpEncryptionCertificates,
            then.SpEncryptionCertificates,
            vouched
        );

    public static IEnumerable<Lowering> OfSignedRequests(Application now, Application then) =>
        now.RequireSignedRequests && !then.RequireSignedRequests ? [new("signed-requests")] : [];

    public static IEnumerable<Lowering> OfSignedAssertions(Application now, Application then) =>
        now.WantAssertionsSigned && !then.WantAssertionsSigned ? [new("signed-assertions")] : [];

    private static IEnumerable<string> Locations(IEnumerable<Saml.Metadata.Endpoint> endpoints) =>
        endpoints.SelectMany(e =>
            e.ResponseLocation is { } other ? [e.Location, other] : new[] { e.Location }
        );

    private static IEnumerable<Lowering> OfAddresses(
        string kind,
        IEnumerable<string> now,
        IEnumerable<string> then
    )
    {
        var known = now.ToHashSet(StringComparer.Ordinal);
        var hosts = known.Select(Origin).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var added = then.Where(url => !known.Contains(url)).ToList();
        foreach (
            var host in added
                .Select(Origin)
                .Where(host => !hosts.Contains(host))
                .Distinct(StringComparer.OrdinalIgnoreCase)
        )
        {
            yield return new($"{kind}-host", host);
        }
        foreach (
            var url in added.Where(url =>
                url.StartsWith("http:", StringComparison.OrdinalIgnoreCase)
            )
        )
        {
            yield return new($"{kind}-http", url);
        }
    }

    /// <summary>Host and port: another port of the same machine may be somebody else's program. The scheme is looked at by itself.</summary>
    private static string Origin(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri)
            ? uri.IsDefaultPort
                ? uri.IdnHost
                : $"{uri.IdnHost}:{uri.Port}"
            : url;

    /// <param name="kind">Begins the code.</param>
    /// <param name="now">Those that count.</param>
    /// <param name="then">Those that would.</param>
    /// <param name="vouched">Whether a pinned key signed the metadata: then it may put other keys in the place of all.</param>
    private static IEnumerable<Lowering> OfCertificates(
        string kind,
        IReadOnlyList<string> now,
        IReadOnlyList<string> then,
        bool vouched
    )
    {
        if (now.Count == 0)
        {
            yield break;
        }
        var added = then.Except(now, StringComparer.Ordinal).Count();
        var gone = now.Except(then, StringComparer.Ordinal).Count();
        if (then.Count == 0)
        {
            yield return new($"{kind}-gone");
        }
        else if (gone == now.Count)
        {
            yield return new($"{kind}-replaced", Routine: vouched);
        }
        else
        {
            if (added > 0)
            {
                yield return new($"{kind}-added", $"{added}", Routine: true);
            }
            if (gone > 0)
            {
                yield return new($"{kind}-fewer", $"{gone}", Routine: true);
            }
        }
    }
}
