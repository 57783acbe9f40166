using System.Globalization;
using System.Text;

namespace Latchkey.Saml.Xml;

/// <summary>The value of an attribute or the text of an element: octets on a tape. Default when there is none.</summary>
internal readonly struct XmlValue
{
    private readonly Tape? tape;
    private readonly TapeSlice slice;
    private readonly byte[]? joined;
    private readonly int element;
    private readonly int offset;

    internal XmlValue(Tape tape, int element, int offset, TapeSlice slice)
    {
        this.tape = tape;
        this.element = element;
        this.offset = offset;
        this.slice = slice;
    }

    internal XmlValue(Tape tape, int element, int offset, byte[] joined)
    {
        this.tape = tape;
        this.element = element;
        this.offset = offset;
        this.joined = joined;
    }

    /// <summary>Whether the attribute or the element is there.</summary>
    public bool Exists => tape is not null;

    /// <summary>The value in UTF-8; empty when there is none.</summary>
    public ReadOnlySpan<byte> Octets => joined ?? (tape is null ? default : tape.Octets(slice));

    /// <summary>Where it stands, for findings.</summary>
    public string? Place => tape is null ? null : Xml.Place.Of(tape, element, offset);

    /// <summary>Compares exactly: no trimming, folding or normalizing (rule P8).</summary>
    public bool Is(string text)
    {
        var octets = Octets;
        return Ascii.Equals(octets, text)
            || (!Ascii.IsValid(octets) && Encoding.UTF8.GetString(octets) == text);
    }

    /// <summary>The value as a string; null when there is none.</summary>
    public string? Text => Exists ? Encoding.UTF8.GetString(Octets) : null;

    /// <summary>The value as a string: the one given if it says the same, so that what is known is not allocated again.</summary>
    public string? TextOr(string? known) => known is not null && Exists && Is(known) ? known : Text;

    /// <summary>An xs:dateTime with a time zone, as an instant in UTC.</summary>
    /// <remarks>saml-core-2.0 §1.3.3 wants UTC; an explicit offset says the same instant and is read, none at all is refused.</remarks>
    public bool TryTime(out DateTimeOffset instant) => SamlTime.TryParse(Octets, out instant);

    /// <summary>An xs:boolean.</summary>
    public bool TryBoolean(out bool value)
    {
        value = Octets.SequenceEqual("true"u8) || Octets.SequenceEqual("1"u8);
        return value || Octets.SequenceEqual("false"u8) || Octets.SequenceEqual("0"u8);
    }

    /// <summary>An xs:nonNegativeInteger, as far as it fits.</summary>
    public bool TryCount(out int value) =>
        int.TryParse(Octets, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    /// <summary>An xs:unsignedShort.</summary>
    public bool TryUnsignedShort(out int value)
    {
        var read = ushort.TryParse(
            Octets,
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var number
        );
        value = number;
        return read;
    }
}
