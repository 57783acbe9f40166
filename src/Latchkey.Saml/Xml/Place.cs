using System.Globalization;
using System.Text;

namespace Latchkey.Saml.Xml;

/// <summary>Says where in a message something stands, for findings. Computed only when something was found.</summary>
internal static class Place
{
    /// <summary>Path of the elements around, then line and column, counted from 1 in characters.</summary>
    public static string Of(Tape tape, int element, int offset)
    {
        var path = new StringBuilder();
        for (var node = element; node >= 0; node = tape.Nodes[node].Parent)
            path.Insert(0, Encoding.UTF8.GetString(tape.Octets(tape.Nodes[node].Value)))
                .Insert(0, '/');
        if (path.Length > 0)
            path.Append(' ');

        var before = tape.Source[..offset];
        var line = before.Count((byte)'\n') + 1;
        // Counting what begins a character is enough for a column, also where the octets are no UTF-8.
        var column = 1;
        foreach (var octet in before[(before.LastIndexOf((byte)'\n') + 1)..])
            if ((octet & 0xC0) != 0x80)
                column++;
        return path.Append(CultureInfo.InvariantCulture, $"line {line}, column {column}")
            .ToString();
    }
}
