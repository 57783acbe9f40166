using Latchkey.Testing.Browsers;

namespace Latchkey.Interop.Tests;

/// <summary>Sign-in to pages behind Apache's mod_auth_mellon, which always signs its requests.</summary>
public sealed class SignOn_with_mod_auth_mellon(Organisation organisation, Chromium chromium)
{
    [Theory]
    [InlineData("docs")]
    [InlineData("intranet")]
    public async Task A_user_signs_in_by_redirect_and_where_only_post_is_offered_by_post(
        string site
    )
    {
        var user = await SignInToAsync(site);
        user.Keys.ShouldContain("NAME_ID");
        user["first"].ShouldBe("Ada");
    }

    [Fact]
    public async Task The_user_comes_back_to_the_page_that_was_asked_for()
    {
        await using var visit = await organisation.VisitAsync(chromium);
        await visit.Page.GotoAsync(organisation.Mellon.PageAddress("docs") + "?a=1&b=%2F+x");
        await visit.SignInAsync();
        await organisation.Mellon.ResultAsync(visit, "docs");
        visit.Page.Url.ShouldBe(organisation.Mellon.PageAddress("docs") + "?a=1&b=%2F+x");
    }

    [Fact]
    public async Task Attributes_arrive_exactly_as_they_are_stored()
    {
        var user = await SignInToAsync("docs");
        user["note"].ShouldBe(Organisation.AwkwardText);
        user["duration"].ShouldBe("3600");
    }

    [Fact]
    [Trait("Rule", "J-23")]
    public async Task Groups_are_several_values_of_one_attribute()
    {
        var user = await SignInToAsync("docs");
        new[] { user["groups_0"], user["groups_1"] }.ShouldBe(
            ["Engineering", Organisation.AwkwardGroup],
            ignoreOrder: true
        );
        user.Keys.ShouldNotContain("groups_2");
    }

    [Fact]
    public async Task The_identity_provider_is_the_one_set_for_this_application()
    {
        var user = await SignInToAsync("docs");
        user["IDP"].ShouldBe(organisation.Server.At("/saml2/docs"));
    }

    private async Task<IReadOnlyDictionary<string, string>> SignInToAsync(string site)
    {
        await using var visit = await organisation.VisitAsync(chromium);
        await visit.Page.GotoAsync(organisation.Mellon.PageAddress(site));
        await visit.SignInAsync();
        return await organisation.Mellon.ResultAsync(visit, site);
    }
}
