using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Issuing;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Tests.Responses;
using Latchkey.Saml.Tests.Xml;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Tests.Fuzzing;

/// <summary>Exclusive canonicalization beside System.Security.Cryptography.Xml (rule S2), and its form beside itself (rule S7).</summary>
internal sealed class CanonicalFormTarget : FuzzTarget
{
    public static readonly string[] Lists =
    [
        "",
        "a",
        "a b #default",
        "saml a-long.prefix_1 unknown xml",
        "#default",
    ];

    private static readonly AlteredMessages Messages = new(
        [ReceivedResponses.Written(SignedParts.AssertionAndResponse)],
        []
    );

    public override string Name => "canonical-form";

    public override byte[] Make(Random random) =>
        random.Next(3) == 0
            ? Messages.Next(random)
            : new DocumentGenerator(random).Next(ruined: false);

    public override void Check(byte[] input)
    {
        using Tape? tape = Tape.Read(input, MessageLimits.Default, new FindingList());
        if (tape is null)
            return;
        bool comparable = IsRightInTheFramework(tape);
        foreach (string list in Lists)
        foreach (bool comments in (ReadOnlySpan<bool>)[true, false])
        {
            string ours = CanonicalForms.Ours(input, comments, list);
            CanonicalForms.Ours(Encoding.UTF8.GetBytes(ours), comments, list).ShouldBe(ours);
            if (comparable)
                ours.ShouldBe(CanonicalForms.Theirs(input, comments, list), $"list '{list}'");
        }
    }

    // It loses the escapes of a carriage return in text and of white space in attributes, and writes the declaration of
    // the prefix xml where a PrefixList has it, which no canonical form does.
    private static bool IsRightInTheFramework(Tape tape)
    {
        for (int declaration = 0; declaration < tape.Declarations.Count; declaration++)
            if (tape.Declarations[declaration].Prefix == TapeReader.XmlPrefix)
                return false;
        for (int node = 0; node < tape.Nodes.Count; node++)
            if (
                tape.Nodes[node].Kind != NodeKind.Element
                && tape.Octets(tape.Nodes[node].Value).Contains((byte)'\r')
            )
                return false;
        for (int attribute = 0; attribute < tape.Attributes.Count; attribute++)
            if (tape.Octets(tape.Attributes[attribute].Value).IndexOfAny("\r\n\t"u8) >= 0)
                return false;
        return true;
    }
}

/// <summary>
/// Exclusive canonicalization of elements inside a document, with all that is declared around them, beside xmlsec1
/// (rule S2): one document with many elements, and a signature of xmlsec1 over each.
/// </summary>
internal sealed partial class CanonicalFormOfPartsTarget : FuzzTarget
{
    private const string Exclusive = "http://www.w3.org/2001/10/xml-exc-c14n#";
    private const string End = "</w>";

    public override string Name => "canonical-form-of-parts";

    public override byte[] Make(Random random)
    {
        StringBuilder text = new("<w xmlns:a='urn:outer' xmlns:b='urn:x'");
        if (random.Next(2) == 0)
            text.Append(" xmlns='urn:default'");
        text.Append('>');
        for (int parts = 0; parts < 12; parts++)
        {
            string part = Encoding.UTF8.GetString(
                new DocumentGenerator(random).Next(ruined: false)
            );
            text.Append(Declaration().Replace(part.TrimStart('\uFEFF'), ""));
        }
        string document = text.Append(End)
            .ToString()
            .Replace("urn:a&amp;b", "urn:a-b", StringComparison.Ordinal);
        using Tape? tape = Tape.Read(
            Encoding.UTF8.GetBytes(document),
            MessageLimits.Default,
            new FindingList()
        );
        return tape is null ? [] : Named(tape);
    }

