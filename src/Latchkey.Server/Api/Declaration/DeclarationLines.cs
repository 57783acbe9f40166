namespace Latchkey.Server.Api.Declaration;

/// <summary>Which line of the file a problem belongs to.</summary>
internal static class DeclarationLines
{
    /// <param name="lines">The lines of an entry's keys.</param>
    /// <param name="where">The field a rule complains about, such as <c>acs_urls[1]</c> or <c>name_id.source</c>.</param>
    /// <param name="otherwise">The entry's own line.</param>
    public static int Find(IReadOnlyDictionary<string, int> lines, string where, int otherwise)
    {
        var key = where.Split('[', '.')[0];
        return lines.TryGetValue(key, out var line) ? line : otherwise;
    }
}
