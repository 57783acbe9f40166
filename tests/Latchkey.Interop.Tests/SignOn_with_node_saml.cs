using System.Xml.Linq;
using Latchkey.Testing;
using Latchkey.Testing.Browsers;
using Latchkey.Testing.ServiceProviders;

namespace Latchkey.Interop.Tests;

/// <summary>Sign-in started by a service provider on node-saml.</summary>
public sealed class SignOn_with_node_saml(Organisation organisation, Chromium chromium)
{
    private static readonly XNamespace Protocol = "urn:oasis:names:tc:SAML:2.0:protocol";
    private static readonly XNamespace Assertion = "urn:oasis:names:tc:SAML:2.0:assertion";
    private static readonly XNamespace Signature = "http://www.w3.org/2000/09/xmldsig#";

    [Theory]
    [InlineData("wiki")]
    [InlineData("forms")]
    [InlineData("plain")]
    public async Task A_user_signs_in_by_signed_redirect_signed_post_and_unsigned_redirect(
        string application
    )
    {
        var result = await SignInToAsync(application);
        result.Outcome.ShouldBe("signed in", result.Reason);
        result.NameId.ShouldBe("ada@example.test");
    }

    [Fact]
    public async Task The_name_id_has_the_format_that_was_set()
    {
        var result = await SignInToAsync("wiki");
        result.NameIdFormat.ShouldBe("urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress");
    }

    [Fact]
    public async Task Attributes_arrive_exactly_as_they_are_stored()
    {
        var result = await SignInToAsync("wiki");
        result.Values("first").ShouldBe(["Ada"]);
        result.Values("note").ShouldBe([Organisation.AwkwardText]);
        result.Values("duration").ShouldBe(["3600"]);
    }

    [Fact]
    public async Task An_attribute_without_a_value_is_not_sent()
    {
        var result = await SignInToAsync("wiki");
        result.Outcome.ShouldBe("signed in");
        result.Attributes.Keys.ShouldNotContain("empty");
    }

    [Fact]
    [Trait("Rule", "J-23")]
    public async Task Groups_are_those_of_the_user_that_are_bound_to_the_application()
    {
        var result = await SignInToAsync("wiki");
        result
            .Values("groups")
            .ShouldBe(["Engineering", Organisation.AwkwardGroup], ignoreOrder: true);
    }

    [Theory]
    [InlineData("/page?a=1&b=%2F+x")]
    [InlineData("ü \"quoted\" <tag> 'x' \\ 🔑")]
    [InlineData("")]
    public async Task The_relay_state_comes_back_byte_for_byte(string relayState)
    {
        // Unsigned: node-saml signs one spelling of the query (%20) and sends another (+), so its signed requests cannot
        // carry every character.
        var result = await SignInToAsync("plain", relayState);
        (result.RelayState ?? "").ShouldBe(relayState);
    }

    [Fact]
    public async Task The_relay_state_of_a_posted_request_comes_back_byte_for_byte()
    {
        var result = await SignInToAsync("forms", "ü &amp; \"x\" <y>+%20");
        result.RelayState.ShouldBe("ü &amp; \"x\" <y>+%20");
    }

    [Theory]
    [Trait("Rule", "J-15")]
    [InlineData("wiki", true, true)]
    [InlineData("assertion", false, true)]
    [InlineData("response", true, false)]
    public async Task What_is_signed_is_what_was_chosen(
        string application,
        bool response,
        bool assertion
    )
    {
        var result = await SignInToAsync(application);
        result.Outcome.ShouldBe("signed in", result.Reason);
        var message = XDocument.Parse(result.Response).Root!;
        (message.Element(Signature + "Signature") is not null).ShouldBe(response);
        (
            message.Element(Assertion + "Assertion")!.Element(Signature + "Signature") is not null
        ).ShouldBe(assertion);
    }

    [Fact]
    public async Task A_service_provider_that_publishes_a_key_decrypts_its_assertion()
    {
        var result = await SignInToAsync("sealed");
        result.Outcome.ShouldBe("signed in", result.Reason);
        result.Values("first").ShouldBe(["Ada"]);
        XDocument
            .Parse(result.Response)
            .Root!.Elements(Assertion + "EncryptedAssertion")
            .Count()
            .ShouldBe(1);
    }

    [Theory]
    [Trait("Rule", "J-14")]
    [InlineData("wiki", "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256")]
    [InlineData("sha512", "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512")]
    public async Task Every_signature_uses_the_algorithm_that_was_chosen(
        string application,
        string algorithm
    )
    {
        var result = await SignInToAsync(application);
        result.Outcome.ShouldBe("signed in", result.Reason);
        XDocument
            .Parse(result.Response)
            .Descendants(Signature + "SignatureMethod")
            .Select(method => method.Attribute("Algorithm")!.Value)
            .ShouldBe([algorithm, algorithm]);
    }

