using System.Security.Cryptography.X509Certificates;
using Latchkey.Saml.Issuing;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Responses;
using Latchkey.Server.Applications;
using Latchkey.Server.Directory;
using Latchkey.Server.Tests.SignIn;

namespace Latchkey.Server.Tests.SingleSignOn;

/// <summary>How assertions are made: encryption, times, access of single users, failures answered.</summary>
public abstract class IssuingTests(TestIdentityProvider server)
{
    [Theory]
    [InlineData(ContentEncryption.Aes256Gcm, KeyEncryption.RsaOaepMgf1p)]
    [InlineData(ContentEncryption.Aes128Gcm, KeyEncryption.RsaOaepSha256)]
    [InlineData(ContentEncryption.Aes256Cbc, KeyEncryption.RsaOaepMgf1p)]
    [Trait("Rule", "I7")]
    public async Task An_assertion_is_encrypted_to_the_service_providers_key(
        object content,
        object transport
    )
    {
        using var own = SigningKey.Create(
            "wiki",
            server.Clock.GetUtcNow(),
            server.Clock.GetUtcNow().AddYears(1)
        );
        using var decryption = DecryptionKey.Import(own.ExportPkcs8(), own.Certificate.RawData);
        var (sp, user) = await SetUpAsync(a =>
        {
            a.SpEncryptionCertificates = [Convert.ToBase64String(own.Certificate.RawData)];
            a.EncryptAssertions = true;
            a.ContentEncryption = (ContentEncryption)content;
            a.KeyEncryption = (KeyEncryption)transport;
        });
        var page = await SignInAsync(sp, user);

        TestServiceProvider
            .Xml(page)
            .Descendants()
            .ShouldNotContain(e => e.Name.LocalName == "NameID");
        var verdict = sp.Validate(
            page,
            null,
            rules => rules with { DecryptionKeys = [decryption], AllowCbc = true }
        );
        verdict.Accepted.ShouldBeTrue(string.Join('\n', verdict.Findings));
        verdict.Value!.NameId!.Value.ShouldBe(user.Email);
    }

    [Fact]
    [Trait("Rule", "I7")]
    public async Task With_nothing_to_encrypt_to_nothing_is_sent()
    {
        using var curve = SigningKey.Create(
            "wiki",
            server.Clock.GetUtcNow(),
            server.Clock.GetUtcNow().AddYears(1),
            EllipticCurve.P256
        );
        var (sp, user) = await SetUpAsync(a =>
        {
            a.SpEncryptionCertificates = [Convert.ToBase64String(curve.Certificate.RawData)];
            a.EncryptAssertions = true;
        });

        var page = await SignInAsync(sp, user);

        page.Field("SAMLResponse").ShouldBeNull();
        (await server.EventsAsync(page.ReferenceCode!)).ShouldContain(e =>
            e.FindingCode == "encryption-key-unusable"
        );
    }

    [Fact]
    public async Task Times_are_the_applications()
    {
        var (sp, user) = await SetUpAsync(a =>
        {
            a.ClockSkewSeconds = 20;
            a.AssertionLifetimeSeconds = 90;
            a.SessionLifetimeMinutes = 45;
        });

        var xml = TestServiceProvider.Xml(await SignInAsync(sp, user));

        var now = server.Clock.GetUtcNow();
        var conditions = xml.Descendants().Single(e => e.Name.LocalName == "Conditions");
        Time(conditions.Attribute("NotBefore")!.Value).ShouldBe(now.AddSeconds(-20));
        Time(conditions.Attribute("NotOnOrAfter")!.Value).ShouldBe(now.AddSeconds(90));
        var statement = xml.Descendants().Single(e => e.Name.LocalName == "AuthnStatement");
        Time(statement.Attribute("SessionNotOnOrAfter")!.Value).ShouldBe(now.AddMinutes(45));
    }

    [Fact]
    public async Task The_session_at_the_application_can_end_with_the_one_here()
    {
        var (sp, user) = await SetUpAsync(a => a.SessionLifetimeMinutes = 0);

        var xml = TestServiceProvider.Xml(await SignInAsync(sp, user));

        await using var database = server.Open();
        var ends = database
            .Sessions.Where(s => s.UserId == user.Id)
            .Select(s => s.ExpiresAt)
            .Single();
        var statement = xml.Descendants().Single(e => e.Name.LocalName == "AuthnStatement");
        Time(statement.Attribute("SessionNotOnOrAfter")!.Value)
            .ShouldBe(ends, TimeSpan.FromSeconds(1));
    }

    [Fact]
    [Trait("Rule", "J-36")]
    public async Task The_way_of_signing_in_is_an_attribute_and_a_class()
    {
        var (sp, user) = await SetUpAsync(a =>
        {
            a.Attributes = [new("amr", AttributeKind.AuthnMethods)];
            a.AuthnContext = new(null, [new("pwd", "urn:example:password")]);
        });

        var assertion = sp.Accept(await SignInAsync(sp, user), null);

        assertion.Attributes.Single().Values.ShouldBe(["pwd"]);
        assertion.AuthnContextClassRef.ShouldBe("urn:example:password");
    }

