using System.Buffers.Binary;
using System.Net;
using System.Text;
using Latchkey.Server.Applications;
using SkiaSharp;

namespace Latchkey.Server.Tests.Applications;

/// <summary>A logo is a stranger's file: checked by what it is, drawn anew, served by us.</summary>
public sealed class LogoTests(SqliteIdentityProvider host) : IClassFixture<SqliteIdentityProvider>
{
    private const string Secret = "<script>alert(1)</script> 51.5007 N 0.1246 W";

    /// <summary>Files that somebody might send, by name.</summary>
    private static readonly Dictionary<string, Func<byte[]>> s_attacks = new(StringComparer.Ordinal)
    {
        ["script.svg"] = () =>
            Encoding.UTF8.GetBytes(
                "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>"
            ),
        ["page-named-picture.png"] = () => Encoding.UTF8.GetBytes($"<html>{Secret}</html>"),
        ["only-a-signature.png"] = () => [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10],
        ["bitmap.png"] = () => [.. "BM"u8, .. new byte[100]],
        ["icon.png"] = () => [0, 0, 1, 0, 1, 0, .. new byte[100]],
        ["cut-off.png"] = () => Picture(64, 64)[..^40],
        ["claims-50000-by-50000.png"] = () => Claiming(50_000, 50_000),
        ["claims-more-than-its-sides-allow.png"] = () => Claiming(4097, 1),
        ["claims-16-million-pixels.png"] = () => Claiming(4096, 4096),
        ["claims-65535-by-65535.gif"] = () =>
            [.. "GIF89a"u8, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0x3b, .. new byte[16]],
        ["a-thousand-scans.jpg"] = () => ManyScans(1000),
        ["jpeg-inside-of-webp.webp"] = () =>
            [.. "RIFF\u0010\0\0\0WEBPVP8 "u8, .. Picture(8, 8, SKEncodedImageFormat.Jpeg)],
        ["more-than-a-megabyte.png"] = () => [.. Picture(8, 8), .. new byte[1024 * 1024]],
    };

    public static TheoryData<string> Attacks => [.. s_attacks.Keys];

    [Theory]
    [MemberData(nameof(Attacks))]
    public async Task What_is_no_harmless_picture_is_refused_and_nothing_is_kept(string name)
    {
        var application = await host.AddAsync();

        var browser = await ChooseAsync(application, name, s_attacks[name]());

        browser.Text("#Picture-error").ShouldNotBeEmpty();
        (await FindAsync(application)).Logo.ShouldBeNull();
    }

    [Fact]
    public void A_bomb_is_refused_before_it_is_unpacked()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();

