using System.IO.Compression;
using System.Text;
using Latchkey.Saml.Bindings;
using Latchkey.Saml.Tests.Xml;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Tests.Fuzzing;

/// <summary>Base64 beside the framework (rule B2): what is accepted decodes to the same, and is the only spelling of it but for white space.</summary>
internal sealed class Base64Target : FuzzTarget
{
    public override string Name => "base64";

    public override byte[] Make(Random random)
    {
        byte[] octets = new byte[random.Next(100)];
        random.NextBytes(octets);
        byte[] text = Encoding.ASCII.GetBytes(
            Convert.ToBase64String(
                octets,
                random.Next(2) == 0
                    ? Base64FormattingOptions.InsertLineBreaks
                    : Base64FormattingOptions.None
            )
        );
        return random.Next(4) == 0 ? text : Mutation.OfOctets(text, random);
    }

    public override void Check(byte[] input)
    {
        string text = Encoding.Latin1.GetString(input);
        byte[] ours = new byte[input.Length];
        byte[] theirs = new byte[input.Length];
        bool accepted = StrictBase64.TryDecode(input, ours, out int length);
        bool known = Convert.TryFromBase64String(text, theirs, out int theirLength);
        byte[] again = new byte[input.Length];
        StrictBase64.TryDecode(text, again, out int againLength).ShouldBe(accepted);
        string bare = string.Concat(text.Where(c => c is not (' ' or '\t' or '\r' or '\n')));
        if (accepted)
        {
            known.ShouldBeTrue();
            ours[..length].ShouldBe(theirs[..theirLength]);
            again[..againLength].ShouldBe(ours[..length]);
            Convert.ToBase64String(ours[..length]).ShouldBe(bare);
        }
        else if (known)
            Convert.ToBase64String(theirs[..theirLength]).ShouldNotBe(bare);
    }
}

/// <summary>Inflating beside the framework (rule B1): a stream of ours opens to the same, and whatever the framework packs is opened.</summary>
internal sealed class DeflateTarget : FuzzTarget
{
    private const int Longest = 100_000;

    public override string Name => "deflate";

    public override byte[] Make(Random random)
    {
        byte[] octets = random.Next(3) switch
        {
            0 => new DocumentGenerator(random).Next(ruined: false),
            1 => Encoding.ASCII.GetBytes(
                string.Concat(Enumerable.Repeat("abcabcd", random.Next(1, 6_000)))
            ),
            _ => new byte[random.Next(3_000)],
        };
        if (random.Next(4) == 0)
            random.NextBytes(octets.AsSpan(0, Math.Min(octets.Length, 500)));
        byte[] packed = Packed(octets, (CompressionLevel)random.Next(4));
        return random.Next(3) switch
        {
            0 => packed,
            1 => octets,
            _ => Mutation.OfOctets(packed, random, most: 2),
        };
    }

    public override void Check(byte[] input)
    {
        foreach (CompressionLevel level in Enum.GetValues<CompressionLevel>())
        {
            using OctetBuffer opened = new(16);
            Inflater.Inflate(Packed(input, level), opened, Longest).ShouldBe(InflateOutcome.Whole);
            opened.Written.SequenceEqual(input).ShouldBeTrue();
        }
        using OctetBuffer ours = new(16);
        InflateOutcome outcome = Inflater.Inflate(input, ours, Longest);
        ours.Length.ShouldBeLessThanOrEqualTo(Longest);
        if (outcome is InflateOutcome.Whole or InflateOutcome.TrailingData)
            ours.Written.SequenceEqual(Opened(input)).ShouldBeTrue();
    }

    private static byte[] Packed(byte[] octets, CompressionLevel level)
    {
        using MemoryStream packed = new();
        using (DeflateStream deflate = new(packed, level, leaveOpen: true))
            deflate.Write(octets);
        // The framework writes nothing at all for nothing.
        return octets.Length == 0 ? [3, 0] : packed.ToArray();
    }

    private static byte[] Opened(byte[] packed)
    {
        try
        {
            using MemoryStream opened = new();
            using MemoryStream input = new(packed);
            using DeflateStream inflate = new(input, CompressionMode.Decompress);
            byte[] buffer = new byte[4_096];
            int read;
            while (opened.Length <= Longest && (read = inflate.Read(buffer)) > 0)
                opened.Write(buffer.AsSpan(0, read));
            return opened.ToArray();
        }
        catch (InvalidDataException)
        {
            return [];
        }
    }
}
