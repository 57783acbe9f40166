using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Latchkey.Saml.Xml;

/// <summary>
/// Writes XML straight into its exclusive canonical form (xml-exc-c14n), UTF-8, so that what is hashed is what is sent.
/// Namespaces are declared where an element first needs them and nowhere else: that is the rule of exclusive
/// canonicalization, so the form is right by construction. Attributes have to be written in canonical order;
/// <see cref="ReadBack"/> finds them if they are not.
/// </summary>
internal sealed class CanonicalWriter : IDisposable
{
    private const int MaximumDepth = 16;
    private readonly OpenElement[] open = new OpenElement[MaximumDepth];
    private byte[] buffer = ArrayPool<byte>.Shared.Rent(8192);
    private int depth;
    private bool inStartTag;
    private Prefix inScope;

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct OpenElement(int NameAt, int NameLength, Prefix Outside);

    /// <summary>Where the next byte goes: a mark for <see cref="WrittenFrom"/>, <see cref="Cut"/> and <see cref="MoveTail"/>.</summary>
    public int Position { get; private set; }

    /// <summary>Elements and attributes written so far.</summary>
    public int Markup { get; private set; }

    /// <summary>Everything written.</summary>
    public ReadOnlySpan<byte> Written => buffer.AsSpan(0, Position);

    /// <summary>Marks where the next element begins.</summary>
    public ElementMark Mark() => new(FinishStartTag(), Markup);

    /// <summary>What was written from a mark on.</summary>
    public ReadOnlySpan<byte> WrittenFrom(int mark) => buffer.AsSpan(mark, Position - mark);

    /// <summary>Opens an element. Its prefix is declared here unless an element around it did so.</summary>
    /// <param name="prefix">The element's prefix.</param>
    /// <param name="localName">The element's local name.</param>
    /// <param name="alsoUsed">Prefixes that its attributes, or its content by an InclusiveNamespaces list, use.</param>
    public void Start(Prefix prefix, ReadOnlySpan<byte> localName, Prefix alsoUsed = Prefix.None) =>
        Open(prefix, localName, prefix | alsoUsed, inScope);

    /// <summary>
    /// Opens an element as if nothing were around it, so that its bytes are its canonical form when it is hashed alone.
    /// Its prefix is therefore declared again.
    /// </summary>
    /// <returns>The mark of that declaration, to be <see cref="Cut"/> when the element takes its place inside the others.</returns>
    public int StartApart(Prefix prefix, ReadOnlySpan<byte> localName)
    {
        Open(prefix, localName, prefix, Prefix.None);
        return Position - prefix.Declaration().Length;
    }

    /// <summary>Writes an attribute; nothing when the value is null. Call in canonical order.</summary>
    public void Attribute(ReadOnlySpan<byte> name, string? value)
    {
        if (value is null)
            return;
        BeginAttribute(name);
        XmlText.Write(this, value, XmlText.SpecialInAttribute);
        Raw("\""u8);
    }

    /// <summary>Writes an attribute as xs:dateTime in UTC, in whole seconds: what every peer can read. Nothing when null.</summary>
    public void Attribute(ReadOnlySpan<byte> name, DateTimeOffset? value)
    {
        if (value is not { } time)
            return;
        BeginAttribute(name);
        Span<byte> room = Room("yyyy-MM-ddTHH:mm:ssZ".Length);
        time.UtcDateTime.TryFormat(
            room,
            out int written,
            "yyyy-MM-dd'T'HH:mm:ss'Z'",
            CultureInfo.InvariantCulture
        );
        Position += written;
        Raw("\""u8);
    }

    /// <summary>Writes an attribute as a number; nothing when null.</summary>
    public void Attribute(ReadOnlySpan<byte> name, int? value) =>
        Attribute(name, value?.ToString(CultureInfo.InvariantCulture));

    /// <summary>Writes an attribute as xs:boolean if it is true; false is the default of all that we write.</summary>
    public void AttributeIfTrue(ReadOnlySpan<byte> name, bool value) =>
        Attribute(name, value ? "true" : null);

    /// <summary>Writes text content.</summary>
    public void Text(string value)
    {
        FinishStartTag();
        XmlText.Write(this, value, XmlText.SpecialInText);
    }

    /// <summary>Writes text content in base64.</summary>
    public void TextBase64(ReadOnlySpan<byte> value)
    {
        FinishStartTag();
        Base64.EncodeToUtf8(
            value,
            Room(Base64.GetMaxEncodedToUtf8Length(value.Length)),
            out _,
            out int written
        );
        Position += written;
    }

    /// <summary>Writes text content that is known to need no escaping, such as base64 made before.</summary>
    public void TextAsIs(ReadOnlySpan<byte> ascii)
    {
        FinishStartTag();
        Raw(ascii);
    }

    /// <summary>Writes an element that holds text only.</summary>
    public void Element(Prefix prefix, ReadOnlySpan<byte> localName, string text)
    {
        Start(prefix, localName);
        Text(text);
        End();
    }

