using Latchkey.Server.Applications.Following;

namespace Latchkey.Server.Tests.Applications.Following;

public sealed class RefreshTimesTests
{
    private static readonly DateTimeOffset s_now = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(null, 6 * 60)]
    [InlineData(1, 15)]
    [InlineData(60, 60)]
    [InlineData(60 * 24 * 30, 24 * 60)]
    public void CacheDuration_counts_between_a_quarter_of_an_hour_and_a_day(
        int? minutes,
        int expected
    ) => WithinATenth(Next(minutes), expected);

    [Fact]
    public void Metadata_that_ends_soon_is_looked_at_before_it_does() =>
        WithinATenth(Next(24 * 60, s_now.AddHours(4)), 2 * 60);

    [Fact]
    public void Metadata_that_has_ended_is_asked_for_no_more_often_than_any() =>
        WithinATenth(Next(24 * 60, s_now.AddHours(-4)), 15);

    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 10)]
    [InlineData(4, 40)]
    [InlineData(100, 120)]
    public void What_fails_is_tried_again_soon_and_then_ever_less_often(
        int failures,
        int expected
    ) => WithinATenth(RefreshTimes.Again(s_now, failures) - s_now, expected);

    private static TimeSpan Next(int? minutes, DateTimeOffset? validUntil = null) =>
        RefreshTimes.Next(
            s_now,
            minutes is { } count ? TimeSpan.FromMinutes(count) : null,
            validUntil
        ) - s_now;

    private static void WithinATenth(TimeSpan wait, int minutes)
    {
        wait.ShouldBeGreaterThanOrEqualTo(TimeSpan.FromMinutes(minutes * 0.9));
        wait.ShouldBeLessThanOrEqualTo(TimeSpan.FromMinutes(minutes));
    }
}
