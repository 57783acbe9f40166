using Latchkey.Server.Directory;
using Latchkey.Server.Directory.Attributes;
using Latchkey.Server.Directory.Rules;
using Latchkey.Server.Insights;
using Latchkey.Server.Tests.SignIn;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Tests.Directory;

/// <summary>Members by rule, and what groups give their members (J-34).</summary>
public abstract class GroupRuleTests(TestIdentityProvider server) : DirectoryTest(server)
{
    [Fact]
    public async Task Who_the_rule_holds_for_is_in_and_who_it_does_not_hold_for_any_more_leaves()
    {
        var department = NewName("Research ");
        var before = await AddAsync(Somebody() with { Department = department });
        var group = await RuledAsync(
            new RuleCondition("department", RuleOperator.Is, department.ToUpperInvariant())
        );
        var after = await AddAsync(Somebody() with { Department = department });

        (await MembersAsync(group)).ShouldBe([before.Id, after.Id], ignoreOrder: true);

        var moved = UserInput.From(after) with { Department = "Sales" };
        Made(await UsersAsync(users => users.UpdateAsync(after.Id, moved, null, Ct)));

        (await MembersAsync(group)).ShouldBe([before.Id]);
    }

    [Fact]
    public async Task Who_is_in_by_hand_too_stays_when_the_rule_lets_go()
    {
        var department = NewName("Legal ");
        var user = await AddAsync(Somebody() with { Department = department });
        var group = await RuledAsync(new RuleCondition("department", RuleOperator.Is, department));
        Made(await MembersAsync(m => m.AddAsync(group.Id, [user.Id], Ct)));
        (await WhyAsync(group, user)).ShouldBe("both");

        var input = GroupInput.From(group) with { Rule = null };
        Made(await GroupsAsync(groups => groups.UpdateAsync(group.Id, input, null, Ct)));

        (await WhyAsync(group, user)).ShouldBe("hand");
        var told = await EventsAsync(group.Id, EventTypes.AssociationChange);
        told.Select(Reason).ShouldBe(["add rule", "add_reason hand", "remove_reason rule"]);
    }

    [Fact]
    public async Task A_rule_that_differs_by_a_blank_is_another_rule_and_is_followed()
    {
        var department = NewName("Lab ");
        await AddAsync(Somebody() with { Department = department });
        var group = await RuledAsync(
            new RuleCondition("department", RuleOperator.Is, department + " ")
        );
        (await MembersAsync(group)).ShouldBeEmpty();

        var input = GroupInput.From(group) with
        {
            Rule = new(RuleMatch.All, [new("department", RuleOperator.Is, department)]),
        };
        Made(await GroupsAsync(groups => groups.UpdateAsync(group.Id, input, null, Ct)));

        (await MembersAsync(group)).Count.ShouldBe(1);
        (await EventTypesAsync(group.Id)).ShouldContain(EventTypes.GroupUpdate);
    }

    [Fact]
    public async Task Who_a_rule_brought_in_cannot_be_removed_by_hand()
    {
        var department = NewName("Press ");
        var user = await AddAsync(Somebody() with { Department = department });
        var group = await RuledAsync(new RuleCondition("department", RuleOperator.Is, department));

        var outcome = await MembersAsync(m => m.RemoveAsync(group.Id, [user.Id], Ct));

        Refusals(outcome).ShouldBe(["members: member-by-rule"]);
    }

