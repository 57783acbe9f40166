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

public sealed class MetadataFollowingOnSqliteTests(FollowingOnSqlite host)
    : MetadataFollowingTests(host),
        IClassFixture<FollowingOnSqlite>;

public sealed class MetadataFollowingOnPostgreSqlTests(FollowingOnPostgreSql host)
    : MetadataFollowingTests(host),
        IClassFixture<FollowingOnPostgreSql>;

/// <summary>A service provider publishes its metadata at an address of its own, and changes it.</summary>
public abstract class MetadataFollowingTests(TestIdentityProvider host) : IAsyncLifetime
{
    // Making one takes long enough to share them.
    private static readonly SigningKey s_old = SpMetadata.NewKey("old");
    private static readonly SigningKey s_new = SpMetadata.NewKey("new");
    private static readonly SigningKey s_publisher = SpMetadata.NewKey("publisher");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private TestServiceProvider _sp = null!;
    private SpMetadata _metadata = null!;
    private PublishedMetadata _site = null!;
    private Application _application = null!;
    private User _user = null!;
    private TestBrowser _browser = null!;

    public async ValueTask InitializeAsync()
    {
        _sp = new TestServiceProvider(host.Clock);
        _user = await host.AddUserAsync();
        _metadata = new SpMetadata(_sp.EntityId)
        {
            Acs = [_sp.Consumer],
            Signing = [s_old],
            Encryption = [s_old],
            SignsRequests = true,
            WantsSignedAssertions = true,
        };
        _application = await host.AddApplicationAsync(
            _sp,
            application =>
            {
                application.SpSigningCertificates = [Text(s_old)];
                application.SpEncryptionCertificates = [Text(s_old)];
                application.RequireSignedRequests = true;
                application.WantAssertionsSigned = true;
            },
            _user
        );
        _site = await PublishedMetadata.StartAsync(_metadata);
        _browser = await host.SignedInAsync(_user);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        // What is left of this test is not due in the next.
        await host.AskAsync((MetadataFollowing f) => f.StopAsync(_application, Ct));
        await _site.DisposeAsync();
    }

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

    [Theory]
    [InlineData("acs-host", "acs_urls")]
    [InlineData("acs-http", "acs_urls")]
    [InlineData("slo-host", "slo_urls")]
    [InlineData("signing-replaced", "sp_signing_certificates")]
    [InlineData("signing-gone", "sp_signing_certificates")]
    [InlineData("encryption-gone", "sp_encryption_certificates")]
    [InlineData("encryption-replaced", "sp_encryption_certificates")]
    [InlineData("signed-requests", "require_signed_requests")]
    [InlineData("signed-assertions", "want_assertions_signed")]
    [Trait("Rule", "M3")]
    public async Task What_lowers_security_waits_for_an_administrator(string change, string field)
    {
        await FollowAsync();
        var before = Facts(await FindAsync());
        _site.Publish(Lowered(change));

        (await RefreshAsync())!.Value!.Held.ShouldContain(field);

        Facts(await FindAsync()).ShouldBe(before);
        (await EventsAsync(EventTypes.MetadataAlarm))
            .Single()
            .FindingCode.ShouldBe("metadata-held");
    }

    [Fact]
    [Trait("Rule", "M3")]
    public async Task What_is_harmless_is_taken_over_beside_what_waits()
    {
        await FollowAsync();
        _site.Publish(
            _metadata with
            {
                Acs = [_sp.Consumer, _sp.Consumer + "/second"],
                WantsSignedAssertions = false,
            }
        );

        await RefreshAsync();

        (await FindAsync()).AcsEndpoints.Count.ShouldBe(2);
        (await FindAsync()).WantAssertionsSigned.ShouldBeTrue();
    }

    [Fact]
    [Trait("Rule", "M3")]
    public async Task What_waits_goes_on_waiting_and_is_told_once()
    {
        await FollowAsync();
        _site.Publish(Lowered("signing-replaced"));
        await RefreshAsync();

        (await RefreshAsync())!.Value!.Held.ShouldBe(["sp_signing_certificates"]);

        (await EventsAsync(EventTypes.MetadataAlarm)).Count.ShouldBe(1);
    }

    [Fact]
    [Trait("Rule", "M3")]
    public async Task What_waited_is_forgotten_when_the_service_provider_takes_it_back()
    {
        await FollowAsync();
        _site.Publish(Lowered("signing-replaced"));
        await RefreshAsync();
        _site.Publish(_metadata);

        (await RefreshAsync())!.Value!.Held.ShouldBeEmpty();
    }

