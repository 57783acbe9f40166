using Latchkey.Server.Directory;
using Latchkey.Server.Insights;
using Latchkey.Server.Problems;
using Latchkey.Server.Tests.SignIn;
using Latchkey.Server.Tests.SingleSignOn;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Tests.Directory;

public abstract class GroupServiceTests(TestIdentityProvider server) : DirectoryTest(server)
{
    [Fact]
    public async Task A_group_name_is_taken_in_whatever_case()
    {
        var group = await AddGroupAsync();
        var outcome = await GroupsAsync(groups =>
            groups.CreateAsync(new GroupInput { Name = group.Name.ToUpperInvariant() }, Ct)
        );
        Refusals(outcome).ShouldBe(["name: group-name-taken"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    public async Task A_group_has_a_name(string name)
    {
        var outcome = await GroupsAsync(groups =>
            groups.CreateAsync(new GroupInput { Name = name }, Ct)
        );
        Refusals(outcome).ShouldContain("name: group-name-missing");
    }

    [Fact]
    public async Task A_change_is_told_as_from_and_to_J_121()
    {
        var group = await AddGroupAsync();
        var renamed = NewName("Renamed ");

        Made(await RenameAsync(group, renamed));

        var told = (await EventsAsync(group.Id, EventTypes.GroupUpdate)).ShouldHaveSingleItem();
        EventDetails
            .Read(told.Details)
            .Changes.ShouldBe([new FieldChange("name", group.Name, renamed)]);
    }

    [Fact]
    public async Task A_change_of_a_group_that_somebody_else_changed_is_refused()
    {
        var group = await AddGroupAsync();
        Made(await RenameAsync(group, NewName("Theirs ")));
        Refusals(await RenameAsync(group, NewName("Mine "))).ShouldBe([": group-changed"]);
    }

    [Fact]
    public async Task The_members_are_those_who_were_said_and_no_others()
    {
        var (stays, leaves, joins) = (await AddAsync(), await AddAsync(), await AddAsync());
        var group = await AddGroupAsync(null, stays, leaves);

        Made(await MembersAsync(groups => groups.SetAsync(group.Id, [stays.Id, joins.Id], Ct)));

        (await MembersAsync(group)).ShouldBe([stays.Id, joins.Id], ignoreOrder: true);
    }

    [Fact]
    [Trait("Rule", "J-118")]
    public async Task Who_joins_and_who_leaves_is_told_one_by_one_J_118()
    {
        var (stays, leaves) = (await AddAsync(), await AddAsync());
        var group = await AddGroupAsync(null, stays, leaves);

        Made(await MembersAsync(groups => groups.SetAsync(group.Id, [stays.Id], Ct)));

        var told = await EventsAsync(group.Id, EventTypes.AssociationChange);
        told.Count.ShouldBe(3);
        told[^1].Details.ShouldContain("\"operation\":\"remove\"");
        told[^1].Details.ShouldContain(leaves.Username);
    }

    [Fact]
    public async Task Joining_twice_is_joining_once()
    {
        var user = await AddAsync();
        var group = await AddGroupAsync(null, user);
        Made(await MembersAsync(groups => groups.AddAsync(group.Id, [user.Id], Ct)));
        (await EventsAsync(group.Id, EventTypes.AssociationChange)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Leaving_a_group_one_is_not_in_is_nothing()
    {
        var group = await AddGroupAsync();
        var user = await AddAsync();
        Made(await MembersAsync(groups => groups.RemoveAsync(group.Id, [user.Id], Ct)));
        (await EventsAsync(group.Id, EventTypes.AssociationChange)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Somebody_who_does_not_exist_cannot_join()
    {
        var group = await AddGroupAsync();
        Refusals(await MembersAsync(groups => groups.AddAsync(group.Id, [Guid.NewGuid()], Ct)))
            .ShouldBe(["members: user-missing"]);
    }

    [Fact]
    public async Task Deleting_a_group_takes_the_access_it_gave_and_tells_which_S1_17()
    {
        var user = await AddAsync();
        var application = await Server.AddApplicationAsync(
            new TestServiceProvider(Server.Clock),
            null,
            user
        );
        var group = (await Queries.GroupsOfUserAsync(user.Id, Ct)).ShouldHaveSingleItem();

        Made(await GroupsAsync(groups => groups.DeleteAsync(group.Id, Ct)));

        (await Queries.AccessOfUserAsync(user.Id, Ct)).ShouldBeEmpty();
        (await EventsAsync(group.Id, EventTypes.GroupDelete))
            .ShouldHaveSingleItem()
            .Details.ShouldContain(application.Label);
    }

    private Task<Outcome<Group>> RenameAsync(Group group, string name) =>
        GroupsAsync(groups =>
            groups.UpdateAsync(group.Id, new GroupInput { Name = name }, group.Version, Ct)
        );

    private async Task<List<Guid>> MembersAsync(Group group)
    {
        await using var db = Server.Open();
        return await db
            .GroupMembers.Where(m => m.GroupId == group.Id)
            .Select(m => m.UserId)
            .ToListAsync(Ct);
    }
}

public sealed class GroupServiceOnSqlite(SqliteIdentityProvider server)
    : GroupServiceTests(server),
        IClassFixture<SqliteIdentityProvider>;

public sealed class GroupServiceOnPostgreSql(PostgreSqlIdentityProvider server)
    : GroupServiceTests(server),
        IClassFixture<PostgreSqlIdentityProvider>;
