using System.Globalization;
using System.Text;

namespace Latchkey.Saml.Tests.Xml;

/// <summary>Makes documents at random, most of them well-formed, all of them odd.</summary>
internal sealed class DocumentGenerator(Random random)
{
    private static readonly string[] Prefixes =
    [
        "",
        "a",
        "b",
        "saml",
        "a-long.prefix_1",
        "a-long.prefix_2",
        "xml",
    ];
    private static readonly string[] Locals =
    [
        "a",
        "B",
        "_c",
        "d-e.f",
        "ID",
        "Id",
        "é",
        "Ångström",
        "日本",
        "x1",
        "xmlfoo",
        "type",
    ];
    private static readonly string[] Uris =
    [
        "urn:x",
        "urn:y",
        "http://www.w3.org/2000/09/xmldsig#",
        "urn:oasis:names:tc:SAML:2.0:assertion",
        "urn:a&amp;b",
    ];

    private static readonly string[] Texts =
    [
        "text",
        " ",
        "\n",
        "\r\n",
        "\r",
        "\t",
        "&amp;",
        "&lt;",
        "&gt;",
        "&quot;",
        "&apos;",
        "&#13;",
        "&#xD;",
        "&#9;",
        "&#xA;",
        "&#x41;",
        "&#x1F600;",
        "&#233;",
        "é",
        "日本語",
        "😀",
        "]",
        "]]",
        ">",
        "]] >",
        "--",
        "'",
        "\"",
        "<![CDATA[]]>",
        "<![CDATA[<a>&amp;]]]]>",
        "<![CDATA[\r\n]]>",
        "\u0085",
        "\u2028",
        "\u007f",
        "\uFFFD",
        "&#xFFFD;",
        "&#x10FFFF;",
    ];

    private static readonly string[] Ruins =
    [
        "&",
        "<",
        "]]>",
        "&foo;",
        "&#0;",
        "&#xFFFE;",
        "&#xD800;",
        "&#x110000;",
        "&#;",
        "&#x;",
        "&#X41;",
        "<!-- -- -->",
        "<!-->",
        "<!--->",
        "<?pi?>",
        "<!DOCTYPE a>",
        "</x>",
        "<a b='1' b='2'/>",
        "<a b=1/>",
        "<a b/>",
        "<a b='<'/>",
        "<a b='1'c='2'/>",
        "<:a/>",
        "<a:/>",
        "<a:b:c/>",
        "<u:a/>",
        "<a u:b=''/>",
        "<1/>",
        "< a/>",
        "<a xmlns:p=''/>",
        "<a xmlns:xml='urn:x'/>",
        "<a xmlns:xmlns='urn:x'/>",
        "<a xmlns:p='http://www.w3.org/XML/1998/namespace'/>",
        "<a xmlns='http://www.w3.org/2000/xmlns/'/>",
        "<a xmlns:p='urn:x' xmlns:q='urn:x' p:z='' q:z=''/>",
        "<xmlns:a/>",
        "<a xmlns='relative'/>",
        "<a xml:lang='en'/>",
        "<xml:a/>",
        "\u0001",
        "\uFFFE",
        "\0",
        "<a\u00A0b=''/>",
        "<a>",
        "<![CDATA[",
        "<!--",
        "<!ELEMENT a>",
        "<a/ >",
        "<a></a\n>",
        "<a\n/>",
        "<\u00D7/>",
        "<a\u00B7/>",
        "<\u2070/>",
    ];

    private readonly StringBuilder text = new();

    public byte[] Next(bool ruined)
    {
        text.Clear();
        if (Chance(6))
            text.Append('\uFEFF');
        if (Chance(4))
            text.Append(
                Pick([
                    "<?xml version=\"1.0\"?>",
                    "<?xml version='1.0' encoding='utf-8' ?>",
                    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n",
                ])
            );
        Around();
        Element(0, [""]);
        Around();
        string document = text.ToString();
        if (ruined)
            document = document.Insert(random.Next(document.Length + 1), Pick(Ruins));
        return Encoding.UTF8.GetBytes(document);
    }

    private void Around()
    {
        while (Chance(3))
            text.Append(Pick(["\n", "  ", "<!-- around -->", "\r\n"]));
    }

    private void Element(int depth, HashSet<string> inScope)
    {
        HashSet<string> scope = [.. inScope];
        StringBuilder declarations = new();
        foreach (string prefix in Prefixes)
        {
            if (prefix == "xml" || !Chance(depth == 0 ? 2 : 6))
                continue;
            string uri = prefix.Length == 0 && Chance(3) ? "" : Pick(Uris);
            declarations.Append(
                CultureInfo.InvariantCulture,
                $"{Space()}xmlns{(prefix.Length == 0 ? "" : ":" + prefix)}{Equal()}{Quoted(uri)}"
            );
            scope.Add(prefix);
        }
        string name = Name([.. scope]);
        text.Append('<').Append(name);
        HashSet<string> used = [];
        List<string> attributes = [declarations.ToString()];
        List<string> prefixes = [.. scope.Where(prefix => prefix.Length > 0), "", "xml"];
        for (int count = random.Next(5); count > 0; count--)
        {
            string local = Pick(Locals);
            // One local name once: two prefixes may stand for one namespace.
            if (used.Add(local))
                attributes.Add(
                    $"{Space()}{Qualified(Pick([.. prefixes]), local)}{Equal()}{Quoted(Value(local))}"
                );
        }
        if (Chance(2))
            attributes.Reverse();
        text.AppendJoin("", attributes);
        if (Chance(3))
            text.Append(Space());
        if (depth > 6 || Chance(5))
        {
            text.Append("/>");
            return;
        }
        text.Append('>');
        for (int count = random.Next(6); count > 0; count--)
        {
            switch (random.Next(4))
            {
                case 0:
                    Element(depth + 1, scope);
                    break;
                case 1:
                    text.Append("<!--")
                        .Append(Pick(["", " x ", "a-b", "\r\n", "é", "<&>"]))
                        .Append("-->");
                    break;
                default:
                    text.Append(Pick(Texts));
                    break;
            }
        }
        text.Append("</").Append(name).Append(Chance(5) ? Space() : "").Append('>');
    }

    private string Name(string[] prefixes) => Qualified(Pick(prefixes), Pick(Locals));

    private static string Qualified(string prefix, string local) =>
        prefix.Length == 0 ? local : prefix + ":" + local;

    private string Value(string local)
    {
        if (local is "ID" or "Id")
            return "id" + random.Next().ToString(CultureInfo.InvariantCulture);
        StringBuilder value = new();
        for (int count = random.Next(4); count > 0; count--)
        {
            string piece = Pick(Texts);
            if (!piece.Contains('<', StringComparison.Ordinal))
                value.Append(piece);
        }
        return value.ToString();
    }

    private string Quoted(string value)
    {
        char quote = Chance(2) ? '"' : '\'';
        return quote
            + value.Replace(
                quote.ToString(),
                quote == '"' ? "&quot;" : "&#39;",
                StringComparison.Ordinal
            )
            + quote;
    }

    private string Space() => Pick([" ", "  ", "\n", "\t", "\r\n"]);

    private string Equal() => Pick(["=", "=", " = ", "=\n"]);

    private bool Chance(int oneIn) => random.Next(oneIn) == 0;

    private T Pick<T>(T[] choices) => choices[random.Next(choices.Length)];
}
