namespace Latchkey.Saml.Xml;

/// <summary>Reads xs:dateTime values.</summary>
internal static class SamlTime
{
    /// <summary>YYYY-MM-DDThh:mm:ss, a fraction of any length, then Z or an offset (XML Schema part 2, §3.2.7).</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out DateTimeOffset instant)
    {
        instant = default;
        if (
            text.Length < 20
            || text[4] != '-'
            || text[7] != '-'
            || text[10] != 'T'
            || text[13] != ':'
            || text[16] != ':'
            || !TryDigits(text[..4], out var year)
            || !TryDigits(text[5..7], out var month)
            || !TryDigits(text[8..10], out var day)
            || !TryDigits(text[11..13], out var hour)
            || !TryDigits(text[14..16], out var minute)
            || !TryDigits(text[17..19], out var second)
            || !TryFraction(text[19..], out var ticks, out var zone)
            || !TryOffset(zone, out var offset)
        )
            return false;
        if (
            year is < 1 or > 9998
            || month is < 1 or > 12
            || day < 1
            || day > DateTime.DaysInMonth(year, month)
        )
            return false;
        if (hour > 23 || minute > 59 || second > 59)
            return false;
        var local = new DateTime(
            year,
            month,
            day,
            hour,
            minute,
            second,
            DateTimeKind.Unspecified
        ).AddTicks(ticks);
        if (local.Ticks < offset.Ticks)
            return false;
        instant = new DateTimeOffset(local - offset, TimeSpan.Zero);
        return true;
    }

    // What is finer than 100 nanoseconds is cut off.
    private static bool TryFraction(
        ReadOnlySpan<byte> text,
        out int ticks,
        out ReadOnlySpan<byte> rest
    )
    {
        ticks = 0;
        rest = text;
        if (text.IsEmpty || text[0] != '.')
            return true;
        text = text[1..];
        var unit = (int)TimeSpan.TicksPerSecond / 10;
        var length = 0;
        for (
            ;
            length < text.Length && text[length] is >= (byte)'0' and <= (byte)'9';
            length++, unit /= 10
        )
            ticks += (text[length] - '0') * unit;
        rest = text[length..];
        return length > 0;
    }

    private static bool TryOffset(ReadOnlySpan<byte> text, out TimeSpan offset)
    {
        offset = TimeSpan.Zero;
        if (text is [(byte)'Z'])
            return true;
        if (
            text.Length != 6
            || text[0] is not ((byte)'+' or (byte)'-')
            || text[3] != ':'
            || !TryDigits(text[1..3], out var hours)
            || !TryDigits(text[4..6], out var minutes)
            || hours > 14
            || minutes > 59
        )
            return false;
        offset = new TimeSpan(hours, minutes, 0);
        if (text[0] == '-')
            offset = -offset;
        return true;
    }

    private static bool TryDigits(ReadOnlySpan<byte> text, out int number)
    {
        number = 0;
        foreach (var digit in text)
        {
            if (digit is < (byte)'0' or > (byte)'9')
                return false;
            number = number * 10 + digit - '0';
        }
        return true;
    }
}
