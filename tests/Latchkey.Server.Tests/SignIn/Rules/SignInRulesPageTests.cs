using Latchkey.Server.Applications;
using Latchkey.Server.Problems;
using Latchkey.Server.SignIn.Factors;

namespace Latchkey.Server.Tests.SignIn.Rules;

/// <summary>The page that says of whom a second step is asked, and two who change it at once.</summary>
public abstract class SignInRulesPageTests(TestIdentityProvider server)
{
    private const string Address = "/admin/settings/sign-in";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private Task<FactorRules> RulesAsync() =>
        server.AskAsync<FactorRulesService, FactorRules>(rules => rules.ReadAsync(Ct));

    private Task<Outcome<FactorRules>> ChangeAsync(Func<FactorRules, FactorRules> change) =>
        server.AskAsync<FactorRulesService, Outcome<FactorRules>>(rules =>
            rules.ChangeAsync(change, Ct)
        );

    [Fact]
    public async Task A_group_is_found_asked_and_asked_no_more()
    {
        var group = await server.GroupAsync();
        var browser = await server.BrowserAsync();
        await browser.OpenAsync($"{Address}?group={Uri.EscapeDataString(group.Name)}");
        await browser.ClickAsync($"#ask-{group.Id:N}");
        (await RulesAsync()).Groups.ShouldContain(group.Id);

        await browser.OpenAsync(Address);
        await browser.ClickAsync($"#leave-{group.Id:N}");
        (await RulesAsync()).Groups.ShouldNotContain(group.Id);
    }

    [Fact]
    public async Task What_users_sign_in_to_is_found_and_no_bookmark()
    {
        var wiki = await server.AddAsync(server.Input() with { Label = "Lunch orders" });
        var bookmark = await server.AddAsync(
            new ApplicationInput
            {
                Kind = ApplicationKind.Bookmark,
                Label = "Lunch menu",
                LoginUrl = "https://lunch.example.test/",
            }
        );
        var browser = await server.BrowserAsync();
        await browser.OpenAsync($"{Address}?application=Lunch");
        browser.Page.QuerySelector($"#ask-{wiki.Id:N}").ShouldNotBeNull();
        browser.Page.QuerySelector($"#ask-{bookmark.Id:N}").ShouldBeNull();
    }

    [Fact]
    public async Task Groups_that_are_not_asked_do_not_make_the_page_longer()
    {
        for (var i = 0; i < 12; i++)
            await server.GroupAsync($"Crowd {i:D2}");
        var browser = await server.BrowserAsync();
        await browser.OpenAsync(Address);
        browser.Text("main").ShouldNotContain("Crowd");
        await browser.OpenAsync($"{Address}?group=Crowd");
        browser.Page.QuerySelectorAll("#other-groups li").Length.ShouldBe(8);
    }

    [Fact]
    public async Task A_change_of_what_somebody_else_changed_meanwhile_is_refused()
    {
        var browser = await server.BrowserAsync();
        await browser.OpenAsync(Address);
        await ChangeAsync(r => r with { EnrolmentDays = r.EnrolmentDays + 1 });
        var between = await RulesAsync();
        browser.Type("#Input_EnrolmentDays", "200");
        await browser.ClickAsync("main .btn-primary");
        browser.Errors.ShouldHaveSingleItem().ShouldContain("Somebody else changed this");
        (await RulesAsync()).EnrolmentDays.ShouldBe(between.EnrolmentDays);
    }

    [Fact]
    public async Task A_number_that_is_none_changes_nothing()
    {
        var before = await RulesAsync();
        var browser = await server.BrowserAsync();
        await browser.OpenAsync(Address);
        browser.Type("#Input_EnrolmentDays", "1.5");
        await browser.ClickAsync("main .btn-primary");
        browser.Errors.ShouldNotBeEmpty();
        (await RulesAsync()).EnrolmentDays.ShouldBe(before.EnrolmentDays);
    }

    [Fact]
    public async Task Of_many_parts_that_are_changed_at_once_none_is_lost()
    {
        var groups = new List<Guid>();
        for (var i = 0; i < 6; i++)
            groups.Add((await server.GroupAsync()).Id);
        var changed = await Task.WhenAll(
            groups.Select(id => ChangeAsync(r => r with { Groups = [.. r.Groups, id] }))
        );
        changed.ShouldAllBe(c => c.Ok);
        (await RulesAsync()).Groups.Intersect(groups).Count().ShouldBe(groups.Count);
    }

    [Fact]
    public async Task Of_two_who_save_all_of_it_at_once_both_are_answered()
    {
        var saved = await Task.WhenAll(
            Enumerable
                .Range(20, 6)
                .Select(days =>
                    server.AskAsync<FactorRulesService, Outcome<FactorRules>>(rules =>
                        rules.SaveAsync(FactorRules.Default with { EnrolmentDays = days }, Ct)
                    )
                )
        );
        saved.ShouldAllBe(s => s.Ok || s.Problems[0].Code == "settings-changed");
        saved.ShouldContain(s => s.Ok);
    }

    public sealed class OnSqlite(SqliteIdentityProvider server)
        : SignInRulesPageTests(server),
            IClassFixture<SqliteIdentityProvider>;

    public sealed class OnPostgreSql(PostgreSqlIdentityProvider server)
        : SignInRulesPageTests(server),
            IClassFixture<PostgreSqlIdentityProvider>;
}