    [Fact]
    [Trait("Rule", "J-14")]
    public async Task A_service_provider_that_knows_only_sha1_gets_sha1()
    {
        var (sp, user) = await SetUpAsync(a => a.SignatureAlgorithm = SignatureAlgorithm.RsaSha1);
        var page = await SignInAsync(sp, user);

        sp.Validate(page, null).Accepted.ShouldBeFalse();
        sp.Validate(page, null, rules => rules with { AllowSha1 = true }).Accepted.ShouldBeTrue();
    }

    [Fact]
    public async Task Attributes_come_from_expressions_and_chosen_groups()
    {
        var (sp, user) = await SetUpAsync(a =>
        {
            a.NameIdSource = "expression:upper(username)";
            a.NameIdFormat = NameIdFormats.Unspecified;
            a.Attributes =
            [
                new("name", AttributeKind.Expression, "firstname + \" \" + lastname"),
                new("groups", AttributeKind.Groups, FriendlyName: "g", Groups: new("Group *", ";")),
                new("none", AttributeKind.Groups, Groups: new("aws-*")),
            ];
        });

        var assertion = sp.Accept(await SignInAsync(sp, user), null);

        assertion.NameId!.Value.ShouldBe(user.Username.ToUpperInvariant());
        assertion.Attributes[0].Values.ShouldBe(["Ada Lovelace"]);
        assertion.Attributes[1].Values.Single().ShouldStartWith("Group ");
        assertion.Attributes[1].FriendlyName.ShouldBe("g");
        assertion.Attributes.Count.ShouldBe(2);
    }

    [Fact]
    [Trait("Rule", "S4-12")]
    public async Task A_user_alone_can_be_let_in_and_sees_the_tile()
    {
        var sp = new TestServiceProvider(server.Clock);
        var user = await server.AddUserAsync();
        var application = await server.AddApplicationAsync(sp);
        await server.LetInAsync(application, user);

        var browser = await server.SignedInAsync(user);

        (await browser.OpenAsync("/")).Text.ShouldContain(application.Label);
        sp.Accept(await browser.OpenAsync($"/saml2/{sp.Slug}", "none"), null)
            .NameId!.Value.ShouldBe(user.Email);
    }

    [Fact]
    [Trait("Rule", "J-55")]
    [Trait("Rule", "J-05")]
    public async Task A_hidden_application_has_no_tile_and_can_be_signed_in_to()
    {
        var (sp, user) = await SetUpAsync(a => a.Hidden = true);
        var browser = await server.SignedInAsync(user);

        (await browser.OpenAsync("/")).Document.QuerySelector($"#tile-{sp.Slug}").ShouldBeNull();
        sp.Accept(await browser.OpenAsync($"/saml2/{sp.Slug}", "none"), null).ShouldNotBeNull();
    }

    [Fact]
    [Trait("Rule", "J-24")]
    public async Task Failures_can_be_answered_to_the_service_provider()
    {
        var sp = new TestServiceProvider(server.Clock);
        var stranger = await server.AddUserAsync();
        await server.AddApplicationAsync(sp, a => a.AnswerFailures = true);
        var browser = await server.SignedInAsync(stranger);

        var page = await browser.OpenAsync(sp.Redirect(sp.Request()), "cross-site");

        page.Action.ShouldBe(sp.Consumer);
        TestServiceProvider
            .Statuses(page)
            .ShouldBe([StatusCodes.Responder, StatusCodes.RequestDenied]);
    }

    [Fact]
    [Trait("Rule", "J-24")]
    public async Task Without_a_request_there_is_nobody_to_answer_and_our_page_is_shown()
    {
        var sp = new TestServiceProvider(server.Clock);
        var stranger = await server.AddUserAsync();
        await server.AddApplicationAsync(sp, a => a.AnswerFailures = true);

        var page = await (await server.SignedInAsync(stranger)).OpenAsync(
            $"/saml2/{sp.Slug}",
            "none"
        );

        page.ReferenceCode.ShouldNotBeNull();
    }

    private async Task<(TestServiceProvider, User)> SetUpAsync(Action<Application> adjust)
    {
        var sp = new TestServiceProvider(server.Clock);
        var user = await server.AddUserAsync();
        await server.AddApplicationAsync(sp, adjust, user);
        return (sp, user);
    }

    private async Task<TestPage> SignInAsync(TestServiceProvider sp, User user) =>
        await (await server.SignedInAsync(user)).OpenAsync($"/saml2/{sp.Slug}", "none");

    private static DateTimeOffset Time(string text) =>
        DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    public sealed class OnSqlite(SqliteIdentityProvider server)
        : IssuingTests(server),
            IClassFixture<SqliteIdentityProvider>;

    public sealed class OnPostgreSql(PostgreSqlIdentityProvider server)
        : IssuingTests(server),
            IClassFixture<PostgreSqlIdentityProvider>;
}
