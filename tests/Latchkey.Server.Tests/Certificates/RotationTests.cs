using Latchkey.Saml.Metadata;
using Latchkey.Server.Applications;
using Latchkey.Server.Certificates;
using Latchkey.Server.Insights;
using Latchkey.Server.Problems;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Latchkey.Server.Tests.Certificates;

/// <summary>The life of an application's certificates: next, active, former, gone (flow C, rule I6).</summary>
[Trait("Rule", "I6")]
public abstract class RotationTests(TestIdentityProvider host)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_next_certificate_is_published_behind_the_one_that_signs()
    {
        var made = await AddAsync();
        var first = (await SetAsync(made)).Active!;

        var set = Done(await RotateAsync(r => r.StartAsync(made.Id, null, Ct)));

        set.Active!.Id.ShouldBe(first.Id);
        (await PublishedAsync(made)).ShouldBe([first.Certificate, set.Next!.Certificate]);
    }

    [Fact]
    public async Task A_switch_lets_the_next_one_sign_and_keeps_the_old_one_published_for_14_days()
    {
        var made = await AddAsync();
        var (old, next) = await StartAsync(made);

        Done(await RotateAsync(r => r.SwitchAsync(made.Id, null, Ct)));

        (await PublishedAsync(made)).ShouldBe([next.Certificate, old.Certificate]);
        host.Clock.Advance(TimeSpan.FromDays(14));
        (await PublishedAsync(made)).ShouldBe([next.Certificate]);
    }

    [Fact]
    public async Task A_switch_at_a_time_comes_at_that_time_though_nothing_has_run()
    {
        var made = await AddAsync();
        var (old, next) = await StartAsync(made);
        var at = host.Clock.GetUtcNow().AddDays(3);

        Done(await RotateAsync(r => r.SwitchAsync(made.Id, at, Ct)));

        host.Clock.Advance(TimeSpan.FromDays(3) - TimeSpan.FromSeconds(1));
        (await SetAsync(made)).Active!.Id.ShouldBe(old.Id);
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        var set = await SetAsync(made);
        set.Active!.Id.ShouldBe(next.Id);
        set.Former.Single().RetireAt.ShouldBe(at + CertificateRotation.Overlap);
    }

    [Fact]
    public async Task A_planned_switch_can_be_taken_back()
    {
        var made = await AddAsync();
        var (old, next) = await StartAsync(made);
        var at = host.Clock.GetUtcNow().AddDays(3);
        Done(await RotateAsync(r => r.SwitchAsync(made.Id, at, Ct)));

        Done(await RotateAsync(r => r.UndoAsync(made.Id, Ct)));

        host.Clock.Advance(TimeSpan.FromDays(30));
        var set = await SetAsync(made);
        (set.Active!.Id, set.Next!.Id).ShouldBe((old.Id, next.Id));
        set.Active.RetireAt.ShouldBeNull();
    }

    [Fact]
    public async Task A_planned_switch_is_told_when_it_has_happened_once_by_whichever_node_looks_first()
    {
        var made = await AddAsync();
        var (old, next) = await StartAsync(made);
        var at = host.Clock.GetUtcNow().AddDays(3);
        Done(await RotateAsync(r => r.SwitchAsync(made.Id, at, Ct)));
        await TellAsync();
        (await SwitchesAsync(made)).ShouldBeEmpty();
        host.Clock.Advance(TimeSpan.FromDays(3));

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => TellAsync()));
        await TellAsync();

        var details = (await SwitchesAsync(made)).ShouldHaveSingleItem().Details;
        details.ShouldContain(CertificateText.Sha256(old.Certificate));
        details.ShouldContain(CertificateText.Sha256(next.Certificate));
    }

    [Fact]
    public async Task A_plan_that_was_taken_back_or_overtaken_is_told_of_no_more()
    {
        var made = await AddAsync();
        await StartAsync(made);
        var at = host.Clock.GetUtcNow().AddDays(3);
        Done(await RotateAsync(r => r.SwitchAsync(made.Id, at, Ct)));
        Done(await RotateAsync(r => r.UndoAsync(made.Id, Ct)));
        Done(await RotateAsync(r => r.SwitchAsync(made.Id, at, Ct)));
        Done(await RotateAsync(r => r.SwitchAsync(made.Id, null, Ct)));
        host.Clock.Advance(TimeSpan.FromDays(3));

        await TellAsync();

        // The one that was pressed.
        (await SwitchesAsync(made)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Until_the_old_one_retires_there_is_a_way_back()
    {
        var made = await AddAsync();
        var (old, next) = await StartAsync(made);
        Done(await RotateAsync(r => r.SwitchAsync(made.Id, null, Ct)));
        host.Clock.Advance(TimeSpan.FromDays(13));

        Done(await RotateAsync(r => r.UndoAsync(made.Id, Ct)));

        (await PublishedAsync(made)).ShouldBe([old.Certificate, next.Certificate]);
        host.Clock.Advance(TimeSpan.FromDays(30));
        (await SetAsync(made)).Active!.Id.ShouldBe(old.Id);
    }

    [Fact]
    public async Task When_the_old_one_is_retired_there_is_no_way_back()
    {
        var made = await AddAsync();
        await StartAsync(made);
        Done(await RotateAsync(r => r.SwitchAsync(made.Id, null, Ct)));
        host.Clock.Advance(CertificateRotation.Overlap);

        var undone = await RotateAsync(r => r.UndoAsync(made.Id, Ct));

        undone.Problems.Single().Code.ShouldBe("rotation-no-way-back");
    }

    [Fact]
    public async Task The_old_one_can_be_retired_at_once_and_its_key_is_gone()
    {
        var made = await AddAsync();
        var (old, next) = await StartAsync(made);
        Done(await RotateAsync(r => r.SwitchAsync(made.Id, null, Ct)));

        Done(await RotateAsync(r => r.RetireAsync(made.Id, old.Id, Ct)));

        await using var db = host.Open();
        var left = await db
            .ApplicationCertificates.Where(c => c.ApplicationId == made.Id)
            .ToListAsync(Ct);
        left.Single().Id.ShouldBe(next.Id);
    }

    [Fact]
    public async Task What_has_retired_is_deleted_once_by_whichever_node_comes_first()
    {
        var made = await AddAsync();
        await StartAsync(made);
        Done(await RotateAsync(r => r.SwitchAsync(made.Id, null, Ct)));
        host.Clock.Advance(CertificateRotation.Overlap);

        await Task.WhenAll(
            Enumerable
                .Range(0, 4)
                .Select(_ => host.AskAsync<CertificateRotation, int>(r => r.TidyAsync(Ct)))
        );

        (await SetAsync(made)).Retired.ShouldBeEmpty();
        (await TypesAsync(made)).Count(t => t == EventTypes.CertificateDelete).ShouldBe(1);
    }

    [Fact]
    public async Task The_certificate_that_signs_cannot_be_retired()
    {
        var made = await AddAsync();
        var active = (await SetAsync(made)).Active!;

        var retired = await RotateAsync(r => r.RetireAsync(made.Id, active.Id, Ct));

        retired.Problems.Single().Code.ShouldBe("certificate-signs");
    }

    [Fact]
    public async Task A_next_one_that_is_discarded_leaves_everything_as_it_was()
    {
        var made = await AddAsync();
        var (old, next) = await StartAsync(made);
        var at = host.Clock.GetUtcNow().AddDays(1);
        Done(await RotateAsync(r => r.SwitchAsync(made.Id, at, Ct)));

        Done(await RotateAsync(r => r.RetireAsync(made.Id, next.Id, Ct)));

        host.Clock.Advance(TimeSpan.FromDays(30));
        (await PublishedAsync(made)).ShouldBe([old.Certificate]);
    }

    [Fact]
    public async Task Of_two_who_start_at_once_one_does_and_the_other_is_told()
    {
        var made = await AddAsync();

        var outcomes = await TogetherAsync(r => r.StartAsync(made.Id, null, Ct));

        outcomes.Count(o => o.Ok).ShouldBe(1);
        outcomes.Single(o => !o.Ok).Problems.Single().Code.ShouldBe("rotation-started");
        (await PublishedAsync(made)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Of_two_who_switch_at_once_one_does_and_one_certificate_signs()
    {
        var made = await AddAsync();
        var (_, next) = await StartAsync(made);

        var outcomes = await TogetherAsync(r => r.SwitchAsync(made.Id, null, Ct));

        outcomes.Count(o => o.Ok).ShouldBe(1);
        outcomes.Single(o => !o.Ok).Problems.Single().Code.ShouldBe("rotation-not-started");
        (await SetAsync(made)).Active!.Id.ShouldBe(next.Id);
        (await TypesAsync(made)).Count(t => t == EventTypes.CertificateSwitch).ShouldBe(1);
    }

    [Fact]
    public async Task Every_step_is_an_event()
    {
        var made = await AddAsync();
        var (old, _) = await StartAsync(made);
        var at = host.Clock.GetUtcNow().AddDays(1);
        Done(await RotateAsync(r => r.SwitchAsync(made.Id, at, Ct)));
        Done(await RotateAsync(r => r.UndoAsync(made.Id, Ct)));
        Done(await RotateAsync(r => r.SwitchAsync(made.Id, null, Ct)));
        Done(await RotateAsync(r => r.UndoAsync(made.Id, Ct)));
        Done(await RotateAsync(r => r.SwitchAsync(made.Id, null, Ct)));
        Done(await RotateAsync(r => r.RetireAsync(made.Id, old.Id, Ct)));

        (await TypesAsync(made))
            .Skip(2)
            .ShouldBe([
                EventTypes.CertificateCreate,
                EventTypes.CertificateSwitchScheduled,
                EventTypes.CertificateSwitchCancelled,
                EventTypes.CertificateSwitch,
                EventTypes.CertificateSwitchUndone,
                EventTypes.CertificateSwitch,
                EventTypes.CertificateDelete,
            ]);
    }

    [Fact]
    public async Task An_application_that_was_never_active_has_nothing_to_rotate()
    {
        var made = await host.AddAsync();

        var started = await RotateAsync(r => r.StartAsync(made.Id, null, Ct));

        started.Problems.Single().Code.ShouldBe("certificate-none");
    }

    [Fact]
    public async Task A_time_that_is_over_is_refused()
    {
        var made = await AddAsync();
        await StartAsync(made);

        var planned = await RotateAsync(r =>
            r.SwitchAsync(made.Id, host.Clock.GetUtcNow().AddSeconds(-1), Ct)
        );

        planned.Problems.Single().Code.ShouldBe("schedule-past");
    }

    [Theory]
    [InlineData("Rsa2048", 2048, "sha256RSA")]
    [InlineData("Rsa3072", 3072, "sha256RSA")]
    [InlineData("P256", 256, "sha256ECDSA")]
    [Trait("Rule", "S0-13")]
    public async Task The_next_key_is_of_the_kind_that_was_chosen(
        string kind,
        int bits,
        string signature
    )
    {
        var made = await AddAsync();

        var set = Done(
            await RotateAsync(r => r.StartAsync(made.Id, new(Enum.Parse<KeyKind>(kind)), Ct))
        );

        using var key = host.Certificates.OpenSigningKey(set.Next!);
        var algorithm = key.Certificate.PublicKey;
        (algorithm.GetRSAPublicKey()?.KeySize ?? algorithm.GetECDsaPublicKey()!.KeySize).ShouldBe(
            bits
        );
        key.Certificate.SignatureAlgorithm.FriendlyName.ShouldBe(signature);
    }

    [Fact]
    [Trait("Rule", "S0-14")]
    [Trait("Rule", "S0-13")]
    public async Task A_certificate_can_carry_SHA_1_where_somebody_chose_it()
    {
        var made = await AddAsync();

        var set = Done(
            await RotateAsync(r => r.StartAsync(made.Id, new(Hash: CertificateHash.Sha1), Ct))
        );

        using var key = host.Certificates.OpenSigningKey(set.Next!);
        key.Certificate.SignatureAlgorithm.FriendlyName.ShouldBe("sha1RSA");
    }

    private Task<Application> AddAsync() => host.AddAsync(host.Input() with { Active = true });

    private Task<CertificateSet> SetAsync(Application made) =>
        host.AskAsync<CertificateRotation, CertificateSet>(r => r.OfAsync(made.Id, Ct));

    private Task<Outcome<CertificateSet>> RotateAsync(
        Func<CertificateRotation, Task<Outcome<CertificateSet>>> step
    ) => host.AskAsync(step);

    private async Task<(ApplicationCertificate Old, ApplicationCertificate Next)> StartAsync(
        Application made
    )
    {
        var set = Done(await RotateAsync(r => r.StartAsync(made.Id, null, Ct)));
        return (set.Active!, set.Next!);
    }

    /// <summary>The same step on two nodes at once.</summary>
    private async Task<Outcome<CertificateSet>[]> TogetherAsync(
        Func<CertificateRotation, Task<Outcome<CertificateSet>>> step
    )
    {
        var (services, _) = await host.AddNodeAsync();
        await using var scope = services.CreateAsyncScope();
        var other = scope.ServiceProvider.GetRequiredService<CertificateRotation>();
        return await Task.WhenAll(
            Task.Run(() => RotateAsync(step), Ct),
            Task.Run(() => step(other), Ct)
        );
    }

    private async Task<IReadOnlyList<byte[]>> PublishedAsync(Application made)
    {
        using var stranger = host.Stranger();
        var xml = await stranger.GetByteArrayAsync($"/saml2/{made.Slug}/metadata", Ct);
        return
        [
            .. MetadataReader
                .Read(xml, host.Clock.GetUtcNow())
                .Value!.Entities.Single()
                .IdentityProvider!.SigningCertificates.Select(c => c.ToArray()),
        ];
    }

    private Task<int> TellAsync() =>
        host.AskAsync<PlannedSwitches, int>(switches => switches.TellAsync(Ct));

    private async Task<IReadOnlyList<Event>> SwitchesAsync(Application made) =>
        [.. (await host.EventsOfAsync(made.Id)).Where(e => e.Type == EventTypes.CertificateSwitch)];

    private async Task<IReadOnlyList<string>> TypesAsync(Application made) =>
        [.. (await host.EventsOfAsync(made.Id)).Select(e => e.Type)];

    private static CertificateSet Done(Outcome<CertificateSet> outcome)
    {
        outcome.Problems.ShouldBeEmpty();
        return outcome.Value!;
    }

    public sealed class OnSqlite(SqliteIdentityProvider host)
        : RotationTests(host),
            IClassFixture<SqliteIdentityProvider>;

    public sealed class OnPostgreSql(PostgreSqlIdentityProvider host)
        : RotationTests(host),
            IClassFixture<PostgreSqlIdentityProvider>;
}
