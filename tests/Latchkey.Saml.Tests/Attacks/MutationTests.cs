using System.Diagnostics;
using System.Text;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Issuing;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Responses;
using Latchkey.Saml.Tests.Responses;

namespace Latchkey.Saml.Tests.Attacks;

/// <summary>A signed message altered at random is refused, or says exactly what was signed (rule S7).</summary>
public sealed class MutationTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(3);

    private static readonly string[] Fragments =
    [
        "<!-- x -->", "<![CDATA[x]]>", "&#xD;", "&amp;", "&lt;", " ", "\n", "\r\n", "<?x y?>", "eve", "/>", "<a/>", "</saml:Assertion>",
        "<saml:NameID>eve</saml:NameID>", " ID=\"_x\"", " xmlns=\"urn:x\"", " xmlns:saml=\"urn:x\"", "\"", "'", "=", "\uFEFF", "\0", "é", "😀",
    ];

    [Theory]
    [InlineData(SignedParts.Assertion)]
    [InlineData(SignedParts.Response)]
    [InlineData(SignedParts.AssertionAndResponse)]
    public void An_altered_message_never_says_anything_that_was_not_signed(SignedParts parts)
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        Random random = new(seed);
        byte[] genuine = Encoding.UTF8.GetBytes(ReceivedResponses.Written(parts));
        string signed = Describe(ResponseValidator.Validate(Convert.ToBase64String(genuine), ReceivedResponses.Rules).Value!);

        int tried = 0;
        int accepted = 0;
        Stopwatch watch = Stopwatch.StartNew();
        while (watch.Elapsed < Budget)
        {
            byte[] altered = genuine;
            for (int times = random.Next(1, 4); times > 0; times--)
                altered = Alter(altered, random);
            Verdict<VerifiedAssertion> verdict = ResponseValidator.Validate(Convert.ToBase64String(altered), ReceivedResponses.Rules);
            tried++;
            if (!verdict.Accepted)
                continue;
            accepted++;
            Describe(verdict.Value).ShouldBe(signed, $"seed {seed}: {Encoding.UTF8.GetString(altered)}");
        }
        output.WriteLine($"{tried} altered messages, {accepted} of them without a difference that counts");
        tried.ShouldBeGreaterThan(100);
    }

    private static byte[] Alter(byte[] message, Random random)
    {
        List<byte> altered = [.. message];
        int at = random.Next(altered.Count);
        switch (random.Next(5))
        {
            case 0:
                altered[at] = (byte)random.Next(256);
                break;
            case 1:
                altered.RemoveRange(at, Math.Min(random.Next(1, 40), altered.Count - at));
                break;
            case 2:
                altered.InsertRange(at, Encoding.UTF8.GetBytes(Fragments[random.Next(Fragments.Length)]));
                break;
            case 3:
                List<byte> piece = altered.GetRange(at, Math.Min(random.Next(1, 400), altered.Count - at));
                altered.InsertRange(random.Next(altered.Count), piece);
                break;
            default:
                altered[at] ^= (byte)(1 << random.Next(8));
                break;
        }
        return [.. altered];
    }

    private static string Describe(VerifiedAssertion assertion)
    {
        StringBuilder text = new();
        text.Append(assertion.Id).Append('|').Append(assertion.Issuer).Append('|').Append(assertion.NameId).Append('|').Append(assertion.InResponseTo).Append('|').Append(assertion.SessionIndex).Append('|').Append(assertion.AuthnContextClassRef);
        text.Append('|').Append(assertion.AuthnInstant.UtcTicks).Append('|').Append(assertion.NotOnOrAfter.UtcTicks).Append('|').Append(assertion.SessionNotOnOrAfter?.UtcTicks);
        foreach (SamlAttribute attribute in assertion.Attributes)
            text.Append('|').Append(attribute.Name).Append(attribute.NameFormat).Append(attribute.FriendlyName).AppendJoin(',', attribute.Values);
        return text.ToString();
    }
}
