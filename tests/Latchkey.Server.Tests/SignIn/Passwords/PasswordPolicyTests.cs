using Latchkey.Server.Directory;
using Latchkey.Server.Directory.Rules;
using Latchkey.Server.Insights;
using Latchkey.Server.Problems;
using Latchkey.Server.SignIn.Passwords;
using Latchkey.Server.Storage;
using Latchkey.Server.Tests.Directory;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Tests.SignIn.Passwords;

/// <summary>Several policies, bound to groups, in an order (J-68 to J-72).</summary>
public abstract class PasswordPolicyTests(TestIdentityProvider server) : DirectoryTest(server)
{
    private const string Long = "twenty-four characters or more";

    private Task<TResult> AskAsync<TResult>(Func<PasswordPolicyService, Task<TResult>> ask) =>
        Server.AskAsync(ask);

    private async Task<PasswordPolicy> PolicyAsync(PasswordRules rules, params Group[] groups) =>
        Made(
            await AskAsync(p =>
                p.CreateAsync(new(NewName("Policy "), rules, [.. groups.Select(g => g.Id)]), Ct)
            )
        );

    private Task<PolicyInForce> InForceAsync(User user) => AskAsync(p => p.OfAsync(user.Id, Ct));

    private Task<Outcome<PasswordGiven>> SetAsync(User user, string password) =>
        Server.AskAsync<UserPasswords, Outcome<PasswordGiven>>(p =>
            p.SetAsync(user.Id, password, cancellationToken: Ct)
        );

    [Fact]
    [Trait("Rule", "J-71")]
    public async Task Who_is_in_no_group_with_a_policy_has_the_default()
    {
        var inForce = await InForceAsync(await AddAsync());
        (inForce.Policy.IsDefault, inForce.Through).ShouldBe((true, null));
    }

    [Fact]
    [Trait("Rule", "J-71")]
    public async Task Of_several_policies_the_one_that_stands_highest_counts()
    {
        var user = await AddAsync();
        var (first, second) = (await AddGroupAsync(null, user), await AddGroupAsync(null, user));
        var high = await PolicyAsync(new(), first);
        var low = await PolicyAsync(new(), second);
        var inForce = await InForceAsync(user);
        (inForce.Policy.Id, inForce.Through!.Id).ShouldBe((high.Id, first.Id));

        Made(await AskAsync(p => p.MoveAsync(low.Id, up: true, Ct)));
        (await InForceAsync(user)).Policy.Id.ShouldBe(low.Id);
    }

    [Fact]
    public async Task A_new_user_is_measured_by_the_groups_they_are_put_into()
    {
        var group = await AddGroupAsync();
        await PolicyAsync(new() { MinLength = 24 }, group);
        var input = Somebody() with { Password = "seventeen letters", GroupIds = [group.Id] };
        Refusals(await UsersAsync(users => users.CreateAsync(input, Ct)))
            .ShouldBe(["password: password-too-short"]);
        Made(await UsersAsync(users => users.CreateAsync(input with { Password = Long }, Ct)));
    }

    [Fact]
    public async Task A_policy_that_was_read_once_is_read_again_by_whoever_comes_next()
    {
        var databases = Server.Service<IDbContextFactory<LatchkeyDbContext>>();
        async Task<List<Guid>> ReadAsync()
        {
            // Comes from the pool, and goes back there.
            await using var database = await databases.CreateDbContextAsync(Ct);
            var policies = await PolicySet.ReadOnceAsync(database, Ct);
            return [.. policies.All.Select(p => p.Policy.Id)];
        }
        await ReadAsync();
        var made = await PolicyAsync(new());
        (await ReadAsync()).ShouldContain(made.Id);
    }

    [Fact]
    public async Task A_new_user_is_measured_by_the_groups_whose_rules_bring_them_in()
    {
        var department = NewName("Dept");
        var group = Made(
            await GroupsAsync(groups =>
                groups.CreateAsync(
                    new()
                    {
                        Name = NewName("Ruled "),
                        Rule = new(RuleMatch.All, [new("department", RuleOperator.Is, department)]),
                    },
                    Ct
                )
            )
        );
        await PolicyAsync(new() { MinLength = 24 }, group);
        var input = Somebody() with { Password = "seventeen letters" };
        input.Department = department;
        Refusals(await UsersAsync(users => users.CreateAsync(input, Ct)))
            .ShouldBe(["password: password-too-short"]);
    }

    [Fact]
    [Trait("Rule", "J-69")]
    public async Task Former_passwords_do_not_come_again_as_many_as_the_policy_says()
    {
        var user = await AddAsync(Somebody() with { Password = "the first passphrase" });
        await PolicyAsync(new() { History = 3 }, await AddGroupAsync(null, user));
        Made(await SetAsync(user, "the second passphrase"));
        Made(await SetAsync(user, "the third passphrase"));
        Refusals(await SetAsync(user, "the first passphrase"))
            .ShouldBe(["password: password-used-before"]);
        Made(await SetAsync(user, "the fourth passphrase"));
        Made(await SetAsync(user, "the first passphrase"));
    }

