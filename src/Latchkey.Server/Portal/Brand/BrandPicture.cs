using System.Buffers.Binary;
using Latchkey.Server.Problems;

namespace Latchkey.Server.Portal.Brand;

/// <summary>The organisation's logo as it was uploaded (J-50). There is one row or none.</summary>
internal sealed class BrandPicture
{
    public const string Logo = "logo";

    public required string Name { get; init; }

    /// <summary><c>image/png</c> or <c>image/jpeg</c>, by what the file is.</summary>
    public required string ContentType { get; set; }

    public required byte[] Content { get; set; }

    /// <summary>The beginning of SHA-256 in hexadecimal: another picture has another address.</summary>
    public required string Hash { get; set; }
}

/// <summary>What a picture must be: PNG or JPEG by its content, whatever its name says, large enough to be sharp, small enough for every page.</summary>
internal static class PictureFile
{
    public const int LeastSide = 400;
    public const int MostBytes = 780 * 1024;

    private static ReadOnlySpan<byte> PngStart => [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

    /// <summary>The picture's type, or what is wrong with it.</summary>
    public static (string? ContentType, Problem? Problem) Check(ReadOnlySpan<byte> file)
    {
        if (file.Length > MostBytes)
        {
            return (null, new Problem("brand-logo-too-large", "logo", MostBytes / 1024));
        }
        var (type, size) = file.StartsWith(PngStart)
            ? ("image/png", PngSize(file))
            : ("image/jpeg", JpegSize(file));
        if (size is not { } sides)
        {
            return (null, new Problem("brand-logo-not-a-picture", "logo"));
        }
        return Math.Min(sides.Width, sides.Height) < LeastSide
            ? (
                null,
                new Problem("brand-logo-too-small", "logo", LeastSide, sides.Width, sides.Height)
            )
            : (type, null);
    }

    // The header is the first chunk: length, "IHDR", width, height (PNG, 11.2.2).
    private static (int Width, int Height)? PngSize(ReadOnlySpan<byte> file) =>
        file.Length >= 33 && file[12..16].SequenceEqual("IHDR"u8)
            ? Sides(
                BinaryPrimitives.ReadUInt32BigEndian(file[16..]),
                BinaryPrimitives.ReadUInt32BigEndian(file[20..])
            )
            : null;

    // Segments up to the frame's header, which holds height and width (ITU-T T.81, B.2.2).
    private static (int Width, int Height)? JpegSize(ReadOnlySpan<byte> file)
    {
        if (file is not [0xff, 0xd8, 0xff, ..])
        {
            return null;
        }
        var at = 2;
        while (at + 9 < file.Length && file[at] == 0xff)
        {
            var marker = file[at + 1];
            if (marker is >= 0xc0 and <= 0xcf and not (0xc4 or 0xc8 or 0xcc))
            {
                return Sides(
                    BinaryPrimitives.ReadUInt16BigEndian(file[(at + 7)..]),
                    BinaryPrimitives.ReadUInt16BigEndian(file[(at + 5)..])
                );
            }
            at += 2 + BinaryPrimitives.ReadUInt16BigEndian(file[(at + 2)..]);
        }
        return null;
    }

    private static (int Width, int Height)? Sides(uint width, uint height) =>
        width is > 0 and < 100_000 && height is > 0 and < 100_000
            ? ((int)width, (int)height)
            : null;
}
