using Latchkey.Saml.Findings;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Signatures;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Metadata.Aggregates;

/// <summary>
/// Reads an aggregate from a stream, one entity at a time (saml-metadata-2.0 §2.3.1). Limits hold for each entity
/// (rule X2); only what was asked for is kept.
/// </summary>
internal sealed class AggregateReading : IDisposable
{
    private readonly MetadataRules rules;
    private readonly MessageLimits limits;
    private readonly Action<XmlElement, Validity>? each;
    private readonly MarkupStream markup;
    private readonly OpenContainers open;
    private readonly FindingList findings;
    private readonly List<byte[]> kept = [];
    private StreamedSignature? signature;

    // The canonical start tags of the open containers, one within the other.
    private readonly List<byte[]> outside = [];
    private byte[] prolog = [];
    private bool rootClosed;

    /// <param name="stream">The aggregate; read to its end.</param>
    /// <param name="rules">What it has to fulfil. An entity ID in it names the entity to keep.</param>
    /// <param name="each">Is shown every entity before anything is verified; null when nobody looks.</param>
    /// <param name="findings">Takes what is found.</param>
    public AggregateReading(
        Stream stream,
        MetadataRules rules,
        Action<XmlElement, Validity>? each,
        FindingList findings
    )
    {
        this.rules = rules;
        this.each = each;
        this.findings = findings;
        limits = rules.Limits ?? MessageLimits.Default;
        markup = new MarkupStream(stream, limits.XmlBytes);
        open = new OpenContainers(limits);
    }

    /// <summary>Entities in it, usable or not.</summary>
    public int Entities { get; private set; }

    /// <summary>How long the whole may be believed.</summary>
    public Validity Validity { get; private set; }

    /// <summary>What the publisher calls it.</summary>
    public string? Name { get; private set; }

    /// <summary>The root, when it is no EntitiesDescriptor: a file of one entity, not read any further.</summary>
    public byte[]? Single { get; private set; }

    /// <summary>
    /// The entities that were asked for, each as a document with the containers around it. With a signature these are the
    /// canonical octets that went into the digest (rule S7).
    /// </summary>
    public IReadOnlyList<byte[]> Kept => kept;

