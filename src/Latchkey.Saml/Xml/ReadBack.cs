using System.Text;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Protocol;

namespace Latchkey.Saml.Xml;

/// <summary>
/// Reads what we wrote before it is signed or sent (rule I4): in Debug builds, in the tests, and wherever the switch
/// <c>Latchkey.Saml.ReadBack</c> of the runtime configuration is on.
/// </summary>
internal static class ReadBack
{
    private static readonly bool Enabled = IsEnabled();

    private static readonly MessageLimits Unbounded = new()
    {
        XmlBytes = int.MaxValue,
        Elements = int.MaxValue,
        AttributesPerElement = int.MaxValue,
        NamespaceDeclarations = int.MaxValue,
    };

    /// <summary>
    /// Throws unless the octets are one well-formed element in canonical form with exactly as many elements and
    /// attributes as were written. A value that broke out of its place would bring its own.
    /// </summary>
    public static void Check(ReadOnlySpan<byte> element, int markup, string? keptPrefixes)
    {
        if (Enabled)
            CheckAlways(element, markup, keptPrefixes);
    }

    /// <summary>Elements and attributes of a document.</summary>
    /// <exception cref="InvalidOperationException">It is not well-formed.</exception>
    public static int MarkupOf(ReadOnlySpan<byte> document)
    {
        using Tape tape = Read(document);
        return MarkupOf(tape);
    }

    private static Tape Read(ReadOnlySpan<byte> document)
    {
        FindingList findings = new();
        return Tape.Read(document, Unbounded, findings)
            ?? throw new InvalidOperationException(
                $"Written XML is malformed: {findings.Items[0]}"
            );
    }

    private static int MarkupOf(Tape tape)
    {
        int found = tape.Attributes.Count;
        for (int node = 0; node < tape.Nodes.Count; node++)
            if (tape.Nodes[node].Kind == NodeKind.Element)
                found++;
        return found;
    }

    private static bool IsEnabled()
    {
        if (AppContext.TryGetSwitch("Latchkey.Saml.ReadBack", out bool on))
            return on;
#if DEBUG
        return true;
#else
        return false;
#endif
    }

    private static void CheckAlways(ReadOnlySpan<byte> element, int markup, string? keptPrefixes)
    {
        using Tape tape = Read(element);
        int found = MarkupOf(tape);
        if (found != markup)
            throw new InvalidOperationException(
                $"Written XML has {found} elements and attributes; {markup} were meant."
            );

        XmlValue prefixes = keptPrefixes is null
            ? default
            : new XmlValue(tape, 0, 0, Encoding.ASCII.GetBytes(keptPrefixes));
        using OctetBuffer canonical = new(element.Length);
        ExclusiveCanonicalizer.Write(
            tape.Root,
            ExclusiveCanonicalizer.NothingLeftOut,
            new CanonicalForm(WithComments: false, prefixes),
            canonical,
            int.MaxValue
        );
        if (!canonical.Written.SequenceEqual(element))
            throw new InvalidOperationException("Written XML is not in canonical form.");
    }
}
