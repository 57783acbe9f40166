using System.Collections.Concurrent;
using System.Text.Json;

namespace Latchkey.Testing.Browsers;

/// <summary>What one page costs a browser that has never seen the site.</summary>
/// <param name="Parts">What was asked for, redirects included, with the bytes that came over the wire for it, headers and compression included.</param>
public sealed record PageWeight(IReadOnlyList<(string Path, long Bytes)> Parts)
{
    public int Requests => Parts.Count;

    public double Kilobytes => Parts.Sum(part => part.Bytes) / 1024.0;

    public override string ToString() =>
        $"{Kilobytes:0.0} KB in {Requests} requests: "
        + string.Join(", ", Parts.Select(part => $"{part.Path} {part.Bytes / 1024.0:0.0}"));

    /// <summary>Loads a page with an empty cache and adds up what came.</summary>
    public static async Task<PageWeight> OfAsync(Visit visit, string address)
    {
        var devTools = await visit.Context.NewCDPSessionAsync(visit.Page);
        var parts = new ConcurrentQueue<(string Path, long Bytes)>();
        var open = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);

        devTools.Event("Network.requestWillBeSent").OnEvent += (_, data) =>
        {
            var id = data!.Value.GetProperty("requestId").GetString()!;
            var url = new Uri(data.Value.GetProperty("request").GetProperty("url").GetString()!);
            if (
                data.Value.TryGetProperty("redirectResponse", out var redirect)
                && open.TryRemove(id, out var redirected)
            )
                parts.Enqueue((redirected, Length(redirect)));
            // data: pictures travel inside the page that names them.
            if (url.Scheme != "data")
                open[id] = url.AbsolutePath;
        };
        devTools.Event("Network.loadingFinished").OnEvent += (_, data) =>
        {
            if (open.TryRemove(data!.Value.GetProperty("requestId").GetString()!, out var path))
                parts.Enqueue((path, Length(data.Value)));
        };
        devTools.Event("Network.loadingFailed").OnEvent += (_, data) =>
            open.TryRemove(data!.Value.GetProperty("requestId").GetString()!, out string? _);

        await devTools.SendAsync("Network.enable");
        await devTools.SendAsync("Network.setCacheDisabled", new() { ["cacheDisabled"] = true });
        await visit.Page.GotoAsync(address);
        // What the page asked for while it loaded; what is still on its way counts too.
        await Wait.UntilAsync(
            () => Task.FromResult(open.IsEmpty),
            () => $"{address} does not get {string.Join(", ", open.Values)}"
        );
        await devTools.SendAsync("Network.setCacheDisabled", new() { ["cacheDisabled"] = false });
        await devTools.DetachAsync();
        return new PageWeight([.. parts]);
    }

    private static long Length(JsonElement data) =>
        (long)data.GetProperty("encodedDataLength").GetDouble();
}
