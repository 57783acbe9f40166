using System.Text;
using System.Text.Json;

namespace Latchkey.Cli.Tests;

/// <summary><c>latchkey saml verify</c> on a folder: one line for each message, hostile or not.</summary>
public sealed class VerifyFolderTests(Parties parties) : IClassFixture<Parties>
{
    [Fact]
    public async Task Every_b64_and_xml_has_one_line_of_JSON_with_its_file()
    {
        parties.Write("all/b.b64", await parties.AnswerAsync());
        parties.Write("all/a.xml", await parties.AnswerAsync("--xml"));
        parties.Write("all/notes.txt", "not a message");

        var run = await VerifyAsync("all");

        run.Lines.Select(FileOf).ShouldBe(["a.xml", "b.b64"]);
    }

    [Fact]
    public async Task A_folder_of_accepted_ones_ends_with_0()
    {
        parties.Write("good/a.b64", await parties.AnswerAsync());

        (await VerifyAsync("good")).Code.ShouldBe(0);
    }

    [Fact]
    public async Task One_refused_among_them_ends_with_1()
    {
        parties.Write("mixed/a.b64", await parties.AnswerAsync());
        parties.Write("mixed/b.b64", await parties.SignedAsync());

        (await VerifyAsync("mixed")).Code.ShouldBe(1);
    }

    [Fact]
    public async Task One_that_cannot_be_read_ends_with_2_and_the_others_are_verified()
    {
        parties.Write("unreadable/b.b64", await parties.AnswerAsync());
        File.CreateSymbolicLink(parties.PathOf("unreadable/a.b64"), parties.PathOf("nowhere"));

        var run = await VerifyAsync("unreadable");

        (run.Code, run.Lines.Length).ShouldBe((2, 1));
    }

    [Fact]
    public async Task A_folder_without_messages_is_unusable()
    {
        parties.Write("none/notes.txt", "");

        (await VerifyAsync("none")).Code.ShouldBe(2);
    }

    [Theory]
    [MemberData(nameof(HostileInputs.Names), MemberType = typeof(HostileInputs))]
    public async Task X2_What_is_hostile_has_its_line_and_its_finding(string name)
    {
        parties.Write("hostile/x.b64", HostileInputs.Octets(name));
        parties.Write("hostile/x.xml", HostileInputs.Octets(name));

        var run = await VerifyAsync("hostile");

        run.Lines.Select(FindingsOf).ShouldAllBe(count => count > 0);
    }

    [Fact]
    public async Task After_what_is_hostile_the_next_is_verified()
    {
        parties.Write("order/a.b64", HostileInputs.Octets("random octets"));
        parties.Write("order/b.b64", await parties.AnswerAsync());

        var run = await VerifyAsync("order");

        run.Lines[1].ShouldContain("\"accepted\":true");
    }

    private Task<Run> VerifyAsync(string folder) =>
        Run.Latchkey(
            parties.VerifyOptions(
                parties.PathOf(folder),
                "--request-id",
                Parties.RequestId,
                "--json"
            )
        );

    private static string? FileOf(string line) =>
        JsonDocument.Parse(line).RootElement.GetProperty("file").GetString();

    private static int FindingsOf(string line) =>
        JsonDocument.Parse(line).RootElement.GetProperty("findings").GetArrayLength();
}

/// <summary>Things that are sent to break what reads them.</summary>
public static class HostileInputs
{
    private static readonly Dictionary<string, Func<byte[]>> s_all = new(StringComparer.Ordinal)
    {
        ["nothing"] = () => [],
        ["white space"] = () => "  \r\n\t"u8.ToArray(),
        ["random octets"] = () =>
        {
            var octets = new byte[3000];
            new Random(7).NextBytes(octets);
            return octets;
        },
        ["UTF-16"] = () =>
            Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes("<a/>")).ToArray(),
        ["a DTD"] = () => Bytes("<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>"),
        ["an open tag"] = () => Bytes("<samlp:Response xmlns:samlp=\"urn:oasis"),
        ["a deep tree"] = () => Bytes(string.Concat(Enumerable.Repeat("<a>", 100_000))),
        ["a long file"] = () => Bytes("<a>" + new string('x', 4_000_000) + "</a>"),
        ["long base64"] = () => Bytes(new string('A', 4_000_000)),
        ["odd base64"] = () => Bytes("AAAAA"),
        ["base64 of garbage"] = () => Bytes(Convert.ToBase64String(new byte[200])),
        ["terminal commands"] = () => Bytes("\u001B[2J\u001B]0;owned\u0007"),
        ["a lone surrogate in a reference"] = () => Bytes("<a>&#xD800;</a>"),
        ["a query without a message"] = () => Bytes("?RelayState=%ZZ&SAMLRequest"),
        ["a signature alone"] = () =>
            Bytes("<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"/>"),
        ["empty signatures everywhere"] = () =>
            Bytes(
                "<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">"
                    + string.Concat(
                        Enumerable.Repeat(
                            "<ds:Signature><ds:SignedInfo><ds:Reference/></ds:SignedInfo><ds:KeyInfo><ds:X509Data><ds:X509Certificate>AAAA</ds:X509Certificate></ds:X509Data></ds:KeyInfo></ds:Signature>",
                            200
                        )
                    )
                    + "</samlp:Response>"
            ),
    };

    public static TheoryData<string> Names { get; } = new(s_all.Keys);

    public static byte[] Octets(string name) => s_all[name]();

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
