using Latchkey.Saml.Issuing;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Protocol;
using Latchkey.Server.Applications;
using Latchkey.Server.Applications.Catalogue;
using Latchkey.Server.Applications.Preview;
using Latchkey.Server.Directory;
using Latchkey.Server.Directory.Attributes;
using Latchkey.Server.SignIn;
using Latchkey.Server.Tests.Applications.Catalogue;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Tests.Applications;

/// <summary>The Response of anybody, before anybody signs in: what it says, and what the service provider would say to it.</summary>
public abstract class PreviewTests(TestIdentityProvider host)
{
    [Fact]
    public async Task It_says_what_a_sign_in_would()
    {
        var (made, user) = await MakeAsync([
            new("mail", AttributeKind.User, "email"),
            new("session", AttributeKind.Constant, "3600"),
            new("groups", AttributeKind.Groups),
        ]);

        var preview = await PreviewAsync(made, user);

        preview.NameId!.Value.ShouldBe(user.Email);
        preview
            .Attributes.Select(a => (a.Name, string.Join('|', a.Values)))
            .ShouldBe([
                ("mail", user.Email),
                ("session", "3600"),
                ("groups", preview.Access.Through[0]),
            ]);
        (preview.Audience, preview.Destination).ShouldBe(
            (made.SpEntityId, made.AcsEndpoints[0].Location)
        );
    }

    [Fact]
    [Trait("Rule", "K-06")]
    [Trait("Rule", "J-35")]
    public async Task Each_group_that_gives_access_sends_its_own_attribute()
    {
        var user = await host.AddUserAsync();
        var engineers = await WithRoleAsync("Engineers", user);
        var readers = await WithRoleAsync("Readers", user);
        await WithRoleAsync("Choir", user);
        var plain = await host.GroupAsync(null, user);
        var made = await host.AddAsync(
            host.Input() with
            {
                Attributes =
                [
                    new("roles", AttributeKind.Groups, Groups: new(Attribute: "awsRoles")),
                    new("joined", AttributeKind.Groups, Groups: new(null, ";", "awsRoles")),
                    new("same", AttributeKind.Expression, "groupAttribute(\"awsRoles\")"),
                ],
                GroupIds = [engineers.Id, readers.Id, plain.Id],
                Active = true,
            }
        );

        var sent = (await PreviewAsync(made, user)).Attributes;

        sent.Select(a => string.Join('|', a.Values))
            .ShouldBe([
                "Engineers,idp|Readers,idp",
                "Engineers,idp;Readers,idp",
                "Engineers,idp|Readers,idp",
            ]);
    }

    [Fact]
    public async Task A_service_provider_that_misses_nothing_would_accept_it()
    {
        var (made, user) = await MakeAsync([]);
        var preview = await PreviewAsync(made, user);
        (preview.WouldBeSent, preview.WouldBeAccepted).ShouldBe((true, true));
    }

    [Fact]
    [Trait("Rule", "S0-17")]
    public async Task An_attribute_that_metadata_demands_and_nobody_sends_refuses_it()
    {
        var (made, user) = await MakeAsync([]);
        await host.ChangeAsync(
            made,
            a => (a.RequiredAttributes, a.Version) = (["groups"], a.Version + 1)
        );

        var preview = await PreviewAsync(made, user);

        preview.WouldBeAccepted.ShouldBeFalse();
        var objection = preview.There.ShouldHaveSingleItem();
        (objection.Key, objection.Args[0]).ShouldBe(("preview.missing", "groups"));
    }

    [Fact]
    public async Task A_signature_that_the_connector_demands_and_nobody_makes_refuses_it()
    {
        var made = await FromConnectorAsync("truefoundry");
        await host.ChangeAsync(
            made,
            a => (a.Sign, a.Version) = (SignedParts.Assertion, a.Version + 1)
        );

        var preview = await PreviewAsync(made, await host.AddUserAsync(ConnectorSample.Adjust));

        preview.There.Any(o => o.Refuses).ShouldBeTrue();
    }

