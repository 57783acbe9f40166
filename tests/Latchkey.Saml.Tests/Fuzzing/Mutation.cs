using System.Text;

namespace Latchkey.Saml.Tests.Fuzzing;

/// <summary>Alters octets without any idea of what they mean.</summary>
internal static class Mutation
{
    private static readonly byte[][] Pieces =
    [
        .. new[]
        {
            "<",
            ">",
            "/",
            "&",
            ";",
            "'",
            "\"",
            "=",
            "!",
            "-",
            "[",
            "]",
            "?",
            ":",
            " ",
            "\t",
            "\r",
            "\n",
            "x",
            "#",
            "\0",
            "\u00E9",
            "\U0001F600",
            "\uFEFF",
            "\uFFFE",
            "/>",
            "<a/>",
            "<!-- x -->",
            "<![CDATA[x]]>",
            "<?x y?>",
            "&#xD;",
            "&amp;",
            "&lt;",
            "]]>",
            "--",
            "eve",
            "xmlns",
            " xmlns=\"urn:x\"",
            " xmlns:saml=\"urn:x\"",
            " ID=\"_x\"",
            "</saml:Assertion>",
            "%",
            "%41",
            "%2B",
            "+",
            "SAMLRequest",
            "Signature",
            "RelayState",
        }.Select(Encoding.UTF8.GetBytes),
    ];

    /// <summary>A few alterations, one after the other.</summary>
    public static byte[] OfOctets(byte[] octets, Random random, int most = 3)
    {
        for (int times = random.Next(1, most + 1); times > 0; times--)
            octets = Once(octets, random);
        return octets;
    }

    private static byte[] Once(byte[] octets, Random random)
    {
        if (octets.Length == 0)
            return Pieces[random.Next(Pieces.Length)];
        List<byte> altered = [.. octets];
        int at = random.Next(altered.Count);
        switch (random.Next(7))
        {
            case 0:
                altered[at] = (byte)random.Next(256);
                break;
            case 1:
                altered[at] ^= (byte)(1 << random.Next(8));
                break;
            case 2:
                altered.RemoveAt(at);
                break;
            case 3:
                altered.RemoveRange(at, Math.Min(random.Next(1, 40), altered.Count - at));
                break;
            case 4:
                altered.InsertRange(
                    random.Next(altered.Count),
                    altered.GetRange(at, Math.Min(random.Next(1, 400), altered.Count - at))
                );
                break;
            case 5:
                altered.RemoveRange(at, altered.Count - at);
                break;
            default:
                altered.InsertRange(at, Pieces[random.Next(Pieces.Length)]);
                break;
        }
        return [.. altered];
    }
}
