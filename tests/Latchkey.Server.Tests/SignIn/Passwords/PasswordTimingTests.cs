using System.Diagnostics;
using Latchkey.Server.SignIn;
using Latchkey.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Latchkey.Server.Tests.SignIn.Passwords;

/// <summary>How long the sign-in page takes to answer a wrong password, with as many rounds as there really are.</summary>
public abstract class PasswordTimingTests(PasswordTimingTests.Host host)
{
    private const int Pairs = 25;

    [Fact]
    public async Task A_known_name_takes_as_long_as_an_unknown_one()
    {
        // What is done once only is over before.
        await TimeAsync("nobody-at-all");
        await TimeAsync((await host.AddUserAsync()).Username);
        var ratios = new List<double>();
        for (var i = 0; i < Pairs; i++)
        {
            var user = await host.AddUserAsync();
            // Side by side and in turn, so that what else the machine does meets both.
            double known,
                unknown;
            if (i % 2 == 0)
            {
                known = await TimeAsync(user.Username);
                unknown = await TimeAsync("nobody-" + user.Username);
            }
            else
            {
                unknown = await TimeAsync("nobody-" + user.Username);
                known = await TimeAsync(user.Username);
            }
            ratios.Add(known / unknown);
        }
        ratios.Order().ElementAt(Pairs / 2).ShouldBeInRange(0.7, 1.4);
    }

    private async Task<double> TimeAsync(string name)
    {
        var browser = host.NewBrowser();
        var page = await browser.OpenAsync("/sign-in");
        var started = Stopwatch.GetTimestamp();
        await browser.SubmitAsync(page, ("username", name), ("password", "wrong password"));
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    public abstract class Host(Engine engine) : TestIdentityProvider(engine)
    {
        protected override void Adjust(IServiceCollection services) =>
            services.AddSingleton(new SignInLimits { TriesPerAddress = 1000 });
    }

    public sealed class SqliteHost() : Host(Engine.Sqlite);

    public sealed class PostgreSqlHost() : Host(Engine.PostgreSql);

    public sealed class OnSqlite(SqliteHost host)
        : PasswordTimingTests(host),
            IClassFixture<SqliteHost>;

    public sealed class OnPostgreSql(PostgreSqlHost host)
        : PasswordTimingTests(host),
            IClassFixture<PostgreSqlHost>;
}