    [Fact]
    public async Task A_changed_rule_goes_on_where_it_was_left()
    {
        var department = NewName("Plant ");
        await using (var db = Server.Open())
        {
            db.Users.AddRange(
                Enumerable
                    .Range(0, 450)
                    .Select(i =>
                    {
                        var user = Storage.Rows.User($"{department.Replace(' ', '-')}-{i}");
                        user.Department = department;
                        return user;
                    })
            );
            await db.SaveChangesAsync(Ct);
        }
        var group = await AddGroupAsync();
        await using (var db = Server.Open())
        {
            var stored = await db.Groups.SingleAsync(g => g.Id == group.Id, Ct);
            stored.Rule = new(RuleMatch.All, [new("department", RuleOperator.Is, department)]);
            stored.RuleCursor = Guid.Empty;
            await db.SaveChangesAsync(Ct);
        }

        // As if a node died after its first batch, and others went on together.
        await CatchUpAsync(group, 1);
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => CatchUpAsync(group, 10)));
        while (!await CatchUpAsync(group, 10)) { }

        (await MembersAsync(group)).Count.ShouldBe(450);
    }

    [Theory]
    [InlineData("department", RuleOperator.Is, "research", true)]
    [InlineData("department", RuleOperator.IsNot, "research", false)]
    [InlineData("department", RuleOperator.StartsWith, "rese", true)]
    [InlineData("department", RuleOperator.EndsWith, "arch", true)]
    [InlineData("department", RuleOperator.Contains, "sea", true)]
    [InlineData("jobtitle", RuleOperator.IsEmpty, "", true)]
    [InlineData("jobtitle", RuleOperator.IsNotEmpty, "", false)]
    [InlineData("custom:site", RuleOperator.Is, "two", true)]
    [InlineData("custom:site", RuleOperator.IsNot, "three", true)]
    internal void A_condition_compares_one_attribute(
        string attribute,
        RuleOperator compared,
        string value,
        bool holds
    )
    {
        var user = Storage.Rows.User();
        user.Department = "Research";
        user.Attributes = new Dictionary<string, IReadOnlyList<string>>
        {
            ["site"] = ["one", "two"],
        };

        new RuleCondition(attribute, compared, value).Holds(user).ShouldBe(holds);
    }

    [Theory]
    [InlineData(
        "password_hash",
        RuleOperator.Is,
        "x",
        "rule.conditions[0].attribute: rule-attribute-unknown"
    )]
    [InlineData(
        "department",
        RuleOperator.Contains,
        "",
        "rule.conditions[0].value: rule-value-missing"
    )]
    internal async Task A_condition_that_says_nothing_is_refused(
        string attribute,
        RuleOperator compared,
        string value,
        string refusal
    )
    {
        var rule = new GroupRule(RuleMatch.All, [new(attribute, compared, value)]);
        var input = new GroupInput { Name = NewName("Circle "), Rule = rule };
        Refusals(await GroupsAsync(groups => groups.CreateAsync(input, Ct))).ShouldBe([refusal]);
    }

    [Fact]
    public async Task The_attribute_added_last_wins_and_the_users_own_goes_before_it_J_34()
    {
        var user = await AddAsync(Somebody() with { Attributes = [new("floor", "9")] });
        foreach (var (shift, floor) in new[] { ("early", "1"), ("late", "2") })
        {
            var input = new GroupInput
            {
                Name = NewName("Shift "),
                Attributes =
                [
                    new("shift", AttributeType.String, shift),
                    new("floor", AttributeType.Number, floor),
                ],
            };
            var group = Made(await GroupsAsync(groups => groups.CreateAsync(input, Ct)));
            Made(await MembersAsync(m => m.AddAsync(group.Id, [user.Id], Ct)));
            Server.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        var all = await Server
            .Service<InheritedAttributes>()
            .WithInheritedAsync(await FindAsync(user), Ct);

        (all["shift"].Single(), all["floor"].Single()).ShouldBe(("late", "9"));
    }

    [Fact]
    [Trait("Rule", "J-34")]
    public async Task A_rule_does_not_see_what_groups_give_their_members_J_34()
    {
        var (floor, department) = (NewName("floor"), NewName("Giving "));
        var user = await AddAsync(Somebody() with { Department = department });
        var giving = new GroupInput
        {
            Name = NewName("Giving "),
            Rule = new(RuleMatch.All, [new("department", RuleOperator.Is, department)]),
            Attributes = [new(floor, AttributeType.String, "9")],
        };
        var giver = Made(await GroupsAsync(groups => groups.CreateAsync(giving, Ct)));
        var seeing = await RuledAsync(new RuleCondition($"custom:{floor}", RuleOperator.Is, "9"));

        (await MembersAsync(giver)).ShouldBe([user.Id]);
        (await MembersAsync(seeing)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("number", "1234567890", "attribute-not-short-number")]
    [InlineData("boolean", "maybe", "attribute-not-boolean")]
    [InlineData("json", "{", "attribute-not-json")]
    [Trait("Rule", "J-34")]
    public async Task A_group_attribute_has_its_type_J_34(string type, string value, string code)
    {
        AttributeTypes.TryParse(type, out var read).ShouldBeTrue();
        var input = new GroupInput
        {
            Name = NewName("Circle "),
            Attributes = [new("a", read, value)],
        };
        Refusals(await GroupsAsync(groups => groups.CreateAsync(input, Ct)))
            .ShouldBe([$"attributes[0].value: {code}"]);
    }

    [Theory]
    [InlineData("number", "four", "attribute-not-number")]
    [InlineData("boolean", "yes", "attribute-not-boolean")]
    [InlineData("json", "{", "attribute-not-json")]
    public async Task A_defined_attribute_has_its_type(string type, string value, string code)
    {
        var name = NewName("defined");
        AttributeTypes.TryParse(type, out var read).ShouldBeTrue();
        await Server.AskAsync<AttributeDefinitions, object?>(async definitions =>
            Made(await definitions.SaveAsync(new(name, null, null, read), isNew: true, Ct))
        );
        var input = Somebody() with { Attributes = [new(name, value)] };
        Refusals(await UsersAsync(users => users.CreateAsync(input, Ct)))
            .ShouldBe([$"attributes[0].value: {code}"]);
    }

    private async Task<Group> RuledAsync(params RuleCondition[] conditions)
    {
        var input = new GroupInput
        {
            Name = NewName("Ruled "),
            Rule = new GroupRule(RuleMatch.All, conditions),
        };
        return Made(await GroupsAsync(groups => groups.CreateAsync(input, Ct)));
    }

    private static string Reason(Event told)
    {
        using var details = System.Text.Json.JsonDocument.Parse(told.Details);
        return $"{details.RootElement.GetProperty("operation")} {details.RootElement.GetProperty("reason")}";
    }

    private Task<bool> CatchUpAsync(Group group, int batches) =>
        Server.AskAsync<RuleMembership, bool>(rules => rules.CatchUpAsync(group.Id, Ct, batches));

    private async Task<IReadOnlyList<Guid>> MembersAsync(Group group)
    {
        await using var db = Server.Open();
        return await db
            .GroupMembers.Where(m => m.GroupId == group.Id)
            .Select(m => m.UserId)
            .ToListAsync(Ct);
    }

    private async Task<string> WhyAsync(Group group, User user) =>
        (await Queries.MembershipsOfUserAsync(user.Id, Ct)).Single(m => m.Group.Id == group.Id).Why;
}

public sealed class GroupRulesOnSqlite(SqliteIdentityProvider server)
    : GroupRuleTests(server),
        IClassFixture<SqliteIdentityProvider>;

public sealed class GroupRulesOnPostgreSql(PostgreSqlIdentityProvider server)
    : GroupRuleTests(server),
        IClassFixture<PostgreSqlIdentityProvider>;
