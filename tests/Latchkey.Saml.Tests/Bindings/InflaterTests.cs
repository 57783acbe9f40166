using System.IO.Compression;
using Latchkey.Saml.Bindings;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Tests.Bindings;

/// <summary>Our inflating beside DeflateStream (rule B1).</summary>
public sealed class InflaterTests(ITestOutputHelper testOutput)
{
    [Theory]
    [InlineData(CompressionLevel.NoCompression)]
    [InlineData(CompressionLevel.Fastest)]
    [InlineData(CompressionLevel.Optimal)]
    [InlineData(CompressionLevel.SmallestSize)]
    public void B1_What_DeflateStream_wrote_is_inflated(CompressionLevel level)
    {
        int seed = Environment.TickCount;
        testOutput.WriteLine($"seed {seed}");
        Random random = new(seed);
        for (int i = 0; i < 100; i++)
        {
            // Of nothing at all DeflateStream writes nothing, which is no stream.
            byte[] data = new byte[random.Next(1, 70_000)];
            int symbols = random.Next(1, 256);
            for (int at = 0; at < data.Length; at++)
                data[at] = (byte)random.Next(symbols);
            using OctetBuffer output = new(16);

            Inflater
                .Inflate(Deflate(data, level), output, 100_000)
                .ShouldBe(InflateOutcome.Whole, $"seed {seed}");
            output.Written.SequenceEqual(data).ShouldBeTrue($"seed {seed}");
        }
    }

    [Fact]
    public void B1_A_stream_is_refused_when_cut_short_anywhere()
    {
        byte[] deflated = Deflate(
            "<samlp:AuthnRequest samlp:AuthnRequest/>"u8.ToArray(),
            CompressionLevel.Optimal
        );
        for (int length = 0; length < deflated.Length; length++)
        {
            using OctetBuffer output = new(16);
            Inflater
                .Inflate(deflated.AsSpan(0, length), output, 100_000)
                .ShouldBe(InflateOutcome.Malformed);
        }
    }

    [Fact]
    public void B1_Data_after_the_stream_is_refused()
    {
        using OctetBuffer output = new(16);
        Inflater
            .Inflate([.. Deflate([1, 2, 3], CompressionLevel.Optimal), 0], output, 100)
            .ShouldBe(InflateOutcome.TrailingData);
    }

    [Fact]
    public void X2_A_bomb_ends_at_the_bound()
    {
        using OctetBuffer output = new(16);
        Inflater
            .Inflate(Deflate(new byte[50_000_000], CompressionLevel.Optimal), output, 1_000_000)
            .ShouldBe(InflateOutcome.TooLong);
        output.Written.Length.ShouldBeLessThanOrEqualTo(1_000_000);
    }

    [Fact]
    public void B1_Random_octets_never_do_anything_but_end()
    {
        int seed = Environment.TickCount;
        testOutput.WriteLine($"seed {seed}");
        Random random = new(seed);
        byte[] octets = new byte[200];
        for (int i = 0; i < 20_000; i++)
        {
            random.NextBytes(octets);
            using OctetBuffer output = new(16);
            Inflater.Inflate(octets, output, 10_000);
            output.Written.Length.ShouldBeLessThanOrEqualTo(10_000);
        }
    }

    private static byte[] Deflate(byte[] data, CompressionLevel level)
    {
        using MemoryStream output = new();
        using (DeflateStream deflate = new(output, level))
            deflate.Write(data);
        return output.ToArray();
    }
}