    [Fact]
    public async Task An_audience_that_is_not_the_connectors_refuses_it()
    {
        var made = await FromConnectorAsync("jupiterone");
        await host.ChangeAsync(
            made,
            a => (a.SpEntityId, a.Version) = ("urn:typed:wrongly", a.Version + 1)
        );

        var preview = await PreviewAsync(made, await host.AddUserAsync(ConnectorSample.Adjust));

        preview.There.ShouldContain(o => o.Args.Contains("urn:typed:wrongly"));
    }

    [Fact]
    public async Task A_person_without_access_is_shown_what_would_be_sent_and_that_it_is_not()
    {
        var (made, _) = await MakeAsync([]);

        var preview = await PreviewAsync(made, await host.AddUserAsync());

        preview.WouldBeSent.ShouldBeFalse();
        preview.Here.ShouldHaveSingleItem().Key.ShouldBe("preview.no-access");
        preview.Xml.ShouldNotBeNull();
    }

    [Fact]
    public async Task An_empty_NameID_is_told_and_nothing_is_made_up()
    {
        var (made, user) = await MakeAsync([]);
        await host.ChangeAsync(
            made,
            a => (a.NameIdSource, a.Version) = ("department", a.Version + 1)
        );

        var preview = await PreviewAsync(made, user);

        (preview.NameId, preview.Xml, preview.WouldBeSent).ShouldBe((null, null, false));
    }

    [Fact]
    [Trait("Rule", "I5")]
    public async Task It_makes_no_pseudonym_no_session_and_no_event()
    {
        var (made, user) = await MakeAsync(
            [new("id", AttributeKind.Expression, "pseudonym()")],
            NameIdFormats.Persistent
        );
        var events = (await host.EventsOfAsync(made.Id)).Count;

        var preview = await PreviewAsync(made, user);

        preview.PseudonymPending.ShouldBeTrue();
        preview.NameId!.Value.ShouldBe(ResponsePreviews.PseudonymToCome);
        await using var db = host.Open();
        (await db.PersistentNameIds.AnyAsync(p => p.UserId == user.Id)).ShouldBeFalse();
        (await db.Sessions.AnyAsync(s => s.UserId == user.Id)).ShouldBeFalse();
        (await host.EventsOfAsync(made.Id)).Count.ShouldBe(events);
    }

    [Fact]
    public async Task The_pseudonym_of_somebody_who_was_here_before_is_the_real_one()
    {
        var (made, user) = await MakeAsync([], NameIdFormats.Persistent);
        var real = await host.Service<Server.SingleSignOn.NameIds>()
            .PseudonymAsync(user.Id, made.SpEntityId, TestContext.Current.CancellationToken);

        var preview = await PreviewAsync(made, user);

        preview.NameId!.Value.ShouldBe(real);
        preview.PseudonymPending.ShouldBeFalse();
    }

    [Fact]
    [Trait("Rule", "P7")]
    public async Task What_is_shown_can_be_used_by_nobody()
    {
        var (made, user) = await MakeAsync([]);
        var preview = await PreviewAsync(made, user);
        var certificate = (await host.Queries.ActiveCertificateAsync(made.Id))!;
        var shown = System.Text.Encoding.UTF8.GetBytes(preview.Xml!);

        using var key = VerificationKey.FromCertificate(certificate.Certificate);
        var verdict = Saml.Responses.ResponseValidator.Validate(
            Convert.ToBase64String(shown),
            new()
            {
                ServiceProviderEntityId = made.SpEntityId,
                AssertionConsumerServiceUrl = made.AcsEndpoints[0].Location,
                IdentityProviderEntityId = made.IdpEntityId,
                Keys = [key],
                AllowUnsolicited = true,
                Now = host.Clock.GetUtcNow(),
            }
        );

        verdict.Accepted.ShouldBeFalse();
        preview.Xml!.ShouldNotContain(Convert.ToBase64String(certificate.Certificate));
        System
            .Text.RegularExpressions.Regex.Matches(
                preview.Xml!,
                "<ds:(SignatureValue|X509Certificate)>\\(removed",
                System.Text.RegularExpressions.RegexOptions.None,
                TimeSpan.FromSeconds(1)
            )
            .Count.ShouldBe(4);
    }

