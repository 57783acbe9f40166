using Latchkey.Server.Applications.Catalogue;

namespace Latchkey.Server.Tests.Applications.Catalogue;

public sealed class ConnectorSearchTests
{
    [Theory]
    [InlineData("Jira")]
    [InlineData("confluence")]
    [InlineData("BITBUCKET")]
    [Trait("Rule", "S1-07")]
    [Trait("Rule", "J-60")]
    public void A_product_that_shares_a_login_finds_it_and_says_why(string typed)
    {
        var match = Find(typed).First(m => m.Connector.Slug == "atlassian-cloud");
        match.Alias!.Reason.ShouldBe(AliasReason.SharedLogin);
        string.Equals(match.Alias.Name, typed, StringComparison.OrdinalIgnoreCase).ShouldBeTrue();
    }

    [Fact]
    public void The_own_name_comes_before_another_name() =>
        Find("github")[0].Connector.Name.ShouldStartWith("GitHub");

    [Theory]
    [InlineData("gmail", "google-workspace")]
    [InlineData("aws sso", "aws-iam-identity-center")]
    [InlineData("service now", "servicenow")]
    [InlineData("identity center", "aws-iam-identity-center")]
    [InlineData("Zürich Zoom", null)]
    public void Words_spaces_and_capitals_do_not_matter(string typed, string? slug) =>
        Find(typed).Select(m => m.Connector.Slug).FirstOrDefault().ShouldBe(slug);

    [Fact]
    public void A_category_finds_what_is_in_it()
    {
        var match = Find("monitoring").First(m => m.Connector.Slug == "datadog");
        match.Category.ShouldBe("monitoring");
    }

    [Fact]
    public void A_chosen_category_leaves_the_others_out() =>
        ConnectorSearch
            .Find(ShippedConnectors.All.Values, "", "crm")
            .ShouldAllBe(m => m.Connector.Categories.Contains("crm"));

    private static IReadOnlyList<ConnectorMatch> Find(string typed) =>
        ConnectorSearch.Find(ShippedConnectors.All.Values, typed);
}
