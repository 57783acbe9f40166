using System.Globalization;
using Latchkey.Server.Problems;

namespace Latchkey.Server.Certificates.Pages;

/// <summary>A time that somebody entered, in UTC; nothing entered means now.</summary>
internal readonly record struct PlannedTime(DateTimeOffset? Value, Problem? Problem)
{
    public static PlannedTime Read(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return default;
        }
        return DateTime.TryParse(
            text,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var read
        )
            ? new(new DateTimeOffset(read, TimeSpan.Zero), null)
            : new(null, new Problem("schedule-past", "at"));
    }
}
