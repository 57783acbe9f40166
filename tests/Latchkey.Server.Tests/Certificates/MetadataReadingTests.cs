using Latchkey.Server.Applications;
using Latchkey.Server.Certificates;
using Latchkey.Server.Roles;
using Latchkey.Testing;

namespace Latchkey.Server.Tests.Certificates;

/// <summary>Who has read which metadata: so that a rotation shows which service providers know the next certificate (flow C).</summary>
public abstract class MetadataReadingTests(TestIdentityProvider host)
{
    private const string Reader = "203.0.113.7";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_reading_is_written_down_with_its_address_and_what_it_called_itself()
    {
        var made = await AddAsync();

        (await host.ReadMetadataAsync(made, Reader, "sp/2.1")).ShouldBe(200);

        var found = await FoundAsync(made, f => f.Readings.Count == 1);
        found.Reading!.ClientIp.ShouldBe(Reader);
        found.Reading.UserAgent.ShouldBe("sp/2.1");
        found.Reading.LastAt.ShouldBe(host.Clock.GetUtcNow());
    }

    [Fact]
    public async Task Only_what_was_read_since_the_rotation_began_knows_the_next_certificate()
    {
        var made = await AddAsync();
        await host.ReadMetadataAsync(made, Reader);
        await FoundAsync(made, f => f.Reading is not null);

        await StartAsync(made);
        var behind = await FoundAsync(made, _ => true);
        await host.ReadMetadataAsync(made, Reader);

        behind.Reading.ShouldBeNull();
        behind.LastReading!.ClientIp.ShouldBe(Reader);
        (await FoundAsync(made, f => f.Reading is not null)).Readings.Single().Readings.ShouldBe(2);
    }

    [Fact]
    public async Task An_administrator_who_looks_is_not_the_service_provider()
    {
        var made = await AddAsync();
        var admin = await host.AddUserAsync(u => u.Role = Role.Owner);
        var browser = await host.SignedInAsync(admin);
        await browser.OpenAsync($"/saml2/{made.Slug}/metadata");

        // What comes after is written after: so that nothing was written before is known.
        await host.ReadMetadataAsync(made, Reader);

        (await FoundAsync(made, f => f.Readings.Count > 0))
            .Readings.Single()
            .ClientIp.ShouldBe(Reader);
    }

    [Fact]
    public async Task Somebody_who_looks_in_a_browser_is_shown_and_counts_for_nothing()
    {
        var made = await AddAsync();

        await host.ReadMetadataAsync(
            made,
            Reader,
            adjust: http => http.Request.Headers["Sec-Fetch-Mode"] = "navigate"
        );

        var found = await FoundAsync(made, f => f.Readings.Count == 1);
        found.Reading.ShouldBeNull();
    }

    [Fact]
    public async Task Reading_again_within_the_hour_is_not_written_again()
    {
        var made = await AddAsync();
        await host.ReadMetadataAsync(made, Reader);
        for (var i = 0; i < 20; i++)
        {
            await host.ReadMetadataAsync(made, Reader);
        }
        host.Clock.Advance(TimeSpan.FromHours(1));
        await host.ReadMetadataAsync(made, Reader);

        var found = await FoundAsync(made, f => f.LastReading?.LastAt == host.Clock.GetUtcNow());
        found.LastReading!.Readings.ShouldBe(2);
    }

    [Fact]
    public async Task Strangers_cannot_fill_the_table_nor_push_out_who_comes_again_and_again()
    {
        var made = await AddAsync();
        await StoreAsync(made, Reader, times: 3);

        for (var i = 0; i < MetadataReadings.MostAddresses + 20; i++)
        {
            await StoreAsync(made, $"198.51.100.{i}", times: 1);
        }

        var found = await FoundAsync(made, _ => true);
        found.Readings.Count.ShouldBe(MetadataReadings.MostAddresses);
        found.Readings.ShouldContain(r => r.ClientIp == Reader);
    }

    [Fact]
    public async Task What_is_written_in_an_hour_is_bounded()
    {
        var (made, other) = (await AddAsync(), await AddAsync());
        for (var i = 0; i < MetadataReadings.MostAnHour; i++)
        {
            await host.ReadMetadataAsync(made, $"198.51.100.{i}");
        }
        await host.ReadMetadataAsync(made, Reader);

        // Another application's is written after it, so that all that is written before is there.
        await host.ReadMetadataAsync(other, Reader);
        await FoundAsync(other, f => f.Readings.Count == 1);
        (await FoundAsync(made, _ => true)).Readings.ShouldNotContain(r => r.ClientIp == Reader);
    }

    private Task<Application> AddAsync() => host.AddAsync(host.Input() with { Active = true });

    private async Task StartAsync(Application made) =>
        (
            await host.AskAsync<CertificateRotation, Problems.Outcome<CertificateSet>>(r =>
                r.StartAsync(made.Id, null, Ct)
            )
        ).Problems.ShouldBeEmpty();

    private async Task StoreAsync(Application made, string address, int times)
    {
        for (var i = 0; i < times; i++)
        {
            await host.Service<MetadataReadings>()
                .StoreAsync(
                    new()
                    {
                        ApplicationId = made.Id,
                        ClientIp = address,
                        Certificates = "",
                        FirstAt = host.Clock.GetUtcNow(),
                        LastAt = host.Clock.GetUtcNow(),
                    },
                    Ct
                );
        }
    }

    /// <summary>The application once it is so: readings are written behind the answer.</summary>
    private async Task<CertifiedApplication> FoundAsync(
        Application made,
        Func<CertifiedApplication, bool> once
    )
    {
        CertifiedApplication? found = null;
        await Wait.UntilAsync(
            async () =>
            {
                found = await host.Service<CertificateQueries>().FindAsync(made.Id, Ct);
                return once(found!);
            },
            () => "the reading was not written down"
        );
        return found!;
    }

    public sealed class OnSqlite(SqliteIdentityProvider host)
        : MetadataReadingTests(host),
            IClassFixture<SqliteIdentityProvider>;

    public sealed class OnPostgreSql(PostgreSqlIdentityProvider host)
        : MetadataReadingTests(host),
            IClassFixture<PostgreSqlIdentityProvider>;
}
