using Latchkey.Server.Api.Tokens;
using Latchkey.Server.Directory;
using Latchkey.Server.Insights;
using Latchkey.Server.SignIn;
using Latchkey.Server.Storage;
using Latchkey.Server.Tests.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Latchkey.Server.Tests.Api;

/// <summary>Everybody's sessions by calls: listed a page at a time, narrowed, shown and ended.</summary>
public abstract class SessionApiTests(TestDatabase database) : ApiTest(database)
{
    [Fact]
    public async Task Sessions_are_listed_a_page_at_a_time_the_newest_first()
    {
        var user = await AddAsync("u");
        var (first, second, third) = (
            await StartAsync(user),
            await StartAsync(user),
            await StartAsync(user)
        );

        var page = await SendAsync("GET", $"/sessions?search={user.Username}&limit=2");
        var rest = await SendAsync(
            "GET",
            $"/sessions?search={user.Username}&limit=2&cursor={page["next_cursor"].GetString()}"
        );

        Ids(page).Concat(Ids(rest)).ShouldBe(NewestFirst(first, second, third));
        rest["next_cursor"].GetString().ShouldBeNull();
        var row = page["items"][0];
        (row.GetProperty("username").GetString(), row.GetProperty("browser").GetString()).ShouldBe(
            (user.Username, "Firefox (Linux)")
        );
    }

    [Fact]
    public async Task The_list_is_narrowed_to_a_user_and_an_application()
    {
        var (one, other) = (await AddAsync("one"), await AddAsync("other"));
        var (opened, plain) = (await StartAsync(one), await StartAsync(one));
        await StartAsync(other);
        var application = await SendAsync(
            "POST",
            "/applications",
            $$"""{"label": "{{Mark}}", "sp_entity_id": "urn:{{Mark}}", "acs_urls": ["https://{{Mark}}.example/acs"]}"""
        );
        await OpenAsync(opened, application["id"].GetGuid());

        var ofUser = await SendAsync("GET", $"/sessions?user={one.Username}");
        var ofBoth = await SendAsync(
            "GET",
            $"/sessions?user={one.Username}&application={application["slug"].GetString()}"
        );

        Ids(ofUser).ShouldBe(NewestFirst(opened, plain));
        Ids(ofBoth).ShouldBe([opened]);
        (await SendAsync("GET", $"/sessions/{opened}"))["opened"]
            .EnumerateArray()
            .Select(o => o.GetString())
            .ShouldBe([Mark]);
    }

    [Fact]
    public async Task One_session_is_ended_and_then_unknown()
    {
        var user = await AddAsync("u");
        var (ended, left) = (await StartAsync(user), await StartAsync(user));

        (await SendAsync("DELETE", $"/sessions/{ended}")).Status.ShouldBe(204);

        Ids(await SendAsync("GET", $"/users/{user.Username}/sessions")).ShouldBe([left]);
        (await SendAsync("GET", $"/sessions/{ended}")).Problems.ShouldBe([
            "404 api-session-unknown",
        ]);
        (await SendAsync("DELETE", $"/sessions/{ended}")).Status.ShouldBe(404);
        (await SendAsync("GET", $"/events?user={user.Username}&type={EventTypes.SessionEnd}"))[
            "items"
        ]
            .GetArrayLength()
            .ShouldBe(1);
    }

    [Fact]
    [Trait("Rule", "J-112")]
    public async Task A_token_for_users_ends_no_session_of_who_has_a_role()
    {
        var session = await StartAsync(Administrator);
        Use(await TokenAsync(ApiScopes.UsersWrite));

        (await SendAsync("DELETE", $"/sessions/{session}")).Problems.ShouldBe([
            "403 token-scope-missing",
        ]);
        (await SendAsync("GET", $"/sessions/{session}")).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("user=nobody", "400 api-user-unknown user")]
    [InlineData("application=nothing", "400 api-application-unknown application")]
    [InlineData("cursor=x", "400 api-cursor-unreadable cursor")]
    public async Task A_filter_that_nobody_knows_is_refused(string query, string problem) =>
        (await SendAsync("GET", $"/sessions?{query}")).Problems.ShouldBe([problem]);

    /// <summary>By their identifiers, which begin with the time: of two in the same millisecond chance says which is newer.</summary>
    private static Guid[] NewestFirst(params Guid[] sessions) => [.. sessions.OrderDescending()];

    private static Guid[] Ids(Answer list) =>
        [.. list["items"].EnumerateArray().Select(i => i.GetProperty("id").GetGuid())];

    private Task<User> AddAsync(string name) =>
        WithAsync<UserService, User>(async users =>
            (
                await users.CreateAsync(
                    new UserInput
                    {
                        Username = Mark + name,
                        Email = $"{Mark}{name}@example.test",
                        State = UserState.Activated,
                    },
                    Ct
                )
            ).Value!
        );

    private async Task<Guid> StartAsync(User user) =>
        (
            await WithAsync<SessionService, NewSession>(sessions =>
                sessions.StartAsync(
                    user,
                    AuthnMethods.Password,
                    "192.0.2.9",
                    "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
                    Ct
                )
            )
        )
            .Session
            .Id;

    private async Task OpenAsync(Guid session, Guid application)
    {
        await using var db = await Server
            .Services.GetRequiredService<IDbContextFactory<LatchkeyDbContext>>()
            .CreateDbContextAsync(Ct);
        db.SessionParticipants.Add(
            new()
            {
                SessionId = session,
                ApplicationId = application,
                SpEntityId = $"urn:{Mark}",
                SessionIndex = Mark,
                NameId = "x",
                NameIdFormat = null,
                CreatedAt = DateTimeOffset.UtcNow,
            }
        );
        await db.SaveChangesAsync(Ct);
    }
}

public sealed class SessionApiOnSqlite(SqliteDatabase database)
    : SessionApiTests(database),
        IClassFixture<SqliteDatabase>;

public sealed class SessionApiOnPostgreSql(PostgreSqlDatabase database)
    : SessionApiTests(database),
        IClassFixture<PostgreSqlDatabase>;