    public override void Check(byte[] input)
    {
        using Tape? tape = Tape.Read(input, MessageLimits.Default, new FindingList());
        if (
            tape is null
            || !input.AsSpan().EndsWith(Encoding.UTF8.GetBytes(End))
            || HasNamespaceToEscape(tape)
        )
            return;
        List<(string Id, byte[] Digest)> parts = [];
        StringBuilder references = new();
        for (int node = 1; node < tape.Nodes.Count; node++)
        {
            XmlElement element = new(tape, node);
            if (tape.Nodes[node].Kind != NodeKind.Element || IdOf(element) is not { } id)
                continue;
            bool comments = parts.Count % 2 == 1;
            string list = CanonicalFormTarget.Lists[parts.Count % CanonicalFormTarget.Lists.Length];
            references.Append(Reference(id, comments, list));
            parts.Add((id, SHA256.HashData(CanonicalForms.Ours(element, comments, list))));
        }
        if (parts.Count == 0)
            return;
        string signed = Sign(
            Encoding.UTF8.GetString(input[..^End.Length]) + Signature(references.ToString()) + End
        );
        List<string> digests =
        [
            .. DigestValue().Matches(signed).Select(match => match.Groups[1].Value),
        ];
        digests.Count.ShouldBe(parts.Count);
        for (int part = 0; part < parts.Count; part++)
            digests[part].ShouldBe(Convert.ToBase64String(parts[part].Digest), parts[part].Id);
    }

    // Every element gets an xml:id: the one name of an ID that needs no declaration.
    private static byte[] Named(Tape tape)
    {
        List<byte> named = [.. tape.Source];
        for (int node = tape.Nodes.Count - 1; node > 0; node--)
            if (tape.Nodes[node].Kind == NodeKind.Element)
                named.InsertRange(
                    tape.Nodes[node].Offset + 1 + tape.Nodes[node].Value.Length,
                    Encoding.ASCII.GetBytes($" xml:id='e{node}'")
                );
        return [.. named];
    }

    // libxml2 writes the name of a namespace as it is, with & and quotes in it unescaped: no XML.
    private static bool HasNamespaceToEscape(Tape tape)
    {
        for (int ns = 1; ns < tape.Namespaces.Count; ns++)
            if (tape.UriOctets(ns).IndexOfAny("&<>\"'"u8) >= 0)
                return true;
        return false;
    }

    private static string? IdOf(XmlElement element)
    {
        TapeNode node = element.Tape.Nodes[element.Index];
        for (int a = node.FirstAttribute; a < node.FirstAttribute + node.AttributeCount; a++)
        {
            TapeAttribute attribute = element.Tape.Attributes[a];
            string value = Encoding.UTF8.GetString(element.Tape.Octets(attribute.Value));
            if (
                attribute.Prefix == TapeReader.XmlPrefix
                && element.Tape.LocalName(attribute).SequenceEqual("id"u8)
                && value.All(char.IsAsciiLetterOrDigit)
            )
                return value;
        }
        return null;
    }

    // "#id" leaves comments out, whatever the transform would do with them; an XPointer leaves them in.
    private static string Reference(string id, bool comments, string list)
    {
        string uri = comments ? $"#xpointer(id('{id}'))" : $"#{id}";
        string inclusive =
            list.Length == 0
                ? ""
                : $"<InclusiveNamespaces xmlns='{Exclusive}' PrefixList='{list}'/>";
        return $"""
            <ds:Reference URI="{uri}"><ds:Transforms><ds:Transform Algorithm="{Exclusive}{(
                comments ? "WithComments" : ""
            )}">{inclusive}</ds:Transform></ds:Transforms>
            <ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><ds:DigestValue/></ds:Reference>
            """;
    }

    private static string Signature(string references) =>
        $"""
            <ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo>
            <ds:CanonicalizationMethod Algorithm="{Exclusive}"/>
            <ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"/>
            {references}</ds:SignedInfo><ds:SignatureValue/></ds:Signature>
            """;

    private static string Sign(string document)
    {
        string folder = Directory.CreateTempSubdirectory("latchkey-fuzz-").FullName;
        try
        {
            string input = Path.Combine(folder, "in.xml");
            string key = Path.Combine(folder, "key");
            File.WriteAllText(input, document);
            File.WriteAllText(key, "secret");
            ProcessStartInfo start = new("xmlsec1", ["--sign", "--hmackey", key, input])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                StandardOutputEncoding = Encoding.UTF8,
            };
            using Process process = Process.Start(start)!;
            Task<string> errors = process.StandardError.ReadToEndAsync();
            string signed = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            process.ExitCode.ShouldBe(0, errors.Result);
            return signed;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [GeneratedRegex("<\\?xml.*?\\?>", RegexOptions.Singleline, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Declaration();

    [GeneratedRegex(
        "<ds:DigestValue>([^<]*)</ds:DigestValue>",
        RegexOptions.None,
        matchTimeoutMilliseconds: 5000
    )]
    private static partial Regex DigestValue();
}
