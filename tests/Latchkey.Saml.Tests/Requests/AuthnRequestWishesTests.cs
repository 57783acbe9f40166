using System.Text;
using System.Text.Json;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Messages;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Requests;
using Latchkey.Saml.Tests.Messages;
using Latchkey.Saml.Tests.Responses;

namespace Latchkey.Saml.Tests.Requests;

/// <summary>What an AuthnRequest may wish for (saml-core-2.0 §3.4.1): written, read, weighed.</summary>
public sealed class AuthnRequestWishesTests
{
    private static readonly string[] WeakestFirst = ["weak", "fair", "strong"];

    private static readonly AuthnRequest Request = new()
    {
        Id = "_request",
        IssueInstant = Sample.Now,
        Issuer = Sample.ServiceProvider,
        AttributeConsumingServiceIndex = 7,
        ProviderName = "Wiki & Co",
        Subject = new NameId("ada", NameIdFormats.Persistent, "idp", "sp"),
        NameIdPolicy = new NameIdPolicy(null, AllowCreate: true, "sp"),
        Conditions = new Conditions
        {
            NotBefore = Sample.Now,
            NotOnOrAfter = Sample.Now.AddHours(1),
            Audiences = [Sample.ServiceProvider, "urn:x"],
            OneTimeUse = true,
            ProxyRestriction = new ProxyRestriction(2, ["urn:y"]),
        },
        RequestedAuthnContext = new RequestedAuthnContext(
            ["a", "b"],
            AuthnContextComparison.Better
        ),
        Scoping = new Scoping
        {
            ProxyCount = 0,
            IdentityProviders =
            [
                new IdentityProviderEntry("urn:idp", "The <one>", "https://idp.example.test"),
                new IdentityProviderEntry("urn:idp2"),
            ],
            GetComplete = "https://list.example.test",
            RequesterIds = ["urn:r1", "urn:r2"],
        },
    };

    [Fact]
    public void Every_wish_is_written_and_read()
    {
        AuthnRequest read = Validate(MessageWriter.ToFormValue(Request)).Value!.Message;

        // As JSON, because records with lists are not equal although they say the same.
        JsonSerializer.Serialize(read).ShouldBe(JsonSerializer.Serialize(Request));
    }

    [Fact]
    public void Extensions_are_skipped_and_never_searched() =>
        Validate(
            Altered(
                "</saml:Issuer>",
                "</saml:Issuer><samlp:Extensions><samlp:Scoping/><x/></samlp:Extensions>"
            )
        )
            .Value!.Message.Scoping!.RequesterIds.Count.ShouldBe(2);

    /// <summary>What stands in the message, what it becomes, the finding.</summary>
    public static TheoryData<string, string, string> Broken =>
        new()
        {
            { "ProxyCount=\"0\"", "ProxyCount=\"-1\"", "value-malformed" },
            { "ProxyCount=\"0\"", "ProxyCount=\"many\"", "value-malformed" },
            { "ProviderID=\"urn:idp\"", "Provider=\"urn:idp\"", "attribute-missing" },
            { "<samlp:RequesterID>urn:r1", "<samlp:RequesterID>", "value-malformed" },
            { "Count=\"2\"", "Count=\"two\"", "value-malformed" },
            { "<saml:OneTimeUse>", "<saml:OneTimeUse><x/>", "element-unexpected" },
            {
                "<saml:OneTimeUse>",
                "<saml:OneTimeUse></saml:OneTimeUse><saml:OneTimeUse>",
                "element-unexpected"
            },
            {
                "<saml:OneTimeUse></saml:OneTimeUse>",
                "<saml:Condition></saml:Condition>",
                "condition-unknown"
            },
            {
                "AttributeConsumingServiceIndex=\"7\"",
                "AttributeConsumingServiceIndex=\"65536\"",
                "value-malformed"
            },
            { "</saml:Subject>", "<x/></saml:Subject>", "request-subject-unsupported" },
            { "saml:NameID", "saml:BaseID", "request-subject-unsupported" },
        };

    [Theory]
    [MemberData(nameof(Broken))]
    public void X4_A_wish_that_is_not_as_the_schema_has_it_is_refused(
        string old,
        string replacement,
        string code
    )
    {
        string altered = Altered(old, replacement);
        if (replacement == "saml:BaseID")
            altered = Encode(
                Encoding
                    .UTF8.GetString(Convert.FromBase64String(altered))
                    .With("/saml:NameID", "/saml:BaseID")
            );

        Validate(altered).ShouldBeRefusedFor(code);
    }

    [Theory]
    [InlineData(AuthnContextComparison.Exact, "fair", "fair", true)]
    [InlineData(AuthnContextComparison.Exact, "fair", "strong", false)]
    [InlineData(AuthnContextComparison.Exact, "other", "other", true)]
    [InlineData(AuthnContextComparison.Exact, "weak strong", "strong", true)]
    [InlineData(AuthnContextComparison.Minimum, "fair", "strong", true)]
    [InlineData(AuthnContextComparison.Minimum, "fair", "fair", true)]
    [InlineData(AuthnContextComparison.Minimum, "fair", "weak", false)]
    [InlineData(AuthnContextComparison.Minimum, "other", "strong", false)]
    [InlineData(AuthnContextComparison.Minimum, "other", "other", true)]
    [InlineData(AuthnContextComparison.Maximum, "fair", "weak", true)]
    [InlineData(AuthnContextComparison.Maximum, "fair", "strong", false)]
    [InlineData(AuthnContextComparison.Maximum, "fair", "other", false)]
    [InlineData(AuthnContextComparison.Better, "weak fair", "strong", true)]
    [InlineData(AuthnContextComparison.Better, "fair", "fair", false)]
    [InlineData(AuthnContextComparison.Better, "fair other", "strong", false)]
    public void P6_A_way_of_authenticating_is_weighed_as_the_comparison_says(
        AuthnContextComparison comparison,
        string wished,
        string done,
        bool accepted
    ) =>
        new RequestedAuthnContext(wished.Split(' '), comparison)
            .Accepts(done, WeakestFirst)
            .ShouldBe(accepted);

    [Fact]
    public void A_list_of_identity_providers_excludes_the_others()
    {
        Request.Scoping!.Allows("urn:idp2").ShouldBeTrue();
        Request.Scoping.Allows("urn:idp3").ShouldBeFalse();
        new Scoping().Allows("urn:idp3").ShouldBeTrue();
    }

    private static string Altered(string old, string replacement) =>
        Encode(
            Encoding
                .UTF8.GetString(Convert.FromBase64String(MessageWriter.ToFormValue(Request)))
                .With(old, replacement)
        );

    private static string Encode(string xml) => Convert.ToBase64String(Encoding.UTF8.GetBytes(xml));

    private static Verdict<Received<AuthnRequest>> Validate(string form) =>
        AuthnRequestValidator.Validate(IncomingMessage.FromForm(form), Sample.Rules);
}
