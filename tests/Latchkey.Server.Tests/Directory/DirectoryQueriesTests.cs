using Latchkey.Server.Directory;
using Latchkey.Server.Roles;
using Latchkey.Server.SignIn;
using Latchkey.Server.Tests.SignIn;
using Latchkey.Server.Tests.SingleSignOn;

namespace Latchkey.Server.Tests.Directory;

public abstract class DirectoryQueriesTests(TestIdentityProvider server) : DirectoryTest(server)
{
    [Theory]
    [InlineData("username")]
    [InlineData("USERNAME")]
    [InlineData("mail@")]
    [InlineData("Zuse")]
    [InlineData("konrad zuse")]
    [InlineData("zuse  konrad")]
    [InlineData("Herr")]
    public async Task A_user_is_found_by_each_word_of_any_name(string search)
    {
        var mark = NewName("q");
        var user = await AddAsync(
            new UserInput
            {
                Username = $"{mark}-username",
                Email = $"{mark}.mail@example.test",
                FirstName = "Konrad",
                LastName = "Zuse",
                DisplayName = "Herr Z.",
            }
        );
        var found = await Queries.UsersAsync(new UserQuery($"{mark} {search}"), 1, 10, Ct);
        found.Rows.ShouldHaveSingleItem().Id.ShouldBe(user.Id);
    }

    [Theory]
    [InlineData("%")]
    [InlineData("_")]
    [InlineData("'")]
    [InlineData("\\")]
    public async Task A_sign_that_databases_read_specially_is_only_itself(string sign)
    {
        await AddAsync();
        (await Queries.UsersAsync(new UserQuery(sign), 1, 10, Ct)).Total.ShouldBe(0);
    }

    [Fact]
    public async Task The_list_can_be_narrowed_to_a_state()
    {
        var mark = NewName("state");
        var suspended = await AddAsync(Named($"{mark}-a") with { State = UserState.Suspended });
        await AddAsync(Named($"{mark}-b"));
        (await Queries.UsersAsync(new UserQuery(mark, UserState.Suspended), 1, 10, Ct))
            .Rows.ShouldHaveSingleItem()
            .Id.ShouldBe(suspended.Id);
    }

    [Fact]
    public async Task The_list_can_be_narrowed_to_those_with_a_role()
    {
        var mark = NewName("adm");
        var administrator = await AddAsync(Named($"{mark}-a") with { Role = Role.Owner });
        await AddAsync(Named($"{mark}-b"));
        (await Queries.UsersAsync(new UserQuery(mark, WithRoleOnly: true), 1, 10, Ct))
            .Rows.ShouldHaveSingleItem()
            .Id.ShouldBe(administrator.Id);
    }

    [Fact]
    public async Task The_list_can_be_narrowed_to_those_in_a_group_and_those_not()
    {
        var mark = NewName("member");
        var (inside, outside) = (
            await AddAsync(Named($"{mark}-in")),
            await AddAsync(Named($"{mark}-out"))
        );
        var group = await AddGroupAsync(null, inside);

        (await Queries.UsersAsync(new UserQuery(mark, InGroup: group.Id), 1, 10, Ct))
            .Rows.Select(u => u.Id)
            .ShouldBe([inside.Id]);
        (await Queries.UsersAsync(new UserQuery(mark, NotInGroup: group.Id), 1, 10, Ct))
            .Rows.Select(u => u.Id)
            .ShouldBe([outside.Id]);
    }

    [Fact]
    public async Task The_pages_of_a_list_hold_everybody_once_by_name()
    {
        var mark = NewName("page");
        var names = Enumerable.Range(0, 7).Select(i => $"{mark}-{i}").ToList();
        foreach (var name in Enumerable.Reverse(names))
        {
            await AddAsync(Named(name));
        }
        var seen = new List<string>();
        for (var page = 1; page <= 3; page++)
        {
            var list = await Queries.UsersAsync(new UserQuery(mark), page, 3, Ct);
            (list.Page, list.Total).ShouldBe((page, 7));
            seen.AddRange(list.Rows.Select(u => u.Username));
        }
        seen.ShouldBe(names);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(99, 2)]
    public async Task A_page_that_is_not_there_is_the_nearest(int asked, int shown)
    {
        var mark = NewName("near");
        foreach (var i in Enumerable.Range(0, 3))
        {
            await AddAsync(Named($"{mark}-{i}"));
        }
        (await Queries.UsersAsync(new UserQuery(mark), asked, 2, Ct)).Page.ShouldBe(shown);
    }

