using Latchkey.Server.Api.OpenApi;
using Latchkey.Server.Directory;
using Latchkey.Server.SignIn;
using Latchkey.Server.Tests.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Latchkey.Server.Tests.Api;

/// <summary>Every call that can be repeated is done under a key: one transaction holds the change and the answer, whatever services it needs.</summary>
public abstract class RepeatableCallTests(TestDatabase database) : ApiTest(database)
{
    /// <summary>Waits for an address of somebody else, which no test has.</summary>
    private static readonly string[] s_elsewhere = ["followMetadata", "unfollowMetadata"];

    [Fact]
    public async Task Every_call_that_can_be_repeated_is_done_once_under_its_key()
    {
        var wrong = new List<string>();
        var calls = Server.Services.GetRequiredService<ApiOperations>().All;
        foreach (
            var call in calls.Where(c => c.IsRepeatable && !s_elsewhere.Contains(c.Operation.Name))
        )
        {
            var (path, body) = await Scene().SetAsync(call);
            var key = ("Idempotency-Key", Guid.NewGuid().ToString());

            var first = await SendAsync(call.Method, path, body, key);
            var again = await SendAsync(call.Method, path, body, key);

            if (first.Status != call.Operation.Status || again != first with { Replayed = true })
            {
                wrong.Add($"{call.Operation.Name}: {first.Status} {first.Text}, {again.Status}");
            }
        }
        wrong.ShouldBeEmpty();
    }

    private CallScene Scene() =>
        new(
            (method, path, body) => SendAsync(method, path, body),
            async username =>
            {
                var user = await WithAsync<UserService, User?>(users =>
                    users.FindByUsernameAsync(username, Ct)
                );
                var started = await WithAsync<SessionService, NewSession>(sessions =>
                    sessions.StartAsync(user!, AuthnMethods.Password, null, null, Ct)
                );
                return started.Session.Id;
            },
            async username =>
            {
                await using var db = Database.Open();
                return await db
                    .QueuedMails.Where(m => m.Recipient == username + "@example.test")
                    .Select(m => m.Id)
                    .SingleAsync(Ct);
            }
        );
}

public sealed class RepeatableCallsOnSqlite(SqliteDatabase database)
    : RepeatableCallTests(database),
        IClassFixture<SqliteDatabase>;

public sealed class RepeatableCallsOnPostgreSql(PostgreSqlDatabase database)
    : RepeatableCallTests(database),
        IClassFixture<PostgreSqlDatabase>;
