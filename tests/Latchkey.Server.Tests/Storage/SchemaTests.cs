using System.Text.Json;
using Latchkey.Server.Directory;
using Latchkey.Server.Insights;
using Latchkey.Server.Settings;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.Extensions.DependencyInjection;

namespace Latchkey.Server.Tests.Storage;

public abstract class SchemaTests(TestDatabase database)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_migrated_schema_is_the_models()
    {
        await using var db = database.Open();

        var migrated = await Schema.ReadAsync(db, Ct);

        migrated.ShouldBe(Schema.Of(db.Model.GetRelationalModel()));
    }

    [Fact]
    public async Task A_second_start_changes_nothing_and_several_at_once_do_not_collide()
    {
        await Task.WhenAll(
            Enumerable
                .Range(0, 4)
                .Select(async _ =>
                {
                    await using var node = database.AnotherNode();
                    await node.GetRequiredService<DatabaseStart>().RunAsync(cancellationToken: Ct);
                })
        );

        await using var db = database.Open();
        (await db.Database.GetAppliedMigrationsAsync(Ct)).ShouldBe(db.Database.GetMigrations());
    }

    [Fact]
    public async Task A_database_of_a_newer_program_is_refused()
    {
        await using var db = database.Open();
        await db.Database.ExecuteSqlAsync(
            $"""INSERT INTO "__EFMigrationsHistory" VALUES ('99991231000000_Future', '99.0.0')""",
            Ct
        );
        await using var node = database.AnotherNode();

        var refusal = await Should.ThrowAsync<StartRefusedException>(() =>
            node.GetRequiredService<DatabaseStart>().RunAsync(cancellationToken: Ct)
        );

        await db.Database.ExecuteSqlAsync(
            $"""DELETE FROM "__EFMigrationsHistory" WHERE "MigrationId" = '99991231000000_Future'""",
            Ct
        );
        refusal.Message.ShouldContain("99991231000000_Future");
        refusal.Message.ShouldContain("newer Latchkey");
    }

    [Fact]
    public async Task Everything_of_a_user_comes_back_as_it_was_written()
    {
        var user = Rows.User("roundtrip");
        user.Addresses = [new("work", "1 Main St", "Town", null, "12345", "GB")];
        user.PhoneNumbers = [new("mobile", "+44 1")];
        user.Attributes = new Dictionary<string, IReadOnlyList<string>>
        {
            ["Department"] = ["Research", "Ünïcode \"quoted\""],
        };
        user.State = UserState.Staged;
        user.LockoutEnd = new(2026, 1, 1, 0, 0, 0, 1, 2, TimeSpan.Zero);
        await using var db = database.Open();
        db.Users.Add(user);
        await db.SaveChangesAsync(Ct);
        await using var again = database.Open();

        var stored = await again.Users.SingleAsync(u => u.Id == user.Id, Ct);

        JsonSerializer.Serialize(stored).ShouldBe(JsonSerializer.Serialize(user));
        again.ChangeTracker.HasChanges().ShouldBeFalse();
    }

    [Fact]
    public async Task Times_sort_and_compare_as_times()
    {
        await using var db = database.Open();
        foreach (var hours in new[] { 3, -2, 0 })
        {
            // The same wall clock in different zones: text would sort these wrongly.
            db.Add(
                new Event
                {
                    At = new(2026, 3, 1, 12, 0, 0, TimeSpan.FromHours(hours)),
                    Type = "zones",
                    Success = true,
                    TargetName = $"{hours}",
                }
            );
        }
        await db.SaveChangesAsync(Ct);

        var noon = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
        var names = await db
            .Events.Where(e => e.Type == "zones" && e.At >= noon)
            .OrderByDescending(e => e.At)
            .Select(e => e.TargetName)
            .ToListAsync(Ct);

        names.ShouldBe(["-2", "0"]);
    }

    [Fact]
    public async Task Of_two_changes_to_the_same_user_the_second_is_told()
    {
        var user = Rows.User("contended");
        await using var db = database.Open();
        db.Users.Add(user);
        await db.SaveChangesAsync(Ct);
        await using var other = database.Open();
        var theirs = await other.Users.SingleAsync(u => u.Id == user.Id, Ct);
        theirs.JobTitle = "Countess";
        await other.SaveChangesAsync(Ct);

        user.JobTitle = "Programmer";

        await Should.ThrowAsync<DbUpdateConcurrencyException>(() => db.SaveChangesAsync(Ct));
        theirs.Version.ShouldBe(2);
    }

    [Fact]
    public async Task Deleting_a_user_takes_memberships_and_sessions_along()
    {
        var user = Rows.User("leaver");
        var group = Rows.Group("Leavers");
        await using var db = database.Open();
        db.AddRange(user, group, Rows.Session(user));
        db.Add(
            new GroupMember
            {
                GroupId = group.Id,
                UserId = user.Id,
                AddedAt = Rows.Now,
            }
        );
        await db.SaveChangesAsync(Ct);

        await db.Users.Where(u => u.Id == user.Id).ExecuteDeleteAsync(Ct);

        (await db.GroupMembers.AnyAsync(m => m.UserId == user.Id, Ct)).ShouldBeFalse();
        (await db.Sessions.AnyAsync(s => s.UserId == user.Id, Ct)).ShouldBeFalse();
    }
}

public sealed class SchemaOnSqlite(SqliteDatabase database)
    : SchemaTests(database),
        IClassFixture<SqliteDatabase>
{
    [Fact]
    public async Task A_migration_lock_left_by_a_killed_process_does_not_hold_up_the_next_start()
    {
        await using var db = database.Open();
        await db.Database.ExecuteSqlAsync(
            $"""INSERT INTO "__EFMigrationsLock" VALUES (1, '2026-01-01')""",
            TestContext.Current.CancellationToken
        );
        await using var node = database.AnotherNode();

        await node.GetRequiredService<DatabaseStart>()
            .RunAsync(cancellationToken: TestContext.Current.CancellationToken)
            .WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Commits_are_flushed_to_the_disk_in_a_write_ahead_log()
    {
        await using var db = database.Open();

        var mode = await db
            .Database.SqlQueryRaw<string>(
                "SELECT journal_mode AS \"Value\" FROM pragma_journal_mode"
            )
            .SingleAsync(TestContext.Current.CancellationToken);
        var synchronous = await db
            .Database.SqlQueryRaw<int>("SELECT synchronous AS \"Value\" FROM pragma_synchronous")
            .SingleAsync(TestContext.Current.CancellationToken);

        (mode, synchronous).ShouldBe(("wal", 2));
    }
}

public sealed class SchemaOnPostgreSql(PostgreSqlDatabase database)
    : SchemaTests(database),
        IClassFixture<PostgreSqlDatabase>;
