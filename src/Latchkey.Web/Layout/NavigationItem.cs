namespace Latchkey.Web.Layout;

/// <summary>One entry of the admin portal's navigation.</summary>
/// <param name="TextKey">The text's key.</param>
/// <param name="Icon">An icon of the sprite.</param>
/// <param name="Address">A local path; the entry is current on this path and below.</param>
/// <param name="Exact">Whether the entry is current only on the path itself.</param>
public sealed record NavigationItem(string TextKey, string Icon, string Address, bool Exact = false)
{
    /// <summary>Whether a request is for this entry's part of the portal.</summary>
    public bool IsCurrent(string path) =>
        string.Equals(path, Address, StringComparison.OrdinalIgnoreCase)
        || (!Exact && path.StartsWith(Address + "/", StringComparison.OrdinalIgnoreCase));
}
