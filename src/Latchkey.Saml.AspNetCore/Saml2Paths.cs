using System.Collections.Concurrent;

namespace Latchkey.Saml.AspNetCore;

/// <summary>Which scheme answers at which path, so that two do not answer at one.</summary>
internal sealed class Saml2Paths
{
    private readonly ConcurrentDictionary<string, string> _owners = new(
        StringComparer.OrdinalIgnoreCase
    );

    /// <summary>Takes a path; returns its other owner if it has one.</summary>
    public string? Claim(string path, string owner)
    {
        var first = _owners.GetOrAdd(path, owner);
        return first == owner ? null : first;
    }
}
