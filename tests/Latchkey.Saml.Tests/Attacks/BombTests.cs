using System.Diagnostics;
using System.Text;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Responses;
using Latchkey.Saml.Tests.Responses;

namespace Latchkey.Saml.Tests.Attacks;

/// <summary>Messages made to exhaust the receiver end at a bound (rule X2), and soon.</summary>
public sealed class BombTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    public static TheoryData<string, string> Bombs =>
        new()
        {
            { "deep", "xml-limit" },
            { "wide", "xml-limit" },
            { "attributes", "xml-limit" },
            { "namespaces", "xml-limit" },
            { "long", "message-too-long" },
            { "entities", "xml-doctype" },
            { "repeated IDs", "xml-duplicate-id" },
            { "distinct IDs", "message-type-unexpected" },
            { "many prefixes", "message-type-unexpected" },
            { "unclosed comment", "xml-malformed" },
            { "ampersands", "xml-malformed" },
            { "characters references", "message-type-unexpected" },
        };

    [Theory]
    [MemberData(nameof(Bombs))]
    public void A_bomb_is_refused_at_its_bound(string bomb, string code)
    {
        string xml = Make(bomb);
        Stopwatch watch = Stopwatch.StartNew();

        Verdict<VerifiedAssertion> verdict = xml.Validate();

        verdict.ShouldBeRefusedFor(code);
        watch.Elapsed.ShouldBeLessThan(Soon);
    }

    [Fact]
    public void A_long_namespace_used_by_many_siblings_is_refused_before_it_is_written_for_each()
    {
        string uri = "urn:" + new string('x', 100_000);
        StringBuilder children = new();
        for (int i = 0; i < 5_000; i++)
            children.Append("<p:a/>");
        string xml = ReceivedResponses
            .Unsigned.SignResponse()
            .With("<samlp:Response ", $"<samlp:Response xmlns:p=\"{uri}\" ")
            .With("<samlp:Status>", "<samlp:Extensions>" + children + "</samlp:Extensions><samlp:Status>");
        Stopwatch watch = Stopwatch.StartNew();

        xml.Validate().ShouldBeRefusedFor("xml-limit");
        watch.Elapsed.ShouldBeLessThan(Soon);
    }

    private static string Make(string bomb)
    {
        MessageLimits limits = MessageLimits.Default;
        return bomb switch
        {
            "deep" => Repeat("<a>", limits.Depth + 1) + Repeat("</a>", limits.Depth + 1),
            "wide" => "<a>" + Repeat("<a/>", limits.Elements) + "</a>",
            "attributes" => "<a " + Each(limits.AttributesPerElement + 1, i => $"a{i}='' ") + "/>",
            "namespaces" => "<a " + Each(limits.NamespaceDeclarations + 1, i => $"xmlns:a{i}='urn:x' ") + "/>",
            "long" => "<a>" + new string('x', limits.XmlBytes) + "</a>",
            "entities" => "<!DOCTYPE a [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;\">]><a>&b;</a>",
            "repeated IDs" => "<a>" + Each(9_000, i => $"<b Id='i{i}'/>") + "<b ID='i0'/></a>",
            "distinct IDs" => "<a>" + Each(9_000, i => $"<b x{i % 7}='' ID='i{i}' id='j{i}' Id='k{i}'/>") + "</a>",
            "many prefixes" => "<a "
                + Each(500, i => $"xmlns:a-long-prefix-{i}='urn:x:{i}' ")
                + ">"
                + Each(9_000, i => $"<a-long-prefix-{i % 500}:b a-long-prefix-{(i + 7) % 500}:c=''/>")
                + "</a>",
            "unclosed comment" => "<a>" + Repeat("<!--", 100_000),
            "ampersands" => "<a>" + Repeat("&", 900_000) + "</a>",
            _ => "<a>" + Repeat("&#x41;", 100_000) + "</a>",
        };
    }

    private static string Repeat(string piece, int times) => Each(times, _ => piece);

    private static string Each(int times, Func<int, string> piece)
    {
        StringBuilder text = new();
        for (int i = 0; i < times; i++)
            text.Append(piece(i));
        return text.ToString();
    }
}
