using System.Globalization;

namespace Latchkey.Server.Directory;

/// <summary>One page of a list.</summary>
internal sealed record PageOf<T>(IReadOnlyList<T> Rows, int Page, int Size, int Total);

/// <summary>The number of a list's page in an address.</summary>
internal static class PageNumber
{
    /// <summary>From 1; what is no number is the first page.</summary>
    public static int Read(string? text) =>
        int.TryParse(text, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : 1;
}
