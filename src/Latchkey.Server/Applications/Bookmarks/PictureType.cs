namespace Latchkey.Server.Applications.Bookmarks;

/// <summary>What kind of picture a file is, by what it begins with and not by its name.</summary>
internal static class PictureType
{
    /// <summary>The media type of a PNG, JPEG, GIF or WebP picture; null for everything else.</summary>
    public static string? Of(ReadOnlySpan<byte> bytes) =>
        bytes is [0x89, (byte)'P', (byte)'N', (byte)'G', ..] ? "image/png"
        : bytes is [0xff, 0xd8, 0xff, ..] ? "image/jpeg"
        : bytes.StartsWith("GIF87a"u8) || bytes.StartsWith("GIF89a"u8) ? "image/gif"
        : bytes.Length > 12 && bytes.StartsWith("RIFF"u8) && bytes[8..12].SequenceEqual("WEBP"u8)
            ? "image/webp"
        : null;
}
