using System.Text;
using System.Xml.Linq;
using Latchkey.Testing.Browsers;

namespace Latchkey.Interop.Tests;

/// <summary>Sign-in to pages behind Apache's mod_auth_mellon, which always signs its requests.</summary>
public sealed class SignOn_with_mod_auth_mellon(Organisation organisation, Chromium chromium)
{
    private static readonly XNamespace Assertion = "urn:oasis:names:tc:SAML:2.0:assertion";
    private static readonly XNamespace Signature = "http://www.w3.org/2000/09/xmldsig#";

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

    [Theory]
    [Trait("Rule", "J-15")]
    [Trait("Rule", "K-04")]
    [InlineData("intranet", "Response Assertion")]
    [InlineData("assertion-site", "Assertion")]
    [InlineData("response-site", "Response")]
    public async Task What_is_signed_is_what_was_chosen(string site, string signed)
    {
        var message = Response(await SignInToAsync(site));
        var signatures = message.Descendants(Signature + "Signature");
        string.Join(' ', signatures.Select(s => s.Parent!.Name.LocalName)).ShouldBe(signed);
    }

    [Fact]
    public async Task A_site_that_publishes_its_key_decrypts_its_assertion()
    {
        var user = await SignInToAsync("docs");
        user["note"].ShouldBe(Organisation.AwkwardText);
        Response(user).Descendants(Assertion + "Assertion").ShouldBeEmpty();
        Response(user).Elements(Assertion + "EncryptedAssertion").Count().ShouldBe(1);
    }

    private static XElement Response(IReadOnlyDictionary<string, string> user) =>
        XDocument
            .Parse(Encoding.UTF8.GetString(Convert.FromBase64String(user["SAML_RESPONSE"])))
            .Root!;

    private async Task<IReadOnlyDictionary<string, string>> SignInToAsync(string site)
    {
        await using var visit = await organisation.VisitAsync(chromium);
        await visit.Page.GotoAsync(organisation.Mellon.PageAddress(site));
        await visit.SignInAsync();
        return await organisation.Mellon.ResultAsync(visit, site);
    }
}