    [Fact]
    [Trait("Rule", "J-14")]
    public async Task Ecdsa_is_verified_by_the_library_below_node_saml_and_refused_by_node_saml()
    {
        var result = await SignInToAsync("curve");
        // xml-crypto verifies ECDSA once it is registered; node-saml offers no way to, and says no more than this.
        result.Signatures.ShouldBe([true, true]);
        (result.Outcome, result.Reason).ShouldBe(("refused", "Invalid document signature"));
    }

    [Fact]
    [Trait("Rule", "S0-05")]
    public async Task The_second_application_asks_for_nothing()
    {
        await using var visit = await organisation.VisitAsync(chromium);
        await SignInToAsync(visit, "wiki");
        await visit.Page.GotoAsync(organisation.Node.LoginAddress("forms"));
        var result = await organisation.Node.ResultAsync(visit);
        result.Outcome.ShouldBe("signed in", result.Reason);
    }

    [Fact]
    public async Task Each_service_provider_gets_another_session_index()
    {
        await using var visit = await organisation.VisitAsync(chromium);
        var first = await SignInToAsync(visit, "wiki");
        await visit.Page.GotoAsync(organisation.Node.LoginAddress("plain"));
        var second = await organisation.Node.ResultAsync(visit);
        second.SessionIndex.ShouldNotBeNullOrEmpty();
        second.SessionIndex.ShouldNotBe(first.SessionIndex);
    }

    [Fact]
    [Trait("Rule", "I7")]
    public async Task ForceAuthn_asks_again_and_moves_the_time_of_authentication()
    {
        await using var visit = await organisation.VisitAsync(chromium);
        var before = AuthnInstant(await SignInToAsync(visit, "wiki"));
        // The time of authentication is written in whole seconds: within the same one it could not be seen to move.
        await Wait.UntilAsync(
            () => Task.FromResult(DateTimeOffset.UtcNow >= before.AddSeconds(1)),
            () => $"The clock stands at {DateTimeOffset.UtcNow:O}, and {before:O} was before it."
        );
        await visit.Page.GotoAsync(organisation.Node.LoginAddress("again"));
        await visit.SignInAsync();
        var result = await organisation.Node.ResultAsync(visit);
        result.Outcome.ShouldBe("signed in", result.Reason);
        AuthnInstant(result).ShouldBeGreaterThan(before);
    }

    [Fact]
    public async Task IsPassive_without_a_session_is_answered_NoPassive_without_a_page()
    {
        await using var visit = await organisation.VisitAsync(chromium);
        await visit.Page.GotoAsync(organisation.Node.LoginAddress("quiet"));
        var result = await organisation.Node.ResultAsync(visit);
        // node-saml believes NoPassive only when it is signed, and names it all the same.
        result.Reason.ShouldNotBeNull().ShouldContain("NoPassive");
        XDocument
            .Parse(result.Response)
            .Descendants(Protocol + "StatusCode")
            .Last()
            .Attribute("Value")!
            .Value.ShouldBe("urn:oasis:names:tc:SAML:2.0:status:NoPassive");
    }

    [Fact]
    public async Task IsPassive_with_a_session_signs_in()
    {
        await using var visit = await organisation.VisitAsync(chromium);
        await SignInToAsync(visit, "wiki");
        await visit.Page.GotoAsync(organisation.Node.LoginAddress("quiet"));
        var result = await organisation.Node.ResultAsync(visit);
        result.Outcome.ShouldBe("signed in", result.Reason);
    }

    private Task<SignOnResult> SignInToAsync(string application, string relayState = "") =>
        SignInToAsync(null, application, relayState);

    private async Task<SignOnResult> SignInToAsync(
        Visit? kept,
        string application,
        string relayState = ""
    )
    {
        var visit = kept ?? await organisation.VisitAsync(chromium);
        try
        {
            await visit.Page.GotoAsync(organisation.Node.LoginAddress(application, relayState));
            await visit.SignInAsync();
            return await organisation.Node.ResultAsync(visit);
        }
        finally
        {
            if (kept is null)
                await visit.DisposeAsync();
        }
    }

    private static DateTimeOffset AuthnInstant(SignOnResult result) =>
        (DateTimeOffset)
            XDocument
                .Parse(result.Response)
                .Descendants(Assertion + "AuthnStatement")
                .Single()
                .Attribute("AuthnInstant")!;
}
