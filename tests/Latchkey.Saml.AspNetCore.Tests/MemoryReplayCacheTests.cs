using Latchkey.Saml.AspNetCore.Replay;
using Microsoft.Extensions.Time.Testing;

namespace Latchkey.Saml.AspNetCore.Tests;

[Trait("Rule", "P7")]
public sealed class MemoryReplayCacheTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task P7_of_many_at_once_one_gets_in()
    {
        var cache = new MemoryReplayCache(_time);
        var expires = _time.GetUtcNow().AddMinutes(5);

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 64).Select(_ => Task.Run(() => Add(cache, "one", expires)))
        );

        answers.Count(added => added).ShouldBe(1);
    }

    [Fact]
    public async Task P7_what_has_expired_is_forgotten()
    {
        var cache = new MemoryReplayCache(_time);
        await Add(cache, "old", _time.GetUtcNow().AddMinutes(5));

        _time.Advance(TimeSpan.FromMinutes(6));
        await Add(cache, "new", _time.GetUtcNow().AddMinutes(5));

        cache.Count.ShouldBe(1);
    }

    private static Task<bool> Add(MemoryReplayCache cache, string key, DateTimeOffset expires) =>
        cache.TryAddAsync(key, expires, TestContext.Current.CancellationToken).AsTask();
}
