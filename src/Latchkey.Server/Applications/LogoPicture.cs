using Latchkey.Server.Problems;
using SkiaSharp;

namespace Latchkey.Server.Applications;

/// <summary>
/// Draws a stranger's picture anew, small and as PNG. Everything that can be known before the pixels are unpacked is
/// checked before: what kind of file it is by its own bytes, how many pixels it claims to have, how often it wants to be
/// gone over.
/// </summary>
internal static class LogoPicture
{
    /// <summary>The longer side of what is kept: four times what a tile shows.</summary>
    public const int Side = 256;

    public const int MaxSide = 4096;

    /// <summary>Unpacked, 16 MB.</summary>
    public const int MaxPixels = 4 * 1024 * 1024;

    /// <summary>A progressive JPEG comes in some ten scans, each of which goes over the whole picture.</summary>
    private const int MaxScans = 64;

    /// <summary>The picture's first frame as PNG, of at most <see cref="ApplicationRules.MaxLogo"/> characters in base64.</summary>
    public static Outcome<byte[]> ToPng(byte[] file)
    {
        if (Kind(file) is not { } kind)
        {
            return new Problem("logo-kind", "logo");
        }
        if (kind == SKEncodedImageFormat.Jpeg && Scans(file) > MaxScans)
        {
            return new Problem("logo-unreadable", "logo");
        }
        using var data = SKData.CreateCopy(file);
        using var codec = SKCodec.Create(data);
        if (codec is null || codec.EncodedFormat != kind)
        {
            return new Problem("logo-unreadable", "logo");
        }
        var (width, height) = (codec.Info.Width, codec.Info.Height);
        if (width > MaxSide || height > MaxSide || (long)width * height > MaxPixels)
        {
            return new Problem("logo-pixels", "logo", width, height, MaxSide, MaxPixels);
        }
        using var whole = new SKBitmap(
            new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Premul)
        );
        return codec.GetPixels(whole.Info, whole.GetPixels()) == SKCodecResult.Success
            ? Smaller(whole)
            : new Problem("logo-unreadable", "logo");
    }

    private static Outcome<byte[]> Smaller(SKBitmap whole)
    {
        // Noise does not pack; half the side is a quarter of it.
        for (var side = Side; side > 0; side /= 2)
        {
            var scale = Math.Min(1, side / (double)Math.Max(whole.Width, whole.Height));
            using var small = whole.Resize(
                whole.Info.WithSize(
                    Math.Max(1, (int)Math.Round(whole.Width * scale)),
                    Math.Max(1, (int)Math.Round(whole.Height * scale))
                ),
                new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear)
            );
            using var png = small?.Encode(SKEncodedImageFormat.Png, 100);
            if (png is null)
            {
                break;
            }
            if (png.Size * 4 / 3 <= ApplicationRules.MaxLogo - 64)
            {
                return png.ToArray();
            }
        }
        return new Problem("logo-unreadable", "logo");
    }

    /// <summary>By what it begins with, and not by its name or by what somebody calls it.</summary>
    private static SKEncodedImageFormat? Kind(ReadOnlySpan<byte> bytes) =>
        bytes is [0x89, (byte)'P', (byte)'N', (byte)'G', ..] ? SKEncodedImageFormat.Png
        : bytes is [0xff, 0xd8, 0xff, ..] ? SKEncodedImageFormat.Jpeg
        : bytes.StartsWith("GIF87a"u8) || bytes.StartsWith("GIF89a"u8) ? SKEncodedImageFormat.Gif
        : bytes.Length > 12 && bytes.StartsWith("RIFF"u8) && bytes[8..12].SequenceEqual("WEBP"u8)
            ? SKEncodedImageFormat.Webp
        : null;

    /// <summary>How often "start of scan" stands in a JPEG; within a scan its bytes cannot.</summary>
    private static int Scans(ReadOnlySpan<byte> jpeg) => jpeg.Count([(byte)0xff, (byte)0xda]);
}
