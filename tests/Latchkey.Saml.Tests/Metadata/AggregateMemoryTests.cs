using Latchkey.Saml.Metadata;

namespace Latchkey.Saml.Tests.Metadata;

/// <summary>Runs alone: what other tests hold would be counted.</summary>
[CollectionDefinition(nameof(MeasuredAlone), DisableParallelization = true)]
public sealed class MeasuredAlone;

/// <summary>Rule X2: what an aggregate needs is bounded by its largest entity.</summary>
[Collection(nameof(MeasuredAlone))]
public sealed class AggregateMemoryTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 14, 9, 26, 53, TimeSpan.Zero);

    [Fact]
    public async Task X2_Memory_does_not_grow_with_the_aggregate()
    {
        await MostAliveAsync(entities: 200);
        long few = await MostAliveAsync(entities: 200);
        long many = await MostAliveAsync(entities: 10_000);

        // Of some 50 megabytes that passed by.
        (many - few).ShouldBeLessThan(1024 * 1024);
    }

    // Bytes alive while the aggregate passes by, at the most.
    private static async Task<long> MostAliveAsync(int entities)
    {
        await using var stream = new EndlessAggregate(entities);
        var verdict = await MetadataAggregate.FindAsync(
            stream,
            "https://sp7.example.test",
            new MetadataRules { Now = Now },
            TestContext.Current.CancellationToken
        );
        verdict.Accepted.ShouldBeTrue();
        return stream.MostAlive;
    }
}
