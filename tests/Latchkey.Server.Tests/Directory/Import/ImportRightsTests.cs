using Latchkey.Server.Directory;
using Latchkey.Server.Directory.Import;
using Latchkey.Server.Insights;
using Latchkey.Server.Roles;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Tests.Directory.Import;

/// <summary>An import may do what whoever said yes to it may do, and tells who that was.</summary>
public abstract class ImportRightsTests(TestIdentityProvider server) : ImportTest(server)
{
    [Theory]
    [InlineData("Department", "Sales")]
    [InlineData("Manager", "boss")]
    [InlineData("Email", "another@example.test")]
    public async Task An_administrator_changes_nothing_of_an_owner_by_a_file(
        string column,
        string value
    )
    {
        var administrator = await AddAsync(Somebody() with { Role = Role.Administrator });
        var owner = await AddAsync(Somebody() with { Role = Role.Owner });
        var (name, boss) = (NewName(), await AddAsync());
        value = value == "boss" ? boss.Username : value;
        var email = column == "Email" ? "" : $",{owner.Email}";
        var head = column == "Email" ? "" : ",Email";

        var import = await ImportAsync(
            $"Username,{column}{head}\n{owner.Username},{value}{email}\n"
                + $"{name},{(column == "Manager" ? "" : $"{name}@example.test")}{(column == "Email" ? "" : $",{name}@example.test")}\n",
            update: true,
            by: Acting(administrator)
        );

        (await ProblemsAsync(import)).ShouldBe([$"2 {column} user-above-you"]);
        (import.Created, import.Refused).ShouldBe((1, 1));
        (await FindAsync(owner)).Version.ShouldBe(owner.Version);
    }

    [Fact]
    public async Task A_row_that_changes_nothing_of_an_owner_is_no_problem()
    {
        var administrator = await AddAsync(Somebody() with { Role = Role.Administrator });
        var owner = await AddAsync(Somebody() with { Role = Role.Owner, Department = "Research" });

        var import = await ImportAsync(
            $"Username,Email,Department\n{owner.Username},{owner.Email},Research\n",
            update: true,
            by: Acting(administrator)
        );

        (import.State, import.Refused).ShouldBe((ImportState.Done, 0));
    }

    [Fact]
    public async Task An_owner_may_change_another_by_a_file()
    {
        var first = await AddAsync(Somebody() with { Role = Role.Owner });
        var second = await AddAsync(Somebody() with { Role = Role.Owner });

        await ImportAsync(
            $"Username,Email,Department\n{second.Username},{second.Email},Sales\n",
            update: true,
            by: Acting(first)
        );

        (await FindAsync(second)).Department.ShouldBe("Sales");
    }

    [Fact]
    public async Task Who_says_yes_is_told_by_an_event_and_named_in_what_follows()
    {
        var (uploader, approver) = (
            await AddAsync(Somebody() with { Role = Role.Administrator }),
            await AddAsync(Somebody() with { Role = Role.Administrator })
        );
        var name = NewName();
        var found = await CheckAsync(
            $"Username,Email\n{name},{name}@example.test\n",
            by: Acting(uploader)
        );
        await SayYesAsync(found, Acting(approver));
        await RunAsync();

        var start = (await EventsAsync(found.Id, EventTypes.UserImportStart)).Single();
        start.ActorId.ShouldBe(approver.Id);
        start.Details.ShouldContain(uploader.Username);
        var made = (await FindAsync(name))!;
        (await EventsAsync(made.Id, EventTypes.UserCreate)).Single().ActorId.ShouldBe(approver.Id);
    }

    [Fact]
    public async Task An_import_stops_when_whoever_said_yes_may_no_longer()
    {
        var administrator = await AddAsync(Somebody() with { Role = Role.Administrator });
        var (prefix, file) = Many(120);
        var found = await CheckAsync(file, by: Acting(administrator));
        await SayYesAsync(found, Acting(administrator));
        var ended = false;
        await Runner(
                databases: new Between(
                    Server.Service<IDbContextFactory<LatchkeyDbContext>>(),
                    async () =>
                    {
                        if (!ended && await CountAsync(prefix) == 50)
                        {
                            ended = true;
                            var input = UserInput.From(administrator) with
                            {
                                State = UserState.Suspended,
                            };
                            Made(
                                await UsersAsync(users =>
                                    users.UpdateAsync(administrator.Id, input, null, Ct)
                                )
                            );
                        }
                    }
                )
            )
            .RunAsync(Ct);

        (await CountAsync(prefix)).ShouldBe(50);
        (await ProblemsAsync(await ImportAsync(found.Id))).ShouldBe(["0  import-not-yours"]);
    }
}

public sealed class ImportRightsOnSqlite(SqliteIdentityProvider server)
    : ImportRightsTests(server),
        IClassFixture<SqliteIdentityProvider>;

public sealed class ImportRightsOnPostgreSql(PostgreSqlIdentityProvider server)
    : ImportRightsTests(server),
        IClassFixture<PostgreSqlIdentityProvider>;
