using Latchkey.Server.Directory;
using Latchkey.Server.Storage;
using Latchkey.Server.Storage.Search;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Latchkey.Server.Tests.Storage;

/// <summary>People among so many that each way of looking for them is taken: those named one by one, those read in order, those put in order.</summary>
public abstract class SearchTests(TestDatabase database) : IAsyncLifetime
{
    private static readonly IReadOnlyList<User> s_people =
    [
        .. Enumerable.Range(0, 1100).Select(i => Person($"crowd{i:0000}", "Ada", "Lovelace")),
        // Behind all the others, so that the beginning of the list tells nothing of them.
        .. Enumerable.Range(0, 60).Select(i => Person($"zz{i:00}", "Jürgen", "Groß")),
        Person("erika", "Erika", "MÜLLER-LÜDENSCHEIDT"),
        Person("o'neil", "Shaquille", "\"Shaq\" O'Neil"),
        Person("percent", "100%", @"under_score \ back"),
        Person("odysseus", "ΟΔΥΣΣΕΎΣ", "王芳"),
        Person("smile", "😀😀😀", null),
        Person("staff", null, null, number: "No. 4711"),
    ];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string, int> Searches =>
        new()
        {
            { "", 1166 },
            { "crowd", 1100 },
            { "EXAMPLE", 1166 },
            { "crowd1099", 1 },
            { "owd109", 10 },
            { "crowd05", 100 },
            { "crowd0599@example.test", 1 },
            { "59@example.test", 12 },
            { "0@", 116 },
            { "zz", 60 },
            { "jürgen", 60 },
            { "GROß jür", 60 },
            { "zz5", 10 },
            { "müller", 1 },
            { "lüdenSCHEIDT MÜL", 1 },
            { "ada lovelace crowd0700", 1 },
            { "ad", 1100 },
            { "ad crowd10", 100 },
            { "%", 1 },
            { "_", 1 },
            { "\\", 1 },
            { "100%", 1 },
            { "\"shaq\"", 1 },
            { "o'neil", 1 },
            { "\"", 1 },
            { "οδυσσεύς", 1 },
            { "王芳", 1 },
            { "王", 1 },
            { "😀😀😀", 1 },
            { "😀", 1 },
            { "4711", 1 },
            { "nobody", 0 },
            { "crowd\0", 0 },
            { "crowd nobody", 0 },
            { "lovelace\nada", 1100 },
        };

    public async ValueTask InitializeAsync()
    {
        await using var db = database.Open();
        if (!await db.Users.AnyAsync(Ct))
        {
            db.Users.AddRange(s_people);
            await db.SaveChangesAsync(Ct);
        }
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Theory]
    [MemberData(nameof(Searches))]
    public async Task Whoever_bears_each_word_is_found_in_order_and_counted(
        string search,
        int expected
    )
    {
        await using var db = database.Open();

        var found = await SearchTables.Users.FindAsync(db, search, Ct);

        var names = await found
            .Rows.OrderBy(u => u.NormalizedUsername)
            .Select(u => u.Username)
            .ToListAsync(Ct);
        names.Count.ShouldBe(expected);
        names.ShouldBe(
            s_people
                .Where(u =>
                    SearchText
                        .Words(search)
                        .All(word => u.SearchText.Contains(word, StringComparison.Ordinal))
                )
                .OrderBy(u => u.NormalizedUsername, StringComparer.Ordinal)
                .Select(u => u.Username)
        );
        if (found.Count is { } count)
            (await count(Ct)).ShouldBe(Math.Min(expected, Count.Most + 1));
    }

    [Fact]
    public async Task A_row_is_found_by_what_it_is_called_now()
    {
        await using var db = database.Open();
        var group = Rows.Group("Before the change");
        db.Groups.Add(group);
        await db.SaveChangesAsync(Ct);
        (await GroupsAsync("before")).ShouldBe([group.Id]);

        (group.Name, group.Description) = ("Afterwards", "Who would rather dance");
        await db.SaveChangesAsync(Ct);
        (await GroupsAsync("before")).ShouldBeEmpty();
        (await GroupsAsync("afterw dance")).ShouldBe([group.Id]);

        db.Groups.Remove(group);
        await db.SaveChangesAsync(Ct);
        (await GroupsAsync("afterw")).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_application_is_found_by_label_slug_and_entity_ID()
    {
        await using var db = database.Open();
        var application = Rows.Application("wiki-of-all");
        application.Label = "Ünser Wissen";
        db.Applications.Add(application);
        await db.SaveChangesAsync(Ct);

        foreach (var search in new[] { "ÜNSER", "wissen ünser", "IKI-OF", "//wiki-of-all.example" })
        {
            var found = await SearchTables.Applications.FindAsync(db, search, Ct);
            (await found.Rows.Select(a => a.Id).ToListAsync(Ct)).ShouldBe([application.Id]);
        }
    }

    [Fact]
    public async Task What_an_older_version_wrote_is_found_after_the_next_start()
    {
        await using var db = database.Open();
        var group = Rows.Group("Older than searching");
        db.Groups.Add(group);
        await db.SaveChangesAsync(Ct);
        await db.Database.ExecuteSqlAsync(
            $"UPDATE groups SET search_text = '' WHERE name = {group.Name}",
            Ct
        );
        (await GroupsAsync("older")).ShouldBeEmpty();
        var before = group.Version;

        await using var node = database.AnotherNode();
        await node.GetRequiredService<DatabaseStart>().RunAsync(cancellationToken: Ct);

        (await GroupsAsync("older")).ShouldBe([group.Id]);
        (await db.Groups.AsNoTracking().SingleAsync(g => g.Id == group.Id, Ct)).Version.ShouldBe(
            before
        );
    }

    private async Task<List<Guid>> GroupsAsync(string search)
    {
        await using var db = database.Open();
        var found = await SearchTables.Groups.FindAsync(db, search, Ct);
        return await found.Rows.Select(g => g.Id).ToListAsync(Ct);
    }

    private static User Person(string username, string? first, string? last, string? number = null)
    {
        var user = Rows.User(username);
        (user.FirstName, user.LastName, user.EmployeeIdentifier) = (first, last, number);
        return user;
    }
}

public sealed class SearchOnSqlite(SqliteDatabase database)
    : SearchTests(database),
        IClassFixture<SqliteDatabase>
{
    [Fact]
    public async Task What_is_counted_of_applications_is_read_from_an_index_and_not_from_their_wide_rows()
    {
        await using var db = database.Open();
        await db.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var counting = db
            .Applications.Holding(["crowd"])
            .Select(a => a.Id)
            .CreateDbCommand();
        counting.CommandText = $"EXPLAIN QUERY PLAN {counting.CommandText}";

        await using var plan = await counting.ExecuteReaderAsync(
            TestContext.Current.CancellationToken
        );

        (await plan.ReadAsync(TestContext.Current.CancellationToken)).ShouldBeTrue();
        plan.GetString(plan.GetOrdinal("detail")).ShouldContain("USING COVERING INDEX");
    }
}

public sealed class SearchOnPostgreSql(PostgreSqlDatabase database)
    : SearchTests(database),
        IClassFixture<PostgreSqlDatabase>;
