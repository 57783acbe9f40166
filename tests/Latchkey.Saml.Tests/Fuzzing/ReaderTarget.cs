using System.Text;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Issuing;
using Latchkey.Saml.Tests.Responses;
using Latchkey.Saml.Tests.Xml;

namespace Latchkey.Saml.Tests.Fuzzing;

/// <summary>
/// The reader beside System.Xml (rules X1 to X3): it accepts nothing that System.Xml refuses, reads the same where both
/// accept, and refuses more only by the rules that are stricter than XML.
/// </summary>
internal sealed class ReaderTarget(ReaderTarget.Source source) : FuzzTarget
{
    private static readonly FindingKind[] Stricter =
    [
        FindingKinds.XmlDoctype,
        FindingKinds.XmlProcessingInstruction,
        FindingKinds.XmlEncoding,
        FindingKinds.XmlDuplicateId,
        FindingKinds.XmlLimit,
    ];

    private static readonly AlteredMessages Messages = new(
        [
            ReceivedResponses.Written(SignedParts.AssertionAndResponse),
            TestData.Text("metadata/shibboleth-sp.xml"),
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>\n"
                + ReceivedResponses.Unsigned,
        ],
        []
    );

    /// <summary>Where documents come from.</summary>
    public enum Source
    {
        /// <summary>Made whole; some have an ID twice.</summary>
        Generated,

        /// <summary>Made, with one thing in them that does not belong there.</summary>
        Ruined,

        /// <summary>Messages and metadata, altered.</summary>
        Messages,
    }

    public override string Name => $"reader-{source}".ToLowerInvariant();

    public override byte[] Make(Random random) =>
        source == Source.Messages
            ? Messages.Next(random)
            : new DocumentGenerator(random).Next(ruined: source == Source.Ruined);

    public override void Check(byte[] input)
    {
        FindingList findings = new();
        string? ours = Infoset.ByTape(input, findings);
        string? theirs = Infoset.BySystemXml(input);
        if (ours is not null)
            ours.ShouldBe(theirs, Encoding.UTF8.GetString(input));
        else if (theirs is not null)
            IsStricter(findings.Items[^1], input).ShouldBeTrue(findings.Items[^1].ToString());
    }

    private static bool IsStricter(Finding finding, ReadOnlySpan<byte> input) =>
        Stricter.Contains(finding.Kind)
        || HasMoreThanAVersion(input)
        || finding.Kind == FindingKinds.XmlNamespace
            && (
                finding.Expected == "an absolute URI as the name of a namespace"
                // System.Xml allows the prefix xmlns for elements; Namespaces in XML 1.0 §3 does not.
                || input.IndexOf("<xmlns:"u8) >= 0
            );

    // System.Xml looks no further than the first three characters of the version in an XML declaration.
    private static bool HasMoreThanAVersion(ReadOnlySpan<byte> input)
    {
        ReadOnlySpan<byte> declaration = input[..Math.Max(0, input.IndexOf("?>"u8))];
        int version = declaration.IndexOf("1.0"u8);
        return version >= 0
            && version + 3 < declaration.Length
            && declaration[version + 3] is not ((byte)'"' or (byte)'\'');
    }
}
