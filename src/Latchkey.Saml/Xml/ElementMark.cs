using System.Runtime.InteropServices;

namespace Latchkey.Saml.Xml;

/// <summary>Where an element begins in a <see cref="CanonicalWriter"/>.</summary>
/// <param name="At">Its first byte.</param>
/// <param name="MarkupBefore">Elements and attributes written before it.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ElementMark(int At, int MarkupBefore)
{
    /// <summary>The root element.</summary>
    public static ElementMark Document => default;
}