    [Fact]
    public async Task Beyond_a_thousand_a_list_says_that_there_are_more_and_still_ends()
    {
        var mark = NewName("many");
        await using (var db = Server.Open())
        {
            db.Groups.AddRange(
                Enumerable.Range(0, 1030).Select(i => Storage.Rows.Group($"{mark} {i:0000}"))
            );
            await db.SaveChangesAsync(Ct);
        }

        await ShowsAsync(asked: 1, page: 1, first: "0000", last: "0024", total: "1000+");
        await ShowsAsync(asked: 41, page: 41, first: "1000", last: "1024", total: "1025+");
        await ShowsAsync(asked: 42, page: 42, first: "1025", last: "1029", total: 1030);
        await ShowsAsync(int.MaxValue, page: 42, first: "1025", last: "1029", total: 1030);

        async Task ShowsAsync(int asked, int page, string first, string last, object total)
        {
            var list = await Queries.GroupsAsync(mark, asked, 25, Ct);
            (list.Page, list.ShownTotal).ShouldBe((page, total));
            list.Rows[0].Name.ShouldEndWith(first);
            list.Rows[^1].Name.ShouldEndWith(last);
        }
    }

    [Fact]
    public async Task A_row_counts_the_groups_of_a_user()
    {
        var user = await AddAsync();
        await AddGroupAsync(null, user);
        await AddGroupAsync(null, user);
        (await Queries.UsersAsync(new UserQuery(user.Username), 1, 10, Ct))
            .Rows.Single(u => u.Id == user.Id)
            .Groups.ShouldBe(2);
    }

    [Fact]
    public async Task Groups_are_found_by_name_and_description_with_their_counts()
    {
        var mark = NewName("Grp");
        var group = await AddGroupAsync($"{mark} one", await AddAsync());
        Made(
            await GroupsAsync(groups =>
                groups.UpdateAsync(
                    group.Id,
                    new GroupInput { Name = group.Name, Description = "Those who Build" },
                    null,
                    Ct
                )
            )
        );
        var row = (
            await Queries.GroupsAsync($"{mark.ToLowerInvariant()} build", 1, 10, Ct)
        ).Rows.ShouldHaveSingleItem();
        (row.Members, row.Applications).ShouldBe((1, 0));
    }

    [Fact]
    public async Task Access_comes_from_groups_alone_and_says_which_S1_17()
    {
        var user = await AddAsync();
        var application = await Server.AddApplicationAsync(
            new TestServiceProvider(Server.Clock),
            null,
            user
        );
        var access = (await Queries.AccessOfUserAsync(user.Id, Ct)).ShouldHaveSingleItem();
        access.Application.Id.ShouldBe(application.Id);
        access.Through.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task What_goes_with_a_group_is_the_access_no_other_group_gives()
    {
        var (loses, keeps) = (await AddAsync(), await AddAsync());
        var application = await Server.AddApplicationAsync(
            new TestServiceProvider(Server.Clock),
            null,
            loses,
            keeps
        );
        var group = (await Queries.GroupsOfUserAsync(loses.Id, Ct)).ShouldHaveSingleItem();
        var other = await AddGroupAsync(null, keeps);
        await using (var db = Server.Open())
        {
            db.ApplicationGroups.Add(
                new()
                {
                    ApplicationId = application.Id,
                    GroupId = other.Id,
                    AddedAt = Server.Clock.GetUtcNow(),
                }
            );
            await db.SaveChangesAsync(Ct);
        }

        var loss = await Queries.LossOfGroupAsync(group.Id, Ct);

        loss.Members.ShouldBe(2);
        loss.Applications.ShouldHaveSingleItem().Users.ShouldBe([loses.Username]);
    }

    [Fact]
    public async Task What_goes_with_a_user_is_counted()
    {
        var user = await AddAsync();
        await AddAsync(Somebody() with { ManagerId = user.Id });
        var group = await AddGroupAsync(null, user);
        await Server
            .Service<SessionService>()
            .StartAsync(user, AuthnMethods.Password, null, null, Ct);

        var loss = await Queries.LossOfUserAsync(user.Id, Ct);

        loss.Groups.ShouldBe([group.Name]);
        (loss.Sessions, loss.Tokens, loss.Reports).ShouldBe((1, 0, 1));
    }

    private static UserInput Named(string name) =>
        new() { Username = name, Email = $"{name}@example.test" };
}

public sealed class DirectoryQueriesOnSqlite(SqliteIdentityProvider server)
    : DirectoryQueriesTests(server),
        IClassFixture<SqliteIdentityProvider>;

public sealed class DirectoryQueriesOnPostgreSql(PostgreSqlIdentityProvider server)
    : DirectoryQueriesTests(server),
        IClassFixture<PostgreSqlIdentityProvider>;