    /// <summary>Writes an element of no namespace that holds text only; nothing around it may have a default namespace, and nothing of ours has.</summary>
    public void ElementWithoutNamespace(ReadOnlySpan<byte> name, string text)
    {
        FinishStartTag();
        Raw("<"u8);
        Raw(name);
        Raw(">"u8);
        Markup++;
        XmlText.Write(this, text, XmlText.SpecialInText);
        Raw("</"u8);
        Raw(name);
        Raw(">"u8);
    }

    /// <summary>Writes a whole document of ours as an element. The prefix that it shares with what is around it is not declared twice, as canonical XML wants it.</summary>
    /// <exception cref="ArgumentException">It is no message as this library writes it.</exception>
    public void Embed(ReadOnlySpan<byte> document)
    {
        FinishStartTag();
        ReadOnlySpan<byte> declaration = Prefix.Samlp.Declaration();
        int at = document.IndexOf(declaration);
        int tag = document.IndexOf((byte)'>');
        if (at < 0 || at > tag)
            throw new ArgumentException(
                "A message of this library was expected.",
                nameof(document)
            );
        Raw(document[..at]);
        Raw(document[(at + declaration.Length)..]);
        Markup += ReadBack.MarkupOf(document);
    }

    /// <summary>Closes the innermost open element. Canonical XML has no empty-element tags.</summary>
    public void End()
    {
        FinishStartTag();
        OpenElement element = open[--depth];
        inScope = element.Outside;
        Raw("</"u8);
        Room(element.NameLength);
        Raw(buffer.AsSpan(element.NameAt, element.NameLength));
        Raw(">"u8);
    }

    /// <summary>Ends the start tag if one is open; the mark is where content begins.</summary>
    public int FinishStartTag()
    {
        if (inStartTag)
        {
            inStartTag = false;
            Raw(">"u8);
        }
        return Position;
    }

    /// <summary>The finished document, read back first.</summary>
    /// <param name="keptPrefixes">Prefixes that values in it use.</param>
    public ReadOnlySpan<byte> Finish(string? keptPrefixes = null)
    {
        ReadBack.Check(Written, Markup, keptPrefixes);
        return Written;
    }

    /// <summary>Takes out bytes that were written; everything after them moves forward.</summary>
    public void Cut(int mark, int length)
    {
        buffer.AsSpan(mark + length, Position - mark - length).CopyTo(buffer.AsSpan(mark));
        Position -= length;
    }

    /// <summary>Takes back the last element, closed, as if it had never been written.</summary>
    public void TakeBack(ElementMark element)
    {
        Position = element.At;
        Markup = element.MarkupBefore;
    }

    /// <summary>Moves what was written from one mark on to an earlier mark; what lay between follows it.</summary>
    public void MoveTail(int from, int to)
    {
        int length = Position - from;
        byte[] tail = ArrayPool<byte>.Shared.Rent(length);
        buffer.AsSpan(from, length).CopyTo(tail);
        buffer.AsSpan(to, from - to).CopyTo(buffer.AsSpan(to + length));
        tail.AsSpan(0, length).CopyTo(buffer.AsSpan(to));
        ArrayPool<byte>.Shared.Return(tail);
    }

    /// <summary>Gives the buffer back. The writer and all spans from it are of no use afterwards.</summary>
    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = [];
        Position = 0;
    }

    /// <summary>Bytes exactly as given.</summary>
    internal void Raw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        Position += bytes.Length;
    }

    /// <summary>Room for so many bytes at the position; the caller advances by what it used.</summary>
    internal Span<byte> Room(int length)
    {
        if (buffer.Length - Position < length)
            Grow(length);
        return buffer.AsSpan(Position);
    }

    internal void Advance(int length) => Position += length;

    private void Grow(int length)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(buffer.Length * 2, Position + length));
        Written.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }

    private void Open(
        Prefix prefix,
        ReadOnlySpan<byte> localName,
        Prefix used,
        Prefix declaredAround
    )
    {
        FinishStartTag();
        Raw("<"u8);
        int nameAt = Position;
        Raw(prefix.WithColon());
        Raw(localName);
        open[depth++] = new OpenElement(nameAt, Position - nameAt, inScope);

        Declare(used & ~declaredAround);
        inScope = declaredAround | used;
        inStartTag = true;
        Markup++;
    }

    private void Declare(Prefix missing)
    {
        while (missing != Prefix.None)
        {
            // The lowest bit is the first prefix in the order of the alphabet.
            Prefix next = missing & (Prefix)(-(int)missing);
            Raw(next.Declaration());
            missing &= ~next;
        }
    }

    private void BeginAttribute(ReadOnlySpan<byte> name)
    {
        if (!inStartTag)
            throw new InvalidOperationException("Attributes belong into a start tag.");
        Raw(" "u8);
        Raw(name);
        Raw("=\""u8);
        Markup++;
    }
}
