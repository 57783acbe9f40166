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

/// <summary>Administrators are told in time.</summary>
public abstract partial class MetadataFollowingTests
{
    [Fact]
    public async Task Administrators_are_told_once_when_it_cannot_be_read_for_a_day()
    {
        await host.UserAsync(administrator: true);
        await FollowAsync();
        _site.Failure = 503;
        await RefreshAsync();
        var before = await MailsAsync();
        (await EventsAsync(EventTypes.MetadataAlarm)).ShouldBeEmpty();
        await LaterAsync(TimeSpan.FromHours(25));

        await RefreshAsync();
        await RefreshAsync();

        (await EventsAsync(EventTypes.MetadataAlarm))
            .Single()
            .FindingCode.ShouldBe("metadata-failing");
        (await MailsAsync() - before).ShouldBe(await AdministratorsAsync());
    }

    [Fact]
    public async Task Administrators_are_told_before_it_ends()
    {
        _site.Publish(Ending(days: 20));
        await FollowAsync();
        await LaterAsync(TimeSpan.FromDays(14));
        await RefreshAsync();
        (await EventsAsync(EventTypes.MetadataAlarm)).ShouldBeEmpty();
        await LaterAsync(TimeSpan.FromDays(2));

        await RefreshAsync();

        (await EventsAsync(EventTypes.MetadataAlarm))
            .Single()
            .FindingCode.ShouldBe("metadata-expiring");
    }

    [Fact]
    public async Task The_alarm_ends_with_its_cause()
    {
        await FollowAsync();
        await FailsAsync();
        await LaterAsync(TimeSpan.FromHours(25));
        await FailsAsync();
        (await FollowedAsync()).Alarm.ShouldBe(MetadataAlarm.Failing);
        _site.Failure = null;

        await RefreshAsync();

        (await FollowedAsync()).Alarm.ShouldBe(MetadataAlarm.None);
    }
}
