using System.Text.Json;
using Latchkey.Server.Applications;
using Latchkey.Server.Directory;
using Latchkey.Server.Directory.Accounts;
using Latchkey.Server.Roles;
using Latchkey.Server.SignIn;
using Latchkey.Server.SignIn.Passwords;
using Latchkey.Server.SingleSignOn.Lookup;
using Latchkey.Server.Tests.SignIn;
using Latchkey.Server.Tests.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Latchkey.Server.Tests.SingleSignOn;

public abstract class SignOnLookupTests(TestIdentityProvider server)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void The_columns_are_the_models()
    {
        using var database = server.Open();

        SessionColumns.Names.Append("token_hash").Order().ShouldBe(Columns<Session>(database));
        UserColumns.Names.Order().ShouldBe(Columns<User>(database));
    }

    [Fact]
    public async Task A_session_and_its_user_are_read_as_EF_Core_reads_them()
    {
        var (sp, user, session) = await SetUpAsync();
        await using var database = server.Open();
        var stored = await database.Users.SingleAsync(u => u.Id == user.Id, Ct);
        Fill(stored);
        stored.ManagerId = (await server.AddUserAsync()).Id;
        stored.Role = Role.Auditor;
        stored.State = UserState.Suspended;
        stored.PasswordExpiryNotice = PasswordExpiryNotice.Warned;
        stored.Addresses = [new("work", "1 Main St", "Town", null, "12345", "GB")];
        stored.PhoneNumbers = [new("mobile", "+44 1")];
        stored.Attributes = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal)
        {
            ["Team"] = ["blue", "Ünïcode \"quoted\""],
        };
        var begun = await database.Sessions.SingleAsync(s => s.Id == session.Id, Ct);
        Fill(begun);
        await database.SaveChangesAsync(Ct);

        var row = await server.Service<ISignOnReader>().ReadAsync(sp.Slug, session.TokenHash, Ct);

        await using var again = server.Open();
        var (users, sessions) = (again.Users.AsNoTracking(), again.Sessions.AsNoTracking());
        JsonSerializer
            .Serialize(row!.Current)
            .ShouldBe(
                JsonSerializer.Serialize(
                    new CurrentSession(
                        await sessions.SingleAsync(s => s.Id == session.Id, Ct),
                        await users.SingleAsync(u => u.Id == user.Id, Ct)
                    )
                )
            );
    }

    [Fact]
    public async Task What_grants_the_application_is_told_and_nothing_else()
    {
        var (sp, user, session) = await SetUpAsync();
        await using var database = server.Open();
        var application = await database.Applications.SingleAsync(a => a.Slug == sp.Slug, Ct);
        var granted = await server.GroupAsync("Zürich \"quoted\"", user);
        await server.GroupAsync("Without the application", user);
        var others = await server.GroupAsync("Others", await server.AddUserAsync());
        foreach (var group in new[] { granted, others })
        {
            database.ApplicationGroups.Add(
                new()
                {
                    ApplicationId = application.Id,
                    GroupId = group.Id,
                    AddedAt = Rows.Now,
                }
            );
        }
        await database.SaveChangesAsync(Ct);
        var reader = server.Service<ISignOnReader>();

        var row = (await reader.ReadAsync(sp.Slug, session.TokenHash, Ct))!;
        row.Access.Groups.Count.ShouldBe(2);
        row.Access.Groups[0].ShouldStartWith("Group ");
        row.Access.Groups[1].ShouldBe("Zürich \"quoted\"");
        row.Access.Individually.ShouldBeFalse();

        await server.LetInAsync(application, user);
        row = (await reader.ReadAsync(sp.Slug, session.TokenHash, Ct))!;
        row.Access.Individually.ShouldBeTrue();

        row = (await reader.ReadAsync(sp.Slug, [], Ct))!;
        row.Current.ShouldBeNull();
        row.Access.Any.ShouldBeFalse();
        (row.ApplicationId, row.ApplicationVersion).ShouldBe((application.Id, application.Version));
        (await reader.ReadAsync("no-such-application", session.TokenHash, Ct)).ShouldBeNull();
    }

    [Fact]
    public async Task Of_many_at_once_each_is_told_its_own()
    {
        var asked = new[] { await SetUpAsync(), await SetUpAsync(), await SetUpAsync() };
        var reader = server.Service<ISignOnReader>();

        var reads = Enumerable
            .Range(0, 30)
            .Select(i => asked[i % asked.Length])
            .Select(a => reader.ReadAsync(a.Sp.Slug, a.Session.TokenHash, Ct).AsTask())
            .ToList();
        // PostgreSQL takes no such text.
        var unknown = reader.ReadAsync("no\0such", [], Ct).AsTask();
        reads.AddRange(asked.Select(a => reader.ReadAsync(a.Sp.Slug, [], Ct).AsTask()));
        var rows = await Task.WhenAll(reads);

        rows.Select(row => row!.Current?.User.Id)
            .ShouldBe([
                .. Enumerable.Range(0, 30).Select(i => (Guid?)asked[i % asked.Length].User.Id),
                .. asked.Select(_ => (Guid?)null),
            ]);
        rows.Select(row => row!.ApplicationId).Distinct().Count().ShouldBe(asked.Length);
        (await unknown).ShouldBeNull();
    }

    [Fact]
    public async Task What_changes_on_one_node_counts_at_the_next_sign_on_on_another()
    {
        var (sp, user, _) = await SetUpAsync();
        await using var database = server.Open();
        var application = await database.Applications.SingleAsync(a => a.Slug == sp.Slug, Ct);
        var here = await server.SignedInAsync(user);
        var (_, other) = await server.AddNodeAsync();
        var there = new TestBrowser(other());
        foreach (var (name, value) in here.Cookies)
            there.SetCookie(name, value);
        (await AttributeAsync()).ShouldBe(("mail", user.Email));

        await server.ChangeAsync(user, u => u.Email = "changed-" + user.Email);
        (await AttributeAsync()).ShouldBe(("mail", "changed-" + user.Email));

        await server.ChangeAsync(
            application,
            a => a.Attributes = [new("named", AttributeKind.User, "username")]
        );
        (await AttributeAsync()).ShouldBe(("named", user.Username));

        var member = await database.GroupMembers.SingleAsync(m => m.UserId == user.Id, Ct);
        await database.GroupMembers.Where(m => m.UserId == user.Id).ExecuteDeleteAsync(Ct);
        var refused = await OpenAsync();
        refused.Status.ShouldBe(System.Net.HttpStatusCode.Forbidden);
        refused.Field("SAMLResponse").ShouldBeNull();

        database.ChangeTracker.Clear();
        database.GroupMembers.Add(member);
        await database.SaveChangesAsync(Ct);
        (await AttributeAsync()).ShouldBe(("named", user.Username));

        var suspended = await server.AskAsync<UserStates, Problems.Outcome<User>>(states =>
            states.ChangeAsync(user.Id, UserState.Suspended, null, Ct)
        );
        suspended.Problems.ShouldBeEmpty();
        (await OpenAsync()).Address.ShouldStartWith("/sign-in");

        Task<TestPage> OpenAsync() => there.OpenAsync(sp.Redirect(sp.Request()), "cross-site");

        async Task<(string Name, string Value)> AttributeAsync()
        {
            var request = sp.Request();
            var page = await there.OpenAsync(sp.Redirect(request), "cross-site");
            var attribute = sp.Accept(page, request).Attributes.ShouldHaveSingleItem();
            return (attribute.Name, attribute.Values.ShouldHaveSingleItem());
        }
    }

    private async Task<(TestServiceProvider Sp, User User, Session Session)> SetUpAsync()
    {
        var user = await server.AddUserAsync();
        var sp = new TestServiceProvider(server.Clock);
        await server.AddApplicationAsync(
            sp,
            a => a.Attributes = [new("mail", AttributeKind.User, "email")],
            user
        );
        var begun = await server
            .Service<SessionService>()
            .StartAsync(user, AuthnMethods.Password, "192.0.2.1", "Firefox", Ct);
        return (sp, user, begun.Session);
    }

    private static IEnumerable<string> Columns<T>(DbContext database) =>
        database
            .Model.FindEntityType(typeof(T))!
            .GetProperties()
            .Select(p => p.GetColumnName())
            // Follows from the others.
            .Where(column => column != "search_text")
            .Order();

    /// <summary>Gives every column that can be written a value that no other has.</summary>
    private static void Fill(object row)
    {
        var number = 0;
        foreach (var property in row.GetType().GetProperties().Where(p => p.CanWrite))
        {
            number++;
            if (property.Name is "Id" or "UserId" or "Version")
                continue;
            if (property.PropertyType == typeof(string))
                property.SetValue(row, $"{property.Name} {Guid.NewGuid()}");
            else if (property.PropertyType == typeof(int))
                property.SetValue(row, number);
            else if (
                (Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType)
                == typeof(DateTimeOffset)
            )
                property.SetValue(row, Rows.Now.AddMinutes(number));
        }
    }
}

public sealed class SignOnLookupOnSqlite(SqliteIdentityProvider server)
    : SignOnLookupTests(server),
        IClassFixture<SqliteIdentityProvider>;

public sealed class SignOnLookupOnPostgreSql(PostgreSqlIdentityProvider server)
    : SignOnLookupTests(server),
        IClassFixture<PostgreSqlIdentityProvider>;
