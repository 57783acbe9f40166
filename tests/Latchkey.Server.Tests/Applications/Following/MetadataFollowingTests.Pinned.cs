using Latchkey.Saml.Keys;
using Latchkey.Server.Applications;
using Latchkey.Server.Applications.Following;
using Latchkey.Server.Directory;
using Latchkey.Server.Insights;
using Latchkey.Server.Problems;
using Latchkey.Server.Tests.SignIn;
using Latchkey.Server.Tests.SingleSignOn;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Tests.Applications.Following;

/// <summary>A signature that is demanded, and an end that counts (rule M2).</summary>
public abstract partial class MetadataFollowingTests
{
    [Fact]
    [Trait("Rule", "M2")]
    public async Task Metadata_of_another_entity_is_not_followed()
    {
        _site.Publish(_metadata with { EntityId = "urn:example:other" });

        (await StartAsync()).Problems.Single().Code.ShouldBe("follow-other-entity");
    }

    [Fact]
    [Trait("Rule", "M2")]
    public async Task With_a_pinned_key_unsigned_metadata_is_refused() =>
        (await StartAsync(s_publisher)).Problems[0].Code.ShouldBe("metadata-refused");

    [Fact]
    [Trait("Rule", "M2")]
    public async Task With_a_pinned_key_metadata_without_an_end_is_refused()
    {
        _site.Publish(_metadata, s_publisher);

        (await StartAsync(s_publisher)).Problems[0].Code.ShouldBe("metadata-refused");
    }

    [Fact]
    [Trait("Rule", "M2")]
    public async Task With_a_pinned_key_metadata_that_ends_too_late_is_refused()
    {
        _site.Publish(Ending(days: 500), s_publisher);

        (await StartAsync(s_publisher)).Problems[0].Code.ShouldBe("metadata-refused");
    }

    [Fact]
    [Trait("Rule", "M2")]
    public async Task Metadata_that_another_key_signed_is_refused_and_the_last_good_copy_counts()
    {
        _site.Publish(Ending(days: 30), s_publisher);
        await FollowAsync(s_publisher);
        _site.Publish(Ending(days: 30) with { Signing = [s_old, s_new] }, s_new);

        (await RefreshAsync())!.Problems[0].Code.ShouldBe("metadata-refused");

        (await IsAcceptedAsync(s_new)).ShouldBeFalse();
        (await IsAcceptedAsync(s_old)).ShouldBeTrue();
    }

    [Fact]
    [Trait("Rule", "M2")]
    public async Task A_pinned_key_vouches_for_keys_that_take_the_place_of_all()
    {
        _site.Publish(Ending(days: 30), s_publisher);
        await FollowAsync(s_publisher);
        _site.Publish(Ending(days: 30) with { Signing = [s_new] }, s_publisher);

        await RefreshAsync();

        (await IsAcceptedAsync(s_new)).ShouldBeTrue();
        (await IsAcceptedAsync(s_old)).ShouldBeFalse();
    }

    [Fact]
    [Trait("Rule", "M2")]
    public async Task After_its_end_nobody_signs_in_until_newer_metadata_is_read()
    {
        _site.Publish(Ending(days: 2));
        await FollowAsync();
        (await IsAcceptedAsync(s_old)).ShouldBeTrue();
        await LaterAsync(TimeSpan.FromDays(3));
        (await IsAcceptedAsync(s_old)).ShouldBeFalse();
        await FailsAsync();
        (await RefusalAsync()).ShouldBe("metadata-over");
        _site.Publish(Ending(days: 2));

        await RefreshAsync();

        (await IsAcceptedAsync(s_old)).ShouldBeTrue();
    }

    [Fact]
    [Trait("Rule", "M2")]
    public async Task Who_stops_following_takes_the_values_for_their_own()
    {
        _site.Publish(Ending(days: 2));
        await FollowAsync();
        await LaterAsync(TimeSpan.FromDays(3));
        (await IsAcceptedAsync(s_old)).ShouldBeFalse();

        await host.AskAsync((MetadataFollowing f) => f.StopAsync(_application, Ct));

        (await IsAcceptedAsync(s_old)).ShouldBeTrue();
    }

    [Fact]
    [Trait("Rule", "M2")]
    public async Task An_end_that_comes_nearer_counts_at_once()
    {
        _site.Publish(Ending(days: 30));
        await FollowAsync();
        (await IsAcceptedAsync(s_old)).ShouldBeTrue();
        _site.Publish(Ending(days: 1));
        await RefreshAsync();

        await LaterAsync(TimeSpan.FromDays(2));

        (await IsAcceptedAsync(s_old)).ShouldBeFalse();
    }
}
