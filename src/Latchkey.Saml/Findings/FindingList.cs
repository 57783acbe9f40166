namespace Latchkey.Saml.Findings;

/// <summary>Collects findings while a message is checked; costs nothing as long as nothing is found.</summary>
internal sealed class FindingList
{
    /// <summary>A found value longer than this is cut: it comes from a stranger and ends in a log.</summary>
    private const int LongestFound = 200;

    private List<Finding>? list;

    /// <summary>Whether one of them refuses the message.</summary>
    public bool Refused { get; private set; }

    /// <summary>Everything found so far.</summary>
    public IReadOnlyList<Finding> Items => list ?? (IReadOnlyList<Finding>)[];

    /// <summary>Notes a finding.</summary>
    public void Add(Finding finding)
    {
        (list ??= []).Add(finding);
        Refused |= finding.Kind.Severity == Severity.Refusal;
    }

    /// <summary>Notes a finding.</summary>
    public void Add(
        FindingKind kind,
        string? expected = null,
        string? found = null,
        string? at = null
    ) => Add(new Finding(kind, expected, Shorten(found), at));

    /// <summary>Takes over what another reading of the same thing found, without saying the same twice.</summary>
    public void AddNew(FindingList again)
    {
        foreach (var finding in again.Items)
            if (!Items.Any(known => known.Kind == finding.Kind))
                Add(finding);
    }

    /// <summary>Cuts a value from a stranger to a length that can be shown.</summary>
    public static string? Shorten(string? found)
    {
        if (found is null || found.Length <= LongestFound)
            return found;
        // A surrogate pair is not cut in two.
        var length = char.IsHighSurrogate(found[LongestFound - 1])
            ? LongestFound - 1
            : LongestFound;
        return string.Concat(found.AsSpan(0, length), "…");
    }
}