    [Fact]
    [Trait("Rule", "M3")]
    public async Task What_an_administrator_changed_is_not_overwritten()
    {
        await FollowAsync();
        await host.AskAsync(s =>
            s.UpdateAsync(
                _application.Id,
                new ApplicationInput { SpSigningCertificates = [Text(s_old), Text(s_publisher)] },
                null
            )
        );
        await RefreshAsync();
        (await FindAsync()).SpSigningCertificates.Count.ShouldBe(2);
        _site.Publish(_metadata with { Signing = [s_old, s_new] });

        (await RefreshAsync())!.Value!.Held.ShouldBe(["sp_signing_certificates"]);

        (await FindAsync()).SpSigningCertificates.ShouldBe([Text(s_old), Text(s_publisher)]);
    }

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

    private async Task FailsAsync()
    {
        _site.Failure = 503;
        (await RefreshAsync())!.Ok.ShouldBeFalse();
        _site.Failure = null;
    }

    private Task<Outcome<StartedFollowing>> StartAsync(SigningKey? pinned = null) =>
        host.AskAsync(
            (MetadataFollowing f) =>
                f.StartAsync(_application.Id, _site.Url, pinned is null ? [] : [Text(pinned)], Ct)
        );

    private async Task FollowAsync(SigningKey? pinned = null)
    {
        var started = await StartAsync(pinned);
        started.Problems.ShouldBeEmpty();
        started.Value!.Proposal.ShouldBeNull();
    }

    private Task<Outcome<RefreshReport>?> RefreshAsync() =>
        host.AskAsync((MetadataRefresh r) => r.RunAsync(_application.Id, true, Ct));

    private Task<IReadOnlyList<Guid>> DueAsync() =>
        host.AskAsync((MetadataRefresh r) => r.DueAsync(1000, Ct));

    private async Task MakeDueAsync()
    {
        var now = host.Clock.GetUtcNow();
        await using var db = host.Open();
        await db
            .FollowedMetadata.Where(f => f.ApplicationId == _application.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(f => f.NextAt, now), Ct);
    }

    /// <summary>Sessions end; whoever was signed in is signed in again.</summary>
    private async Task LaterAsync(TimeSpan time)
    {
        host.Clock.Advance(time);
        _browser = await host.SignedInAsync(_user);
    }

    private async Task<bool> IsAcceptedAsync(SigningKey key) =>
        (await AskAsync(key)).Field("SAMLResponse") is not null;

    private async Task<string?> RefusalAsync()
    {
        var page = await AskAsync(s_old);
        return (await host.EventsAsync(page.ReferenceCode!))
            .Single(e => e.Type == EventTypes.SamlResponseRefused)
            .FindingCode;
    }

    private Task<TestPage> AskAsync(SigningKey key) =>
        _browser.OpenAsync(_sp.Redirect(_sp.Request(), null, key), "cross-site");

    private SpMetadata Ending(int days) =>
        _metadata with
        {
            ValidUntil = host.Clock.GetUtcNow().AddDays(days),
        };

    private SpMetadata Lowered(string change) =>
        change switch
        {
            "acs-host" => _metadata with { Acs = [_sp.Consumer, "https://evil.example.test/acs"] },
            "acs-http" => _metadata with { Acs = [_sp.Consumer, "http://localhost/acs"] },
            "slo-host" => _metadata with { Slo = ["https://evil.example.test/logout"] },
            "signing-replaced" => _metadata with { Signing = [s_new] },
            "signing-gone" => _metadata with { Signing = [], SignsRequests = false },
            "encryption-gone" => _metadata with { Encryption = [] },
            "encryption-replaced" => _metadata with { Encryption = [s_new] },
            "signed-requests" => _metadata with { SignsRequests = false },
            _ => _metadata with { WantsSignedAssertions = false },
        };

    private static string Facts(Application application) =>
        string.Join(
            '\n',
            ApplicationChanges.Snapshot(application).Select(field => $"{field.Key}={field.Value}")
        );

    private static string Text(SigningKey key) => Convert.ToBase64String(key.Certificate.RawData);

    private async Task<Application> FindAsync() =>
        (await host.AskAsync(s => s.FindAsync(_application.Id)))!;

    private async Task<FollowedMetadata> FollowedAsync() =>
        (await host.AskAsync((MetadataFollowing f) => f.FindAsync(_application.Id, Ct)))!;

    private async Task<IReadOnlyList<Event>> EventsAsync(string type) =>
        [.. (await host.EventsOfAsync(_application.Id)).Where(e => e.Type == type)];

    private async Task<int> MailsAsync()
    {
        await using var db = host.Open();
        return await db.QueuedMails.CountAsync(m => m.Template == "metadata_alarm", Ct);
    }

    private async Task<int> AdministratorsAsync()
    {
        await using var db = host.Open();
        return await db.Users.CountAsync(u => u.Role != null, Ct);
    }
}