        LogoPicture.ToPng(Claiming(50_000, 50_000)).Problems.Single().Code.ShouldBe("logo-pixels");

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1024 * 1024);
    }

    [Theory]
    [InlineData(SKEncodedImageFormat.Png)]
    [InlineData(SKEncodedImageFormat.Jpeg)]
    [InlineData(SKEncodedImageFormat.Webp)]
    public async Task A_picture_is_drawn_anew_as_a_small_PNG(SKEncodedImageFormat format)
    {
        var application = await host.AddAsync();

        await ChooseAsync(application, "logo", Picture(600, 300, format));

        using var kept = SKBitmap.Decode(Png(await FindAsync(application)));
        (kept.Width, kept.Height).ShouldBe((256, 128));
    }

    [Fact]
    public void A_small_picture_keeps_its_size()
    {
        using var kept = SKBitmap.Decode(LogoPicture.ToPng(Picture(20, 10)).Value);

        (kept.Width, kept.Height).ShouldBe((20, 10));
    }

    [Fact]
    public void What_is_transparent_stays_so()
    {
        using var bitmap = new SKBitmap(10, 10);
        bitmap.Erase(SKColors.Transparent);
        using var png = bitmap.Encode(SKEncodedImageFormat.Png, 100);

        using var kept = SKBitmap.Decode(LogoPicture.ToPng(png.ToArray()).Value);

        kept.GetPixel(5, 5).Alpha.ShouldBe((byte)0);
    }

    [Theory]
    [InlineData("behind")]
    [InlineData("within")]
    public void What_else_a_file_carries_is_not_kept(string where)
    {
        byte[] carrying =
            where == "behind"
                ? [.. Picture(16, 16), .. Encoding.UTF8.GetBytes(Secret)]
                : WithText(Picture(16, 16));

        var kept = LogoPicture.ToPng(carrying).Value!;

        Encoding.Latin1.GetString(kept).ShouldNotContain("alert");
    }

    [Fact]
    public void Noise_is_made_small_enough_to_be_kept()
    {
        using var bitmap = new SKBitmap(1000, 1000);
        var random = new Random(1);
        random.NextBytes(bitmap.GetPixelSpan());
        using var png = bitmap.Encode(SKEncodedImageFormat.Jpeg, 30);

        var logo = ApplicationLogo.FromFile(png.ToArray()).Value!;

        logo.Length.ShouldBeLessThanOrEqualTo(ApplicationRules.MaxLogo);
    }

    [Fact]
    public async Task It_is_served_for_good_with_a_tag_and_is_not_sent_twice()
    {
        var application = await host.AddAsync();
        await ChooseAsync(application, "logo.png", Picture(32, 32));
        var browser = await host.BrowserAsync();
        await browser.OpenAsync($"/admin/applications/{application.Id}/logo");
        var address = browser.Find("#logo-now").GetAttribute("src")!;
        var user = await host.SignedInAsync(await host.AddUserAsync());

        var first = await user.OpenAsync(address);

        first.Headers["Cache-Control"].ShouldContain("immutable");
        first.Headers["ETag"].ShouldStartWith("\"");
        first.Headers["Content-Security-Policy"].ShouldContain("default-src");
    }

    [Fact]
    public async Task It_is_replaced_and_taken_away()
    {
        var application = await host.AddAsync();
        await ChooseAsync(application, "one.png", Picture(32, 32));
        var first = (await FindAsync(application)).Logo;
        await ChooseAsync(application, "two.png", Picture(16, 16));
        (await FindAsync(application)).Logo.ShouldNotBe(first);
        var browser = await host.BrowserAsync();
        await browser.OpenAsync($"/admin/applications/{application.Id}/logo");

        await browser.ClickAsync("#remove-picture");

        (await FindAsync(application)).Logo.ShouldBeNull();
    }

    [Fact]
    public async Task Without_a_file_nothing_happens()
    {
        var application = await host.AddAsync();
        var browser = await host.BrowserAsync();
        await browser.OpenAsync($"/admin/applications/{application.Id}/logo");

        await browser.ClickAsync("#use-picture");

        browser.Text("#Picture-error").ShouldBe("Choose a file first.");
    }

    private async Task<AdminBrowser> ChooseAsync(
        Application application,
        string name,
        byte[] content
    )
    {
        var browser = await host.BrowserAsync();
        await browser.OpenAsync($"/admin/applications/{application.Id}/logo");
        browser.Choose("#Picture", name, content);
        await browser.ClickAsync("#use-picture");
        browser.Status.ShouldBe(HttpStatusCode.OK);
        return browser;
    }

    private async Task<Application> FindAsync(Application application) =>
        (await host.AskAsync(s => s.FindAsync(application.Id)))!;

    private static byte[] Png(Application application) =>
        Convert.FromBase64String(application.Logo![ApplicationLogo.Kept.Length..]);

    private static byte[] Picture(
        int width,
        int height,
        SKEncodedImageFormat format = SKEncodedImageFormat.Png
    )
    {
        using var bitmap = new SKBitmap(width, height);
        bitmap.Erase(SKColors.CornflowerBlue);
        using var encoded = bitmap.Encode(format, 90);
        return encoded.ToArray();
    }

    /// <summary>A PNG whose header says another size than its pixels have.</summary>
    private static byte[] Claiming(int width, int height)
    {
        var png = Picture(8, 8);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(16), width);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(20), height);
        BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(29), Crc(png.AsSpan(12, 17)));
        return png;
    }

    /// <summary>A PNG with a comment behind its header.</summary>
    private static byte[] WithText(byte[] png)
    {
        byte[] text = [.. "tEXtComment\0"u8, .. Encoding.Latin1.GetBytes(Secret)];
        var chunk = new byte[text.Length + 8];
        BinaryPrimitives.WriteInt32BigEndian(chunk, text.Length - 4);
        text.CopyTo(chunk, 4);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(text.Length + 4), Crc(text));
        return [.. png[..33], .. chunk, .. png[33..]];
    }

    /// <summary>A JPEG whose scan stands in it again and again.</summary>
    private static byte[] ManyScans(int count)
    {
        var jpeg = Picture(8, 8, SKEncodedImageFormat.Jpeg);
        var start = jpeg.AsSpan().IndexOf([(byte)0xff, (byte)0xda]);
        var scan = jpeg[start..^2];
        return
        [
            .. jpeg[..start],
            .. Enumerable.Repeat(scan, count).SelectMany(bytes => bytes),
            0xff,
            0xd9,
        ];
    }

    /// <summary>CRC-32 as PNG uses it (ISO 3309).</summary>
    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) == 1 ? (crc >> 1) ^ 0xedb88320 : crc >> 1;
        }
        return ~crc;
    }
}
