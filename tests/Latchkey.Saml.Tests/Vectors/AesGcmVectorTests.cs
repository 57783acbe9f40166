using System.Text.RegularExpressions;
using Latchkey.Saml.Encryption;

namespace Latchkey.Saml.Tests.Vectors;

/// <summary>NIST's vectors for AES-GCM (<c>Data/vectors/README.md</c>) through the cipher for content.</summary>
public sealed partial class AesGcmVectorTests
{
    [Theory]
    [InlineData("gcmDecrypt128", "aes128-gcm")]
    [InlineData("gcmDecrypt256", "aes256-gcm")]
    [InlineData("gcmEncryptExtIV128", "aes128-gcm")]
    [InlineData("gcmEncryptExtIV256", "aes256-gcm")]
    public void E2_AES_GCM_opens_what_NIST_sealed_and_nothing_else(string file, string name)
    {
        ContentCipher cipher = ContentCipher.Of(
            System.Text.Encoding.ASCII.GetBytes("http://www.w3.org/2009/xmlenc11#" + name)
        )!;
        List<Dictionary<string, string>> vectors =
        [
            .. TestData
                .Text($"vectors/{file}.rsp")
                .Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
                .Where(block => block.StartsWith("Count", StringComparison.Ordinal))
                .Select(block =>
                    Line()
                        .Matches(block)
                        .ToDictionary(m => m.Groups[1].Value, m => m.Groups[2].Value)
                ),
        ];

        vectors.Count.ShouldBe(75);
        foreach (Dictionary<string, string> vector in vectors)
        {
            byte[] sealedOctets = Convert.FromHexString(
                vector["IV"] + vector["CT"] + vector["Tag"]
            );
            byte[] plaintext = new byte[sealedOctets.Length];
            bool opened = cipher.TryOpen(
                Convert.FromHexString(vector["Key"]),
                sealedOctets,
                plaintext,
                out int length
            );
            // A ciphertext of nothing is no element (rule E3) and is refused before it is tried.
            opened.ShouldBe(vector.ContainsKey("PT") && vector["CT"].Length > 0, vector["Count"]);
            if (opened)
                Convert
                    .ToHexStringLower(plaintext.AsSpan(0, length))
                    .ShouldBe(vector["PT"], vector["Count"]);
        }
    }

    [GeneratedRegex(
        "^(\\w+) = ?(\\w*)\\r?$",
        RegexOptions.Multiline,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Line();
}
