using System.Data.Common;
using Latchkey.Server.Directory;
using Latchkey.Server.Insights;
using Latchkey.Server.SignIn.Factors;
using Latchkey.Server.Storage;
using Latchkey.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace Latchkey.Server.Tests.SignIn.Factors;

/// <summary>Whoever hangs up right after a factor was set up keeps neither its event nor its mail from following.</summary>
public abstract class HangingUpTests(HangingUpTests.Host host)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_app_that_is_set_up_is_told_or_it_is_not_set_up()
    {
        var user = await host.AddUserAsync();
        var place = Guid.CreateVersion7();
        var secret = await AuthenticatorApp.SecretAsync(host, user, place);
        var code = new AuthenticatorApp(host, secret!).Code();
        await HangUpAfterAsync(
            "authenticators",
            ct =>
                host.AskAsync<FactorSetup, FactorVerdict>(setup =>
                    setup.ConfirmAuthenticatorAsync(user, place, code, ct)
                )
        );
        await using var database = host.Open();
        var isSetUp = await database.Authenticators.AnyAsync(
            a => a.UserId == user.Id && a.ConfirmedAt != null,
            Ct
        );
        (await ToldAsync(user, EventTypes.TotpFinishEnrollment)).ShouldBe(
            isSetUp ? (1, 1) : (0, 0)
        );
    }

    [Fact]
    public async Task A_reset_is_told_or_nothing_is_reset()
    {
        var user = await host.AddUserAsync();
        await AuthenticatorApp.EnrolAsync(host, user);
        await HangUpAfterAsync(
            "known_browsers",
            ct =>
                host.AskAsync<FactorSetup, object?>(async setup => await setup.ResetAsync(user, ct))
        );
        await using var database = host.Open();
        var isReset = !await database.Authenticators.AnyAsync(a => a.UserId == user.Id, Ct);
        (await ToldAsync(user, EventTypes.UserFactorsReset)).ShouldBe(isReset ? (1, 1) : (0, 0));
    }

    private async Task HangUpAfterAsync<T>(string table, Func<CancellationToken, Task<T>> does)
    {
        using var connection = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        host.Line.Hanging = (table, connection);
        try
        {
            await does(connection.Token);
        }
        catch (OperationCanceledException)
        {
            // As a request that nobody waits for any more ends.
        }
        connection.IsCancellationRequested.ShouldBeTrue();
    }

    private async Task<(int Events, int Mails)> ToldAsync(User user, string type)
    {
        await using var database = host.Open();
        return (
            await database.Events.CountAsync(e => e.TargetId == user.Id && e.Type == type, Ct),
            await database.QueuedMails.CountAsync(
                m => m.UserId == user.Id && m.Template == "factors_changed",
                Ct
            )
        );
    }

    /// <summary>Breaks the connection of a request when the database has written to a table.</summary>
    internal sealed class Line : DbCommandInterceptor
    {
        public (string Table, CancellationTokenSource Connection)? Hanging { get; set; }

        public override async ValueTask<int> NonQueryExecutedAsync(
            DbCommand command,
            CommandExecutedEventData eventData,
            int result,
            CancellationToken cancellationToken = default
        )
        {
            await HangUpAsync(command);
            return result;
        }

        public override async ValueTask<DbDataReader> ReaderExecutedAsync(
            DbCommand command,
            CommandExecutedEventData eventData,
            DbDataReader result,
            CancellationToken cancellationToken = default
        )
        {
            await HangUpAsync(command);
            return result;
        }

        private async Task HangUpAsync(DbCommand command)
        {
            if (
                Hanging is { } hanging
                && (
                    command.CommandText.Contains(
                        $"UPDATE \"{hanging.Table}\"",
                        StringComparison.OrdinalIgnoreCase
                    )
                    || command.CommandText.Contains(
                        $"UPDATE {hanging.Table}",
                        StringComparison.OrdinalIgnoreCase
                    )
                    || command.CommandText.Contains(
                        $"INSERT INTO \"{hanging.Table}\"",
                        StringComparison.OrdinalIgnoreCase
                    )
                    || command.CommandText.Contains(
                        $"INSERT INTO {hanging.Table}",
                        StringComparison.OrdinalIgnoreCase
                    )
                )
            )
            {
                // The first writing counts the try; the confirmation is the one that names its moment.
                if (
                    hanging.Table == "authenticators"
                    && !command.CommandText.Contains("confirmed_at\" =", StringComparison.Ordinal)
                    && !command.CommandText.Contains("confirmed_at =", StringComparison.Ordinal)
                )
                    return;
                Hanging = null;
                await hanging.Connection.CancelAsync();
            }
        }
    }

    public abstract class Host(Engine engine) : TestIdentityProvider(engine)
    {
        internal Line Line { get; } = new();

        protected override void Adjust(IServiceCollection services) =>
            services.ConfigureDbContext<LatchkeyDbContext>(options =>
                options.AddInterceptors(Line)
            );
    }

    public sealed class SqliteHost() : Host(Engine.Sqlite);

    public sealed class PostgreSqlHost() : Host(Engine.PostgreSql);

    public sealed class OnSqlite(SqliteHost host) : HangingUpTests(host), IClassFixture<SqliteHost>;

    public sealed class OnPostgreSql(PostgreSqlHost host)
        : HangingUpTests(host),
            IClassFixture<PostgreSqlHost>;
}
