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

/// <summary>What changes there changes here, and what fails leaves the last good copy.</summary>
public abstract partial class MetadataFollowingTests
{
    [Fact]
    [Trait("Rule", "M3")]
    public async Task A_change_of_keys_at_the_service_provider_is_followed()
    {
        await FollowAsync();
        (await IsAcceptedAsync(s_new)).ShouldBeFalse();

        _site.Publish(_metadata with { Signing = [s_old, s_new] });
        await RefreshAsync();
        (await IsAcceptedAsync(s_new)).ShouldBeTrue();
        (await IsAcceptedAsync(s_old)).ShouldBeTrue();

        _site.Publish(_metadata with { Signing = [s_new] });
        await RefreshAsync();
        (await IsAcceptedAsync(s_new)).ShouldBeTrue();
        (await IsAcceptedAsync(s_old)).ShouldBeFalse();
    }

    [Fact]
    public async Task Every_refresh_is_an_event_that_says_what_changed()
    {
        await FollowAsync();
        _site.Publish(_metadata with { Signing = [s_old, s_new] });

        await RefreshAsync();

        var refresh = (await EventsAsync(EventTypes.MetadataRefresh)).Single();
        refresh.Success.ShouldBeTrue();
        refresh.Details.ShouldContain("sp_signing_certificates");
        (await EventsAsync(EventTypes.ApplicationUpdate))
            .Single()
            .Details.ShouldContain("sp_signing_certificates");
    }

    [Fact]
    public async Task What_has_not_changed_is_not_sent_again()
    {
        await FollowAsync();

        await RefreshAsync();

        _site.Unchanged.ShouldBe(1);
        (await EventsAsync(EventTypes.MetadataRefresh)).Single().Success.ShouldBeTrue();
    }

    [Fact]
    public async Task A_refresh_that_changes_nothing_disturbs_nobody_who_edits_the_application()
    {
        await FollowAsync();
        var before = (await FindAsync()).Version;

        await RefreshAsync();

        (await FindAsync()).Version.ShouldBe(before);
    }

    [Fact]
    public async Task Of_several_nodes_one_looks()
    {
        await FollowAsync();
        await MakeDueAsync();
        var asked = _site.Asked;

        var came = await Task.WhenAll(
            Enumerable
                .Range(0, 4)
                .Select(_ =>
                    host.AskAsync((MetadataRefresh r) => r.RunAsync(_application.Id, false, Ct))
                )
        );

        (_site.Asked - asked).ShouldBe(1);
        came.Count(outcome => outcome is not null).ShouldBe(1);
    }

    [Fact]
    public async Task It_is_looked_at_when_it_is_due_and_not_before()
    {
        await FollowAsync();
        (await DueAsync()).ShouldNotContain(_application.Id);
        await MakeDueAsync();

        (await DueAsync()).ShouldContain(_application.Id);
    }

    [Theory]
    [InlineData("status", "fetch-status")]
    [InlineData("garbage", "metadata-refused")]
    [InlineData("other", "follow-other-entity")]
    public async Task What_fails_is_an_event_and_leaves_the_last_good_copy(
        string failure,
        string code
    )
    {
        await FollowAsync();
        switch (failure)
        {
            case "status":
                _site.Failure = 503;
                break;
            case "garbage":
                _site.Content = "<html>Sorry</html>"u8.ToArray();
                break;
            default:
                _site.Publish(_metadata with { EntityId = "urn:example:other" });
                break;
        }

        (await RefreshAsync())!.Problems[0].Code.ShouldBe(code);

        (await EventsAsync(EventTypes.MetadataRefresh)).Single().FindingCode.ShouldBe(code);
        (await FindAsync()).SpSigningCertificates.ShouldBe([Text(s_old)]);
        (await IsAcceptedAsync(s_old)).ShouldBeTrue();
    }

    [Fact]
    public async Task After_a_failure_it_is_tried_again_soon_and_goes_on()
    {
        await FollowAsync();
        _site.Failure = 503;
        await RefreshAsync();
        var followed = await FollowedAsync();
        (followed.NextAt - host.Clock.GetUtcNow()).ShouldBeLessThan(TimeSpan.FromMinutes(6));
        _site.Failure = null;

        await RefreshAsync();

        followed = await FollowedAsync();
        (followed.Failures, followed.FailingSince).ShouldBe((0, null));
    }

    [Fact]
    [Trait("Rule", "M1")]
    public async Task An_address_that_begins_to_lead_inside_is_refused()
    {
        await FollowAsync();
        _site.MovedTo = "https://10.1.2.3/metadata";

        (await RefreshAsync())!.Problems[0].Code.ShouldBe("fetch-private-address");
    }
}