    /// <summary>Reads to the end. All that was found is in the findings.</summary>
    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var kind = await markup.NextAsync(cancellationToken);
            if (kind == PieceKind.End)
            {
                AtEnd();
                return;
            }
            if (!Take(kind, markup.Piece.Span) || findings.Refused)
                return;
        }
    }

    /// <summary>Whether kept octets, read anew, are exactly what that reading writes (rule S7).</summary>
    public bool IsStable(XmlElement root, ReadOnlySpan<byte> octets)
    {
        if (signature is null)
            return true;
        using var again = new OctetBuffer(octets.Length);
        return ExclusiveCanonicalizer.Write(
                root,
                ExclusiveCanonicalizer.NothingLeftOut,
                signature.Form,
                again,
                limits.XmlBytes
            ) && again.Written.SequenceEqual(octets);
    }

    /// <summary>The entity in a kept document, and how long the containers around it may be believed.</summary>
    public static XmlElement EntityOf(XmlElement root, FindingList findings, out Validity around)
    {
        around = Validity.Unlimited;
        var element = root;
        while (element.Is(XmlNamespace.Metadata, "EntitiesDescriptor"u8))
        {
            around = Validity.Read(element, around, findings);
            var children = element.Children;
            if (!children.MoveNext())
                return default;
            element = children.Current;
        }
        return element;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        markup.Dispose();
        open.Dispose();
        signature?.Dispose();
    }

    private bool Take(PieceKind kind, ReadOnlySpan<byte> piece)
    {
        switch (kind)
        {
            case PieceKind.TooLong:
                findings.Add(
                    FindingKinds.XmlLimit,
                    $"at most {limits.XmlBytes} bytes of XML for each entity"
                );
                return false;
            case PieceKind.Broken:
                if (rootClosed)
                    findings.Add(FindingKinds.XmlMalformed, "nothing after the root element");
                else
                    open.ExplainBroken([.. prolog, .. piece], findings);
                return false;
            case PieceKind.Text when open.Depth == 0:
                return TakeAroundRoot(piece);
            case PieceKind.Opening:
                return TakeOpening(piece);
            case PieceKind.Closing:
                return TakeClosing(piece);
            case PieceKind.Element when open.Depth == 0:
                return TakeSingle(piece);
            default:
                return TakeContent(piece);
        }
    }

    private bool TakeAroundRoot(ReadOnlySpan<byte> piece)
    {
        if (!rootClosed)
        {
            prolog = piece.ToArray();
            return true;
        }
        // Space and comments may follow, and the reader knows what else may not.
        using var tape = Tape.Read([.. "<root/>"u8, .. piece], limits, findings);
        return tape is not null;
    }

    private bool TakeSingle(ReadOnlySpan<byte> piece)
    {
        if (rootClosed || Single is not null)
            findings.Add(FindingKinds.XmlMalformed, "nothing after the root element");
        else
        {
            Single = [.. prolog, .. piece];
            rootClosed = true;
        }
        return !findings.Refused;
    }

    private bool TakeOpening(ReadOnlySpan<byte> startTag)
    {
        if (rootClosed)
        {
            findings.Add(FindingKinds.XmlMalformed, "nothing after the root element");
            return false;
        }
        if (open.Depth == 0 && !IsReadable(prolog, startTag))
            return false;
        if (open.Depth > 0 && !IsSigned())
            return false;
        if (!open.Open(startTag, findings))
            return false;
        open.Validity.Demand(rules.Now, findings);
        if (findings.Refused)
            return false;
        using var tape = open.Read(default, findings);
        if (tape is null)
            return false;
        if (open.Depth == 1)
        {
            Validity = open.Validity;
            Name = tape.Root.Attribute("Name"u8).Text;
            Validity.Demand(tape.Root, rules, findings);
            return !findings.Refused;
        }
        return signature is null
            || AppendStartTag(tape.Root, ExclusiveCanonicalizer.NothingLeftOut);
    }

    // The XML declaration and comments before the root, judged by the reader.
    private bool IsReadable(ReadOnlySpan<byte> before, ReadOnlySpan<byte> startTag)
    {
        if (before.IsEmpty)
            return true;
        var name = startTag[1..startTag.IndexOfAny(" \t\r\n>"u8)];
        using var tape = Tape.Read(
            [.. before, .. startTag, .. "</"u8, .. name, .. ">"u8],
            limits,
            findings
        );
        return tape is not null;
    }

    private bool TakeClosing(ReadOnlySpan<byte> endTag)
    {
        if (!IsSigned() || !open.Close(endTag, findings))
            return false;
        if (signature is not null)
        {
            // The canonical form of an end tag has no space in it.
            signature.Append(endTag[..^1].TrimEnd(" \t\r\n"u8));
            signature.Append(">"u8);
            outside.RemoveAt(outside.Count - 1);
        }
        rootClosed = open.Depth == 0;
        return true;
    }

    private bool TakeContent(ReadOnlySpan<byte> piece)
    {
        var tape = open.Read(piece, findings);
        if (tape is null)
            return false;
        var keep = false;
        try
        {
            var children = open.Innermost(tape.Root).Children;
            var element = children.MoveNext() ? children.Current : default;
            var isSignature =
                element.Exists
                && open.Depth == 1
                && element.Is(XmlNamespace.Signature, "Signature"u8);
            if (isSignature && rules.Keys is not null)
                return BeginSignature(tape, element, out keep);
            if (element.Exists && !IsSigned())
                return false;
            return Digest(tape.Root) && (!element.Exists || TakeElement(piece, element));
        }
        finally
        {
            if (!keep)
                tape.Dispose();
        }
    }

    private bool TakeElement(ReadOnlySpan<byte> piece, XmlElement element)
    {
        if (!element.Is(XmlNamespace.Metadata, "EntityDescriptor"u8))
            return true;
        Entities++;
        each?.Invoke(element, open.Validity);
        if (rules.EntityId is not { } wanted || !element.Attribute("entityID"u8).Is(wanted))
            return true;
        if (kept.Count > 0)
            findings.Add(FindingKinds.MetadataEntityTwice, "one entity", wanted, element.Place);
        kept.Add(signature is null ? open.DocumentOf(piece).ToArray() : open.LastCanonical);
        return true;
    }

    // Nothing may come before the signature but space and comments.
    private bool IsSigned()
    {
        if (rules.Keys is null || signature is not null)
            return true;
        findings.Add(FindingKinds.MetadataSignatureMissing, "ds:Signature", at: "the root element");
        return false;
    }

    private bool BeginSignature(Tape tape, XmlElement element, out bool keep)
    {
        keep = false;
        if (signature is not null)
        {
            MetadataSignature.Misplaced(element, findings);
            return false;
        }
        signature = StreamedSignature.Begin(tape, element, rules.Keys!, limits, findings);
        if (signature is null)
            return false;
        keep = true;
        return AppendRoot() && AppendContent(tape.Root, signature.Index);
    }

    // The root's start tag was read before it was known how it is canonicalized.
    private bool AppendRoot()
    {
        using var tape = open.Read(default, findings);
        return tape is not null && AppendStartTag(tape.Root, ExclusiveCanonicalizer.NothingLeftOut);
    }

    // Of a document whose innermost container is empty, what is new is that container's start tag.
    private bool AppendStartTag(XmlElement root, int leftOut)
    {
        var around = outside.Count == 0 ? [] : outside[^1];
        if (!open.TryCanonical(root, leftOut, signature!.Form, around, out var added))
            return Unstable(root);
        outside.Add([.. around, .. added]);
        signature.Append(added);
        return true;
    }

    private bool Digest(XmlElement root) =>
        signature is null || AppendContent(root, ExclusiveCanonicalizer.NothingLeftOut);

    private bool AppendContent(XmlElement root, int leftOut)
    {
        if (!open.TryCanonical(root, leftOut, signature!.Form, outside[^1], out var added))
            return Unstable(root);
        signature.Append(added);
        return true;
    }

    private bool Unstable(XmlElement root)
    {
        findings.Add(FindingKinds.CanonicalFormUnstable, at: root.Place);
        return false;
    }

    private void AtEnd()
    {
        if (Single is not null)
            return;
        if (!rootClosed)
            open.ExplainBroken(prolog, findings);
        else if (IsSigned())
            signature?.End(findings);
    }
}
