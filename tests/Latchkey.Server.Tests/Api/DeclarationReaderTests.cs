using Latchkey.Saml.Issuing;
using Latchkey.Server.Api.Declaration;
using Latchkey.Server.Applications;

namespace Latchkey.Server.Tests.Api;

public sealed class DeclarationReaderTests
{
    [Fact]
    public void The_format_of_the_documentation_is_read_whole()
    {
        var problems = new DeclarationProblems();

        var state = DeclarationReader.Read(Declarations.Documented, problems);

        problems.All.ShouldBeEmpty();
        var user = state.Users.ShouldHaveSingleItem();
        (user.Username, user.Password, user.Fields["firstname"]).ShouldBe(
            ("ada", "only used when created", "Ada")
        );
        user.Attributes.ShouldNotBeNull().ShouldHaveSingleItem().Value.ShouldBe("Research");
        state.Groups.ShouldHaveSingleItem().Members.ShouldBe(["ada"]);
        state.Administrators.ShouldHaveSingleItem().Username.ShouldBe("ada");
        var application = state.Applications.ShouldHaveSingleItem();
        application.Said(null).Sign.ShouldBe(SignedParts.AssertionAndResponse);
        application.Said(null).DefaultRelayState.ShouldBe("");
        application
            .Said(null)
            .Attributes.ShouldNotBeNull()
            .Select(a => a.Kind)
            .ShouldBe([AttributeKind.User, AttributeKind.Groups, AttributeKind.Constant]);
    }

    [Theory]
    [InlineData("users:\n  - { usernam: ada }", 2, "declaration-key-unknown")]
    [InlineData("users:\n  - { email: a@b.test }", 2, "declaration-key-missing")]
    [InlineData("user: []", 1, "declaration-key-unknown")]
    [InlineData("users: ada", 1, "declaration-not-list")]
    [InlineData("- users", 1, "declaration-not-mapping")]
    [InlineData("a: b: c", 1, "declaration-not-yaml")]
    [InlineData("users: []\nadministrators: [", 2, "declaration-not-yaml")]
    [InlineData("users: []\nusers: []", 2, "declaration-key-twice")]
    [InlineData("users: &a []\ngroups: *a", 1, "declaration-anchor")]
    [InlineData("users: !!set {}", 1, "declaration-tag")]
    [InlineData("users: []\n---\nusers: []", 2, "declaration-second-document")]
    [InlineData("groups:\n  - { name: A }\n  - { name: a }", 3, "declaration-twice")]
    [InlineData("applications:\n  - slug: a\n    active: yes", 3, "declaration-not-flag")]
    [InlineData("applications:\n  - slug: a\n    sign: none", 3, "declaration-not-word")]
    [InlineData(
        "applications:\n  - slug: a\n    name_id: { format: mail }",
        3,
        "declaration-not-word"
    )]
    [InlineData(
        "applications:\n  - slug: a\n    attributes: [ { name: x } ]",
        3,
        "declaration-key-missing"
    )]
    [InlineData(
        "applications:\n  - slug: a\n    slo_urls: [ { binding: redirect } ]",
        3,
        "declaration-key-missing"
    )]
    [InlineData(
        "applications:\n  - slug: a\n    slo_urls: [ { url: https://a.test/slo } ]",
        3,
        "declaration-key-missing"
    )]
    [InlineData(
        "applications:\n  - slug: a\n    slo_urls: [ { binding: mail, url: https://a.test/slo } ]",
        3,
        "declaration-not-word"
    )]
    public void What_is_wrong_is_said_with_its_line(string text, int line, string code)
    {
        var problems = new DeclarationProblems();

        DeclarationReader.Read(text, problems);

        problems.All.ShouldContain(p => p.Line == line && p.Problem.Code == code);
    }

    [Fact]
    public void All_problems_are_said_at_once()
    {
        var problems = new DeclarationProblems();

        DeclarationReader.Read(
            "users:\n  - { usernam: ada }\ngroups:\n  - { nam: x }\nadmin: []\n",
            problems
        );

        problems.All.Select(p => p.Line).ShouldBe([2, 2, 4, 4, 5]);
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{a: ")]
    [InlineData("- ")]
    public void Deep_nesting_is_refused_before_it_costs_anything(string opening)
    {
        var problems = new DeclarationProblems();

        DeclarationReader.Read(string.Concat(Enumerable.Repeat(opening, 100_000)), problems);

        problems.All.ShouldContain(p => p.Problem.Code == "declaration-too-deep");
    }

    [Fact]
    public void An_empty_file_declares_nothing()
    {
        var problems = new DeclarationProblems();

        DeclarationReader.Read("# nothing yet\n", problems).Users.ShouldBeEmpty();

        problems.All.ShouldBeEmpty();
    }
}