    [Fact]
    public async Task An_encrypted_assertion_is_shown_as_it_is_inside()
    {
        using var theirs = SigningKey.Create(
            "decrypts",
            DateTimeOffset.UnixEpoch,
            DateTimeOffset.UnixEpoch.AddYears(90)
        );
        var (made, user) = await MakeAsync([]);
        await host.AskAsync(s =>
            s.UpdateAsync(
                made.Id,
                new()
                {
                    SpEncryptionCertificates = [theirs.Certificate.ExportCertificatePem()],
                    EncryptAssertions = true,
                },
                null
            )
        );

        var preview = await PreviewAsync(made, user);

        preview.Encrypted.ShouldBeTrue();
        preview.Xml!.ShouldContain(user.Email);
    }

    [Fact]
    [Trait("Rule", "J-25")]
    public async Task How_the_person_would_sign_in_decides_the_context()
    {
        var (made, user) = await MakeAsync([]);
        await host.AskAsync(s =>
            s.UpdateAsync(
                made.Id,
                new()
                {
                    AuthnContext = new(null, [new(AuthnMethods.OneTimeCode, "urn:example:otp")]),
                },
                null
            )
        );

        var preview = await PreviewAsync(
            made,
            user,
            AuthnMethods.Password,
            AuthnMethods.OneTimeCode
        );

        preview.AuthnContext.ShouldBe("urn:example:otp");
    }

    [Fact]
    public async Task The_page_lays_it_out()
    {
        var (made, user) = await MakeAsync([new("mail", AttributeKind.User, "email")]);
        var browser = await host.BrowserAsync();
        await browser.OpenAsync($"/admin/applications/{made.Id}");

        await browser.ClickAsync("#preview");
        await browser.OpenAsync($"{browser.Address}?person={user.Username}");

        browser.Text("#verdict").ShouldContain("would accept this Response");
        browser.Text("#attributes").ShouldContain(user.Email);
        browser.Text(".lk-xml").ShouldContain("removed from the preview");
    }

    private async Task<(Application Made, User User)> MakeAsync(
        IReadOnlyList<AttributeMapping> attributes,
        string? format = null
    )
    {
        var user = await host.AddUserAsync();
        var group = await host.GroupAsync(null, user);
        var made = await host.AddAsync(
            host.Input() with
            {
                Attributes = attributes,
                NameIdFormat = format,
                GroupIds = [group.Id],
                Active = true,
            }
        );
        return (made, user);
    }

    /// <summary>A group of that user that stands for a role: the role and the provider as a pair.</summary>
    private async Task<Group> WithRoleAsync(string role, User user)
    {
        var group = await host.GroupAsync($"{role} {Guid.NewGuid():N}", user);
        await using var db = host.Open();
        var stored = await db.Groups.SingleAsync(g => g.Id == group.Id);
        stored.Attributes =
        [
            new("awsRoles", AttributeType.String, $"{role},idp", host.Clock.GetUtcNow()),
        ];
        await db.SaveChangesAsync();
        return group;
    }

    private async Task<Application> FromConnectorAsync(string slug)
    {
        var connector = ShippedConnectors.Get(slug);
        var filled = ConnectorVariables.Fill(connector, ConnectorVariables.Examples(connector));
        return await host.AddAsync(filled.Value! with { Active = true });
    }

    private async Task<ResponsePreview> PreviewAsync(
        Application made,
        User user,
        params string[] methods
    )
    {
        var stored = (await host.AskAsync(s => s.FindAsync(made.Id)))!;
        var preview = await host.Service<ResponsePreviews>()
            .MakeAsync(
                stored,
                user,
                methods.Length == 0 ? [AuthnMethods.Password] : methods,
                TestContext.Current.CancellationToken
            );
        return preview.ShouldNotBeNull();
    }

    public sealed class OnSqlite(SqliteIdentityProvider host)
        : PreviewTests(host),
            IClassFixture<SqliteIdentityProvider>;

    public sealed class OnPostgreSql(PostgreSqlIdentityProvider host)
        : PreviewTests(host),
            IClassFixture<PostgreSqlIdentityProvider>;
}
