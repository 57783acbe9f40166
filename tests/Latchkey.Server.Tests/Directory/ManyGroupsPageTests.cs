using Latchkey.Server.Directory;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Tests.Directory;

/// <summary>The pages on which a group is chosen, with more groups than anybody looks through: none lists them, each takes a name.</summary>
public sealed class ManyGroupsPageTests(SqliteIdentityProvider host)
    : IClassFixture<SqliteIdentityProvider>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_user_joins_a_group_by_its_name()
    {
        var group = await ManyAsync();
        var user = await host.UserAsync();
        var browser = await host.BrowserAsync();
        await browser.OpenAsync($"/admin/users/{user.Id}");
        browser.Page.QuerySelector("select[name=group]").ShouldBeNull();
        browser.Type("input[name=groupName]", group.Name.ToUpperInvariant());

        await browser.ClickAsync("form[action*=Join] button");

        (await MembersAsync(group)).ShouldBe([user.Id]);
    }

    [Theory]
    [InlineData("No such group", "There is no group No such group.")]
    [InlineData("", "Say which group is meant.")]
    public async Task A_name_that_no_group_has_is_said(string name, string expected)
    {
        await ManyAsync();
        var user = await host.UserAsync();
        var browser = await host.BrowserAsync();
        await browser.OpenAsync($"/admin/users/{user.Id}");
        browser.Type("input[name=groupName]", name);

        await browser.ClickAsync("form[action*=Join] button");

        browser.Errors.ShouldHaveSingleItem().ShouldStartWith(expected);
    }

    [Fact]
    public async Task Several_join_a_group_by_its_name()
    {
        var group = await ManyAsync();
        var (one, two) = (await host.UserAsync(), await host.UserAsync());
        var browser = await host.BrowserAsync();
        await browser.OpenAsync($"/admin/users/bulk?do=join&user={one.Id}&user={two.Id}");
        browser.Type("#Input_GroupName", "No such group");
        await browser.ClickAsync("main .lk-actions button");
        browser.Find("#Input_GroupName").GetAttribute("aria-invalid").ShouldBe("true");

        browser.Type("#Input_GroupName", group.Name);
        await browser.ClickAsync("main .lk-actions button");

        (await MembersAsync(group)).ShouldBe([one.Id, two.Id], ignoreOrder: true);
    }

    [Fact]
    public async Task A_new_user_begins_in_groups_by_their_names()
    {
        var (one, two) = (await ManyAsync(), await host.GroupAsync());
        var browser = await host.BrowserAsync();
        await browser.OpenAsync("/admin/users/new");
        browser.Page.QuerySelector("input[name='Input.Groups']").ShouldBeNull();
        browser.Type("#Input_Username", "joiner");
        browser.Type("#Input_Email", "joiner@example.test");
        browser.Type("#Input_GroupNames", $"{one.Name}\nNo such group");
        await browser.ClickAsync(".lk-save .btn-primary");
        browser.Errors.ShouldHaveSingleItem().ShouldContain("No such group");

        browser.Type("#Input_GroupNames", $"{one.Name}\r\n{two.Name}\n");
        await browser.ClickAsync(".lk-save .btn-primary");

        (await MembersAsync(one)).ShouldBe(await MembersAsync(two));
        (await MembersAsync(one)).Count.ShouldBe(1);
    }

    /// <summary>Makes sure that there are too many to list.</summary>
    /// <returns>A new one.</returns>
    private async Task<Group> ManyAsync()
    {
        var now = host.Clock.GetUtcNow();
        await using var db = host.Open();
        if (await db.Groups.CountAsync(Ct) <= GroupChoices.Most)
        {
            db.Groups.AddRange(
                Enumerable
                    .Range(0, GroupChoices.Most + 1)
                    .Select(i => new Group
                    {
                        Name = $"Many {i}",
                        NormalizedName = $"MANY {i}",
                        CreatedAt = now,
                        UpdatedAt = now,
                    })
            );
            await db.SaveChangesAsync(Ct);
        }
        return await host.GroupAsync();
    }

    private async Task<List<Guid>> MembersAsync(Group group)
    {
        await using var db = host.Open();
        return await db
            .GroupMembers.Where(m => m.GroupId == group.Id)
            .Select(m => m.UserId)
            .ToListAsync(Ct);
    }
}
