using Latchkey.Server.Directory;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Tests.Directory;

/// <summary>The page that asks before something is done to several users, by plain form posts.</summary>
public sealed class BulkPageTests(SqliteIdentityProvider host)
    : IClassFixture<SqliteIdentityProvider>
{
    private const string Go = "main .lk-actions button";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("user={0}&user={1}")]
    [InlineData("q=pair&all=true")]
    public async Task After_a_failure_the_button_is_about_those_alone_for_whom_it_failed(
        string chosen
    )
    {
        var told = await host.UserAsync($"pair{Guid.NewGuid():N}");
        var late = await host.UserAsync($"pair{Guid.NewGuid():N}", UserState.Suspended);
        var browser = await host.BrowserAsync();
        await browser.OpenAsync(
            $"/admin/users/bulk?do=mail&{string.Format(null, chosen, told.Id, late.Id)}"
        );
        await browser.ClickAsync(Go);
        browser.Text("main .alert-warning").ShouldContain(late.Username);
        browser.Text("main .lk-names").ShouldNotContain(told.Username);

        await host.ChangeAsync(late, u => u.State = UserState.Activated);
        await browser.ClickAsync(Go);

        (await MailsAsync(told)).ShouldBe(1);
        (await MailsAsync(late)).ShouldBe(1);
        foreach (var user in new[] { told, late })
        {
            await DeleteAsync(user);
        }
    }

    [Fact]
    public async Task Whoever_appears_after_the_question_was_asked_is_not_meant_by_it()
    {
        var counted = await host.UserAsync("flock1");
        var browser = await host.BrowserAsync();
        await browser.OpenAsync("/admin/users/bulk?do=suspend&q=flock&all=true");
        var late = await host.UserAsync("flock2");

        await browser.ClickAsync(Go);

        (await StateAsync(counted)).ShouldBe(UserState.Suspended);
        (await StateAsync(late)).ShouldBe(UserState.Activated);
    }

    [Fact]
    public async Task All_that_the_search_finds_are_meant_and_nobody_else()
    {
        var (one, two, other) = (
            await host.UserAsync("swarm1"),
            await host.UserAsync("swarm2"),
            await host.UserAsync("lonely")
        );
        var browser = await host.BrowserAsync();
        await browser.OpenAsync("/admin/users/bulk?do=suspend&q=swarm&all=true");

        await browser.ClickAsync(Go);

        browser.Text(".lk-toast").ShouldContain("2");
        (await StateAsync(one)).ShouldBe(UserState.Suspended);
        (await StateAsync(two)).ShouldBe(UserState.Suspended);
        (await StateAsync(other)).ShouldBe(UserState.Activated);
    }

    [Fact]
    public async Task More_than_can_be_done_at_once_is_said_before_anything_is_asked()
    {
        await AddManyAsync("multitude", BulkActions.Most + 1);
        var browser = await host.BrowserAsync();

        await browser.OpenAsync("/admin/users/bulk?do=delete&q=multitude&all=true");

        browser.Errors.ShouldHaveSingleItem().ShouldContain($"{BulkActions.Most}");
        browser.Page.QuerySelector(Go).ShouldBeNull();
    }

    [Fact]
    public async Task As_many_as_can_be_done_at_once_are_chosen_in_one_form()
    {
        await AddManyAsync("crowd", BulkActions.Most);
        var browser = await host.BrowserAsync();
        await browser.OpenAsync("/admin/users/bulk?do=delete&q=crowd&all=true");
        browser.Tick("#Input_Confirm");

        await browser.ClickAsync(Go);

        browser.Errors.ShouldBeEmpty();
        browser.Text(".lk-toast").ShouldNotBeEmpty();
        await using var db = host.Open();
        (await db.Users.CountAsync(u => u.Username.StartsWith("crowd"), Ct)).ShouldBe(0);
    }

    [Fact]
    public async Task Deleting_wants_a_tick()
    {
        var user = await host.UserAsync();
        var browser = await host.BrowserAsync();
        await browser.OpenAsync($"/admin/users/bulk?do=delete&user={user.Id}");

        await browser.ClickAsync(Go);

        browser.Errors.ShouldHaveSingleItem();
        (await StateAsync(user)).ShouldBe(UserState.Activated);
    }

    private async Task AddManyAsync(string name, int count)
    {
        var now = host.Clock.GetUtcNow();
        await using var db = host.Open();
        db.Users.AddRange(
            Enumerable
                .Range(0, count)
                .Select(i => new User
                {
                    Username = $"{name}{i}",
                    NormalizedUsername = $"{name}{i}".ToUpperInvariant(),
                    Email = $"{name}{i}@example.test",
                    SecurityStamp = "1",
                    CreatedAt = now,
                    UpdatedAt = now,
                })
        );
        await db.SaveChangesAsync(Ct);
    }

    private async Task<int> MailsAsync(User user)
    {
        await using var db = host.Open();
        return await db.QueuedMails.CountAsync(m => m.UserId == user.Id, Ct);
    }

    private async Task DeleteAsync(User user)
    {
        await using var db = host.Open();
        await db.Users.Where(u => u.Id == user.Id).ExecuteDeleteAsync(Ct);
    }

    private async Task<UserState> StateAsync(User user)
    {
        await using var db = host.Open();
        return await db.Users.Where(u => u.Id == user.Id).Select(u => u.State).SingleAsync(Ct);
    }
}
