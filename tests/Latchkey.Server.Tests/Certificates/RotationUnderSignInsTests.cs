using Latchkey.Saml.Keys;
using Latchkey.Saml.Metadata;
using Latchkey.Server.Applications;
using Latchkey.Server.Certificates;
using Latchkey.Server.Directory;
using Latchkey.Server.Problems;
using Latchkey.Server.Tests.SignIn;
using Latchkey.Server.Tests.SingleSignOn;

namespace Latchkey.Server.Tests.Certificates;

/// <summary>Certificates that never cause an outage: people sign in on two nodes while the key is rotated, and not one of them fails.</summary>
[Trait("Rule", "I6")]
public abstract class RotationUnderSignInsTests(TestIdentityProvider host)
{
    private const int People = 4;

    /// <summary>Sign-ins between one step of the administrator's and the next.</summary>
    private const int Between = 12;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Not_one_sign_in_fails_while_the_key_is_rotated()
    {
        var (_, other) = await host.AddNodeAsync();
        var sp = new TestServiceProvider(host.Clock);
        var users = new List<User>();
        for (var i = 0; i < People; i++)
        {
            users.Add(await host.AddUserAsync());
        }
        var made = await host.AddApplicationAsync(sp, null, [.. users]);
        var trusted = await TrustAsync(made);
        var done = 0;
        var stop = false;
        var people = new List<Task>();
        foreach (var user in users)
        {
            var here = await host.SignedInAsync(user);
            var there = new TestBrowser(other());
            there.SetCookie("__Host-latchkey", here.Cookie("__Host-latchkey")!);
            people.Add(
                Task.Run(
                    async () =>
                    {
                        for (var i = 0; !Volatile.Read(ref stop); i++)
                        {
                            var request = sp.Request();
                            var page = await (i % 2 == 0 ? here : there).OpenAsync(
                                sp.Redirect(request),
                                "cross-site"
                            );
                            // A service provider checks with what it knows when the Response arrives.
                            var keys = Volatile.Read(ref trusted);
                            var verdict = sp.Validate(
                                page,
                                request,
                                rules => rules with { Keys = keys }
                            );
                            verdict.Accepted.ShouldBeTrue(string.Join('\n', verdict.Findings));
                            Interlocked.Increment(ref done);
                        }
                    },
                    Ct
                )
            );
        }

        try
        {
            await SomeAsync();
            // What the service provider has read after the start is all that it knows from then on.
            await StepAsync(r => r.StartAsync(made.Id, null, Ct));
            Volatile.Write(ref trusted, await TrustAsync(made));
            await SomeAsync();
            await StepAsync(r => r.SwitchAsync(made.Id, null, Ct));
            await SomeAsync();
            await StepAsync(r => r.UndoAsync(made.Id, Ct));
            await SomeAsync();
            await StepAsync(r => r.SwitchAsync(made.Id, null, Ct));
            await SomeAsync();
            // A second time at once, to a key of another kind, at a time that comes while everybody signs in.
            await StepAsync(r => r.StartAsync(made.Id, new KeyChoice(KeyKind.P256), Ct));
            Volatile.Write(ref trusted, await TrustAsync(made));
            await StepAsync(r => r.SwitchAsync(made.Id, host.Clock.GetUtcNow().AddSeconds(20), Ct));
            await SomeAsync();
            host.Clock.Advance(TimeSpan.FromSeconds(20));
            await SomeAsync();
            var set = await host.AskAsync<CertificateRotation, CertificateSet>(r =>
                r.OfAsync(made.Id, Ct)
            );
            await StepAsync(r => r.RetireAsync(made.Id, set.Former[0].Id, Ct));
            await SomeAsync();
        }
        finally
        {
            Volatile.Write(ref stop, true);
        }
        await Task.WhenAll(people);

        done.ShouldBeGreaterThanOrEqualTo(8 * Between);
        async Task SomeAsync()
        {
            var wanted = Volatile.Read(ref done) + Between;
            while (Volatile.Read(ref done) < wanted && !people.Exists(p => p.IsFaulted))
            {
                await Task.Delay(5, Ct);
            }
        }
    }

    private async Task StepAsync(Func<CertificateRotation, Task<Outcome<CertificateSet>>> step) =>
        (await host.AskAsync(step)).Problems.ShouldBeEmpty();

    /// <summary>What a service provider trusts that reads the metadata now.</summary>
    private async Task<IReadOnlyList<VerificationKey>> TrustAsync(Application made)
    {
        using var stranger = host.Stranger();
        var xml = await stranger.GetByteArrayAsync($"/saml2/{made.Slug}/metadata", Ct);
        return
        [
            .. MetadataReader
                .Read(xml, host.Clock.GetUtcNow())
                .Value!.Entities.Single()
                .IdentityProvider!.SigningCertificates.Select(c =>
                    VerificationKey.FromCertificate(c.Span)
                ),
        ];
    }

    public sealed class OnSqlite(SqliteIdentityProvider host)
        : RotationUnderSignInsTests(host),
            IClassFixture<SqliteIdentityProvider>;

    public sealed class OnPostgreSql(PostgreSqlIdentityProvider host)
        : RotationUnderSignInsTests(host),
            IClassFixture<PostgreSqlIdentityProvider>;
}
