using Latchkey.Server.Applications.Mapping;
using Latchkey.Server.Directory;
using Latchkey.Server.Directory.Attributes;

namespace Latchkey.Server.Tests.Applications;

public sealed class ExpressionTests
{
    private static readonly UserFacts Ada = new()
    {
        User = new User
        {
            Username = "Ada.L",
            NormalizedUsername = "ADA.L",
            Email = "ada@example.test",
            FirstName = "Ada",
            LastName = "Lovelace",
            Attributes = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal)
            {
                ["team"] = ["blue", "red"],
            },
            SecurityStamp = "1",
            CreatedAt = default,
            UpdatedAt = default,
        },
        Groups = ["aws-admin", "aws-read", "staff"],
        GroupAttributes = new Dictionary<string, IReadOnlyList<GroupAttribute>>
        {
            ["aws-admin"] = [new("role", AttributeType.String, "Admin", default)],
            ["aws-read"] = [new("role", AttributeType.String, "Reader", default)],
            ["staff"] =
            [
                new("role", AttributeType.String, "Reader", default),
                new("floor", AttributeType.Number, "3", default),
            ],
        },
        AllGroups = ["aws-admin", "aws-read", "staff", "Choir"],
        ManagerEmail = "boss@example.test",
        Pseudonym = "p7",
    };

    [Theory]
    [InlineData("email", "ada@example.test")]
    [InlineData("Email", "ada@example.test")]
    [InlineData("lower(username)", "ada.l")]
    [InlineData("upper(firstname)", "ADA")]
    [InlineData("firstname + \" \" + lastname", "Ada Lovelace")]
    [InlineData("concat(firstname, '-', lastname)", "Ada-Lovelace")]
    [InlineData("localPart(email)", "ada")]
    [InlineData("domain(email)", "example.test")]
    [InlineData("before(username, \".\")", "Ada")]
    [InlineData("after(username, \".\")", "L")]
    [InlineData("after(username, \"#\")", "")]
    [InlineData("replace(username, \".\", \"_\")", "Ada_L")]
    [InlineData("trim(\"  a \")", "a")]
    [InlineData("first(company, department, \"none\")", "none")]
    [InlineData("first(company, custom(\"team\"))", "blue|red")]
    [InlineData("custom(\"team\")", "blue|red")]
    [InlineData("upper(custom(\"team\"))", "BLUE|RED")]
    [InlineData("join(custom(\"team\"), \";\")", "blue;red")]
    [InlineData("split(\"a, b ,,c\", \",\")", "a|b|c")]
    [InlineData("list(firstname, company, lastname)", "Ada|Lovelace")]
    [InlineData("groups()", "aws-admin|aws-read|staff")]
    [InlineData("groups(\"AWS-*\")", "aws-admin|aws-read")]
    [InlineData("groupAttribute(\"role\")", "Admin|Reader")]
    [InlineData("groupAttribute(\"role\", \"staff\")", "Reader")]
    [InlineData("groupAttribute(\"shoe\")", "")]
    [InlineData("list(\"Reader\", groupAttribute(\"role\"))", "Reader|Admin")]
    [InlineData("replace(groups(\"aws-*\"), \"aws-\", \"\")", "admin|read")]
    [InlineData("if(inGroup(\"choir\"), \"sings\", \"listens\")", "sings")]
    [InlineData("if(inGroup(\"board\"), \"sings\", \"listens\")", "listens")]
    [InlineData("if(inGroup(\"board\"), \"sings\")", "")]
    [InlineData("if(equals(domain(email), \"EXAMPLE.test\"), \"inside\")", "inside")]
    [InlineData("if(matches(email, \"*@example.*\"), \"inside\")", "inside")]
    [InlineData("manager", "boss@example.test")]
    [InlineData("pseudonym()", "p7")]
    [InlineData("\"say \\\"hi\\\"\"", "say \"hi\"")]
    [InlineData(" ( firstname ) ", "Ada")]
    public void What_it_makes(string text, string expected)
    {
        var expression = Expression.Parse(text, "x");

        expression.Problems.ShouldBeEmpty();
        string.Join('|', expression.Value!.Evaluate(Ada)!).ShouldBe(expected);
    }

    [Fact]
    public void Where_every_part_of_the_user_is_missing_no_lone_separator_is_left() =>
        Expression.Parse("company + \"/\" + department", "x").Value!.Evaluate(Ada).ShouldBe([]);

    [Theory]
    [InlineData("", "expression-empty", 1)]
    [InlineData("  ", "expression-empty", 1)]
    [InlineData("lower(", "expression-bracket-open", 6)]
    [InlineData("lower(email,", "expression-ends", 13)]
    [InlineData("lower(email", "expression-bracket-open", 6)]
    [InlineData("lower(email))", "expression-unexpected", 13)]
    [InlineData("lower email", "expression-name-unknown", 1)]
    [InlineData("email email", "expression-unexpected", 7)]
    [InlineData("email + ", "expression-ends", 9)]
    [InlineData("email + \"a", "expression-quote-open", 9)]
    [InlineData("shout(email)", "expression-function-unknown", 1)]
    [InlineData("first(email, shout(email))", "expression-function-unknown", 14)]
    [InlineData("lower(email, email)", "expression-arguments", 1)]
    [InlineData("mail", "expression-name-unknown", 1)]
    [InlineData("email; email", "expression-unexpected", 6)]
    [InlineData("password_hash", "expression-name-unknown", 1)]
    public void What_cannot_be_read_is_said_with_its_column(string text, string code, int column)
    {
        var problem = Expression.Parse(text, "name_id.expression").Problems.ShouldHaveSingleItem();

        (problem.Code, problem.Args[0], problem.Where).ShouldBe(
            (code, column, "name_id.expression")
        );
    }

    [Fact]
    public void Depth_parts_and_length_are_bounded()
    {
        Code(new string('(', 30) + "email" + new string(')', 30)).ShouldBe("expression-too-deep");
        Code(string.Join('+', Enumerable.Repeat("id", 300))).ShouldBe("expression-too-many");
        Code(new string(' ', 2001)).ShouldBe("expression-too-long");

        static string Code(string text) => Expression.Parse(text, "x").Problems.Single().Code;
    }

    [Fact]
    public void What_would_grow_without_end_is_given_up()
    {
        var text = "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"";
        for (var i = 0; i < 6; i++)
        {
            text = $"replace({text}, \"a\", \"{new string('a', 30)}\")";
        }

        Expression.Parse(text, "x").Value!.Evaluate(Ada).ShouldBeNull();
    }

    [Theory]
    [InlineData("email", ExpressionNeeds.None)]
    [InlineData("groups()", ExpressionNeeds.None)]
    [InlineData("manager", ExpressionNeeds.Manager)]
    [InlineData(
        "if(inGroup(\"a\"), pseudonym())",
        ExpressionNeeds.AllGroups | ExpressionNeeds.Pseudonym
    )]
    public void It_says_what_has_to_be_read_for_it(string text, object needs) =>
        Expression.Parse(text, "x").Value!.Needs.ShouldBe((ExpressionNeeds)needs);

    [Theory]
    [InlineData(null, "anything", true)]
    [InlineData("aws-*", "AWS-admin", true)]
    [InlineData("aws-*", "my-aws-admin", false)]
    [InlineData("*admin*", "aws-admins", true)]
    [InlineData("a*b*c", "axxbyyc", true)]
    [InlineData("a*b*c", "axxcyyb", false)]
    [InlineData("staff", "staff", true)]
    [InlineData("staff", "staff2", false)]
    [InlineData("*", "", true)]
    public void Patterns_know_stars_and_nothing_else(string? pattern, string name, bool expected) =>
        NamePattern.Matches(pattern, name).ShouldBe(expected);

    [Fact]
    public void A_pattern_of_many_stars_does_not_run_long() =>
        NamePattern
            .Matches(string.Concat(Enumerable.Repeat("a*", 100)) + "b", new string('a', 256))
            .ShouldBeFalse();
}
