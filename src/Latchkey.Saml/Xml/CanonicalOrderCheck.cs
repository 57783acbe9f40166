using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Latchkey.Saml.Xml;

/// <summary>
/// Checks in Debug builds that the attributes of one element are written in canonical order (xml-c14n §2.2): those
/// without a namespace by name, then the others. We write at most one of the others, so their order needs no URI.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal struct CanonicalOrderCheck
{
    private int previousAt;
    private int previousLength;

    [Conditional("DEBUG")]
    public void Next(ReadOnlySpan<byte> written, int at, ReadOnlySpan<byte> name)
    {
        ReadOnlySpan<byte> previous = written.Slice(previousAt, previousLength);
        bool inOrder =
            !previous.Contains((byte)':')
            && (name.Contains((byte)':') || previous.SequenceCompareTo(name) < 0);
        if (!inOrder)
            throw new InvalidOperationException("Attributes are not written in canonical order.");
        previousAt = at;
        previousLength = name.Length;
    }
}
