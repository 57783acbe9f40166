using Latchkey.Server.Directory;
using Latchkey.Server.Directory.Rules;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Tests.Directory.Import;

/// <summary>Groups that change while a file of users is being imported.</summary>
public abstract class ImportedGroupTests(TestIdentityProvider server) : ImportTest(server)
{
    [Fact]
    public async Task A_rule_that_changes_meanwhile_holds_for_those_imported_after()
    {
        var group = await AddGroupAsync();
        var ruled = GroupInput.From(group) with
        {
            Rule = new(RuleMatch.All, [new("department", RuleOperator.Is, "Research")]),
        };
        var prefix = await ImportAsync(
            ",Research",
            "Username,Email,Department",
            () => GroupsAsync(groups => groups.UpdateAsync(group.Id, ruled, null, Ct))
        );

        await using var db = Server.Open();
        (
            await db.GroupMembers.CountAsync(
                m =>
                    m.GroupId == group.Id
                    && db.Users.Any(u => u.Id == m.UserId && u.Username.StartsWith(prefix + "-")),
                Ct
            )
        ).ShouldBe(120);
    }

    [Fact]
    public async Task A_group_that_is_deleted_meanwhile_is_named_in_the_rows_that_ask_for_it()
    {
        var group = await AddGroupAsync();
        var prefix = await ImportAsync(
            $",{group.Name}",
            "Username,Email,Group1",
            () => GroupsAsync(groups => groups.DeleteAsync(group.Id, Ct))
        );

        (await CountAsync(prefix)).ShouldBe(50);
        await using var db = Server.Open();
        var import = await db.UserImports.OrderByDescending(i => i.Id).FirstAsync(Ct);
        (await ProblemsAsync(import))
            .Select(p => p.Split(' ')[^1])
            .Distinct()
            .ShouldBe(["import-group-unknown"]);
    }

    /// <summary>Imports 120 users; something happens once, when 50 of them are in.</summary>
    private async Task<string> ImportAsync(
        string rest,
        string columns,
        Func<Task<Problems.Outcome<Group>>> what
    )
    {
        var (prefix, file) = Many(120, columns, rest);
        var found = await CheckAsync(file);
        await SayYesAsync(found);
        var happened = false;
        await Runner(
                databases: new Between(
                    Server.Service<IDbContextFactory<LatchkeyDbContext>>(),
                    async () =>
                    {
                        if (!happened && await CountAsync(prefix) == 50)
                        {
                            happened = true;
                            Made(await what());
                        }
                    }
                )
            )
            .RunAsync(Ct);
        return prefix;
    }
}

public sealed class ImportedGroupsOnSqlite(SqliteIdentityProvider server)
    : ImportedGroupTests(server),
        IClassFixture<SqliteIdentityProvider>;

public sealed class ImportedGroupsOnPostgreSql(PostgreSqlIdentityProvider server)
    : ImportedGroupTests(server),
        IClassFixture<PostgreSqlIdentityProvider>;
