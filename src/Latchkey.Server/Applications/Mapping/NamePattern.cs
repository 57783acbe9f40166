namespace Latchkey.Server.Applications.Mapping;

/// <summary>Names by a pattern in which <c>*</c> stands for anything, without regard to case. A pattern without a star is a whole name.</summary>
internal static class NamePattern
{
    public const int MaxLength = 200;

    /// <summary>Whether the name is of the pattern; null is every name. Takes at most the product of both lengths.</summary>
    public static bool Matches(string? pattern, string name)
    {
        if (pattern is null)
        {
            return true;
        }
        var (at, star, resume) = (0, -1, 0);
        for (var i = 0; i < name.Length; )
        {
            if (at < pattern.Length && pattern[at] == '*')
            {
                (star, resume) = (at++, i);
            }
            else if (at < pattern.Length && Same(pattern[at], name[i]))
            {
                at++;
                i++;
            }
            else if (star >= 0)
            {
                // The last star takes one character more.
                (at, i) = (star + 1, ++resume);
            }
            else
            {
                return false;
            }
        }
        while (at < pattern.Length && pattern[at] == '*')
        {
            at++;
        }
        return at == pattern.Length;
    }

    private static bool Same(char a, char b) =>
        char.ToUpperInvariant(a) == char.ToUpperInvariant(b);
}