    [Fact]
    [Trait("Rule", "J-69")]
    public async Task Users_wait_between_two_changes_and_administrators_do_not()
    {
        var user = await Server.AddUserAsync(u => u.PasswordSetAt = Server.Clock.GetUtcNow());
        await PolicyAsync(new() { MinAgeHours = 24 }, await AddGroupAsync(null, user));
        Refusals(await OwnAsync("another passphrase")).ShouldBe(["password: password-too-soon"]);
        Made(await SetAsync(user, "set by an administrator"));
        Server.Clock.Advance(TimeSpan.FromHours(25));
        Made(await OwnAsync("another passphrase"));

        Task<Outcome<User>> OwnAsync(string password) =>
            Server.AskAsync<UserPasswords, Outcome<User>>(p =>
                p.ChangeOwnAsync(user.Id, password, null, Ct)
            );
    }

    [Fact]
    public async Task What_makes_no_sense_is_refused_by_field()
    {
        var outcome = await AskAsync(p =>
            p.CreateAsync(
                new(
                    "",
                    new()
                    {
                        MinLength = 4,
                        MaxTries = 1,
                        ExpiryDays = 2,
                        MinAgeHours = 48,
                    },
                    [Guid.NewGuid()]
                ),
                Ct
            )
        );
        Refusals(outcome)
            .ShouldBe(
                [
                    "min_length: policy-out-of-range",
                    "max_tries: policy-out-of-range",
                    "min_age_hours: policy-age-before-expiry",
                    "name: policy-name",
                    "groups: policy-group-missing",
                ],
                ignoreOrder: true
            );
    }

    [Fact]
    public async Task A_change_is_told_field_by_field_and_counts_at_once()
    {
        var user = await AddAsync();
        var group = await AddGroupAsync(null, user);
        var policy = await PolicyAsync(new(), group);
        Made(
            await AskAsync(p =>
                p.UpdateAsync(
                    policy.Id,
                    new(policy.Name, new() { MinLength = 16 }, [group.Id]),
                    policy.Version,
                    Ct
                )
            )
        );
        (await EventsAsync(policy.Id, EventTypes.PasswordPolicyUpdate))
            .ShouldHaveSingleItem()
            .Details.ShouldBe("""{"changes":[{"field":"min_length","from":"12","to":"16"}]}""");
        (await InForceAsync(user)).Rules.MinLength.ShouldBe(16);
    }

    [Fact]
    public async Task Of_two_who_change_a_policy_the_slower_is_told()
    {
        var policy = await PolicyAsync(new());
        var input = new PasswordPolicyInput(policy.Name, new() { MinLength = 16 }, []);
        Made(await AskAsync(p => p.UpdateAsync(policy.Id, input, 1, Ct)));
        var slower = input with { Rules = new() { MinLength = 20 } };
        Refusals(await AskAsync(p => p.UpdateAsync(policy.Id, slower, 1, Ct)))
            .ShouldBe(["version: policy-changed"]);
    }

    [Fact]
    public async Task Without_its_policy_a_group_falls_to_the_default()
    {
        var user = await AddAsync();
        var policy = await PolicyAsync(new(), await AddGroupAsync(null, user));
        Made(await AskAsync(p => p.DeleteAsync(policy.Id, Ct)));
        (await InForceAsync(user)).Policy.IsDefault.ShouldBeTrue();
    }

    [Fact]
    [Trait("Rule", "J-72")]
    public async Task A_policy_is_made_from_a_preset_changed_and_looked_up_for_a_user_on_the_pages()
    {
        var user = await AddAsync();
        var group = await AddGroupAsync(null, user);
        var name = NewName("Payments ");
        var admin = await Server.BrowserAsync();
        await admin.OpenAsync("/admin/settings/passwords");
        await admin.ClickAsync("#add-policy");
        await admin.ClickAsync("#preset-pci");
        admin.Value("#Input_ExpiryDays").ShouldBe("90");
        admin.Type("#Input_Name", name);
        admin.Tick($"#group-{group.Id}");
        await admin.ClickAsync(".lk-save .btn-primary");
        admin.Errors.ShouldBeEmpty();

        await admin.OpenAsync($"/admin/settings/passwords?user={user.Username}");
        admin.Text("#preview").ShouldContain(name);
        admin.Text("#preview").ShouldContain(group.Name);
        var inForce = await InForceAsync(user);
        (inForce.Rules.MaxTries, inForce.Rules.LockoutMinutes).ShouldBe((10, 30));

        await admin.OpenAsync($"/admin/users/{user.Id}");
        admin.Text("#policy").ShouldBe(name);
        await admin.ClickAsync("#policy");
        await admin.ClickAsync("#delete-policy");
        await admin.ClickAsync("main .btn-danger");
        (await InForceAsync(user)).Policy.IsDefault.ShouldBeTrue();
    }

    [Fact]
    public async Task The_default_is_changed_on_its_page_and_cannot_be_deleted()
    {
        var admin = await Server.BrowserAsync();
        await admin.OpenAsync($"/admin/settings/passwords/{PasswordPolicy.DefaultId}");
        admin.Type("#Input_WarnDays", "21");
        await admin.ClickAsync(".lk-save .btn-primary");
        admin.Errors.ShouldBeEmpty();
        var policies = await AskAsync(p => p.ReadAsync(Ct));
        policies.Standard.Rules.WarnDays.ShouldBe(21);
        Refusals(await AskAsync(p => p.DeleteAsync(PasswordPolicy.DefaultId, Ct)))
            .ShouldBe(["id: policy-is-default"]);
    }

    public sealed class OnSqlite(SqliteIdentityProvider server)
        : PasswordPolicyTests(server),
            IClassFixture<SqliteIdentityProvider>;

    public sealed class OnPostgreSql(PostgreSqlIdentityProvider server)
        : PasswordPolicyTests(server),
            IClassFixture<PostgreSqlIdentityProvider>;
}
