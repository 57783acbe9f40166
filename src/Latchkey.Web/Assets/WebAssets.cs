using System.Collections.Frozen;
using System.IO.Compression;
using System.Reflection;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace Latchkey.Web.Assets;

/// <summary>The stylesheets, scripts and pictures embedded in this assembly.</summary>
public sealed partial class WebAssets
{
    /// <summary>Where they are served.</summary>
    public const string Prefix = "/_lk/";

    private const string Tabler = "vendor/tabler.css";

    private readonly FrozenDictionary<string, WebAsset> assets;
    private readonly FrozenSet<string> icons;

    /// <summary>Reads what is embedded.</summary>
    public WebAssets()
    {
        var assembly = typeof(WebAssets).Assembly;
        assets = assembly
            .GetManifestResourceNames()
            .Where(name => name.StartsWith("wwwroot/", StringComparison.Ordinal))
            // Tabler first: ours adds to it.
            .OrderBy(name => PathOf(name) != Tabler)
            .ThenBy(name => name, StringComparer.Ordinal)
            .GroupBy(ServedAs, StringComparer.Ordinal)
            .Select(parts => new WebAsset(
                parts.Key,
                [.. parts.SelectMany(name => Read(assembly, name))]
            ))
            .ToFrozenDictionary(asset => asset.Path, StringComparer.Ordinal);
        var sprite = System.Text.Encoding.UTF8.GetString(assets["vendor/icons.svg"].Content);
        icons = SymbolId()
            .Matches(sprite)
            .Select(match => match.Value)
            .ToFrozenSet(StringComparer.Ordinal);
    }

    /// <summary>The asset at a path below the prefix, or null.</summary>
    public WebAsset? Find(string path) => assets.GetValueOrDefault(path);

    /// <summary>The address of an asset, with the hash of its content so that it can be kept for ever.</summary>
    public string Address(string path) =>
        assets.TryGetValue(path, out var asset)
            ? $"{Prefix}{path}?v={asset.Version}"
            : throw new ArgumentException($"There is no asset {path}.", nameof(path));

    /// <summary>The address of an icon in the sprite.</summary>
    public string Icon(string name) =>
        icons.Contains(name)
            ? $"{Address("vendor/icons.svg")}#{name}"
            : throw new ArgumentException(
                $"There is no icon {name}; build/assets/icons.txt lists them.",
                nameof(name)
            );

    /// <summary>Tabler and the parts of our stylesheet, which lie in a folder, are one file to a browser: each request is one more to wait for.</summary>
    private static string ServedAs(string name)
    {
        var path = PathOf(name);
        return path == Tabler || path.StartsWith("latchkey/", StringComparison.Ordinal)
            ? "latchkey.css"
            : path;
    }

    private static string PathOf(string name) => name["wwwroot/".Length..].Replace('\\', '/');

    private static byte[] Read(Assembly assembly, string name)
    {
        using var stream = assembly.GetManifestResourceStream(name)!;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }

    [GeneratedRegex("(?<=<symbol id=\")[^\"]+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SymbolId();
}

/// <summary>One file.</summary>
public sealed class WebAsset
{
    private readonly Lazy<byte[]> brotli;
    private readonly Lazy<byte[]> gzip;

    internal WebAsset(string path, byte[] content)
    {
        Path = path;
        Content = content;
        Version = Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 6));
        ContentType = System.IO.Path.GetExtension(path) switch
        {
            ".css" => "text/css; charset=utf-8",
            ".js" => "text/javascript; charset=utf-8",
            ".svg" => "image/svg+xml",
            ".png" => "image/png",
            _ => "application/octet-stream",
        };
        brotli = new(() =>
            Compress(s => new BrotliStream(s, new BrotliCompressionOptions { Quality = 9 }))
        );
        gzip = new(() => Compress(s => new GZipStream(s, CompressionLevel.SmallestSize)));
    }

    /// <summary>Its path below the prefix.</summary>
    public string Path { get; }

    /// <summary>Its media type.</summary>
    public string ContentType { get; }

    /// <summary>The start of its content's hash.</summary>
    public string Version { get; }

    /// <summary>Its bytes.</summary>
    public byte[] Content { get; }

    /// <summary>Its bytes with Brotli, made at the first request so that starting stays quick.</summary>
    public byte[] Brotli => brotli.Value;

    /// <summary>Its bytes with gzip, made at the first request.</summary>
    public byte[] Gzip => gzip.Value;

    private byte[] Compress(Func<Stream, Stream> compressor)
    {
        using var result = new MemoryStream();
        using (var stream = compressor(result))
        {
            stream.Write(Content);
        }
        return result.ToArray();
    }
}
