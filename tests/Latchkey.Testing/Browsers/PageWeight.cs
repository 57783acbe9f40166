using System.Collections.Concurrent;
using System.Text.Json;

namespace Latchkey.Testing.Browsers;

/// <summary>What one page costs a browser that has never seen the site.</summary>
/// <param name="Bytes">As they came over the wire, headers and compression included.</param>
/// <param name="Addresses">What was asked for, redirects included.</param>
public sealed record PageWeight(long Bytes, IReadOnlyList<string> Addresses)
{
    public int Requests => Addresses.Count;

    public double Kilobytes => Bytes / 1024.0;

    public override string ToString() =>
        $"{Kilobytes:0.0} KB in {Requests} requests: {string.Join(", ", Addresses)}";

    /// <summary>Loads a page with an empty cache and adds up what came.</summary>
    public static async Task<PageWeight> OfAsync(Visit visit, string address)
    {
        var devTools = await visit.Context.NewCDPSessionAsync(visit.Page);
        var addresses = new ConcurrentQueue<string>();
        var bytes = 0L;

        devTools.Event("Network.requestWillBeSent").OnEvent += (_, data) =>
        {
            var url = data!.Value.GetProperty("request").GetProperty("url").GetString()!;
            // data: pictures travel inside the page that names them.
            if (!url.StartsWith("data:", StringComparison.Ordinal))
                addresses.Enqueue(url);
            if (data.Value.TryGetProperty("redirectResponse", out var redirect))
                Interlocked.Add(ref bytes, Length(redirect));
        };
        devTools.Event("Network.loadingFinished").OnEvent += (_, data) =>
            Interlocked.Add(ref bytes, Length(data!.Value));

        await devTools.SendAsync("Network.enable");
        await devTools.SendAsync("Network.setCacheDisabled", new() { ["cacheDisabled"] = true });
        await visit.Page.GotoAsync(
            address,
            new() { WaitUntil = Microsoft.Playwright.WaitUntilState.NetworkIdle }
        );
        await devTools.DetachAsync();
        return new PageWeight(Interlocked.Read(ref bytes), [.. addresses]);
    }

    private static long Length(JsonElement data) =>
        (long)data.GetProperty("encodedDataLength").GetDouble();
}
