using Latchkey.Saml.Protocol;
using Latchkey.Saml.Responses;
using Latchkey.Server.Applications;
using Latchkey.Server.Directory;
using Latchkey.Server.Tests.SignIn;

namespace Latchkey.Server.Tests.SingleSignOn;

public abstract class ReleaseTests(TestIdentityProvider server)
{
    [Fact]
    [Trait("Rule", "J-21")]
    [Trait("Rule", "J-33")]
    public async Task Each_row_becomes_an_attribute_in_its_order()
    {
        var (sp, user) = await SetUpAsync(a =>
            a.Attributes = [
                new("mail", AttributeKind.User, "email", AttributeNameFormats.Basic),
                new("team", AttributeKind.User, "custom:team"),
                new("duration", AttributeKind.Constant, "3600"),
                new("empty", AttributeKind.User, "department"),
            ]
        );
        await server.ChangeAsync(
            user,
            u =>
                u.Attributes = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal)
                {
                    ["team"] = ["blue", "red"],
                }
        );
        var assertion = await AssertionAsync(sp, user);
        assertion
            .Attributes.Select(a => $"{a.Name}={string.Join('|', a.Values)}")
            .ShouldBe([$"mail={user.Email}", "team=blue|red", "duration=3600"]);
        assertion.Attributes[0].NameFormat.ShouldBe(AttributeNameFormats.Basic);
    }

    [Fact]
    [Trait("Rule", "J-23")]
    public async Task The_groups_attribute_names_those_groups_that_grant_the_application()
    {
        var (sp, user) = await SetUpAsync(a =>
            a.Attributes = [new("groups", AttributeKind.Groups)]
        );
        // A group that has nothing to do with this application.
        await server.AddApplicationAsync(new TestServiceProvider(server.Clock), null, user);
        var groups = (await AssertionAsync(sp, user)).Attributes.ShouldHaveSingleItem();
        groups.Values.ShouldHaveSingleItem().ShouldStartWith("Group ");
    }

    [Fact]
    public async Task The_managers_address_is_sent_where_it_is_asked_for()
    {
        var (sp, user) = await SetUpAsync(a =>
            a.Attributes = [new("boss", AttributeKind.User, "manager")]
        );
        var boss = await server.AddUserAsync();
        await server.ChangeAsync(user, u => u.ManagerId = boss.Id);
        (await AssertionAsync(sp, user)).Attributes.Single().Values.ShouldBe([boss.Email]);
    }

    [Fact]
    [Trait("Rule", "I5")]
    [Trait("Rule", "J-13")]
    public async Task A_persistent_name_id_stays_and_differs_between_service_providers()
    {
        void Persistent(Application a) => a.NameIdFormat = NameIdFormats.Persistent;
        var (first, user) = await SetUpAsync(Persistent);
        var second = new TestServiceProvider(server.Clock);
        await server.AddApplicationAsync(second, Persistent, user);
        var there = (await AssertionAsync(first, user)).NameId!;
        var again = (await AssertionAsync(first, user)).NameId!;
        var elsewhere = (await AssertionAsync(second, user)).NameId!;
        again.Value.ShouldBe(there.Value);
        elsewhere.Value.ShouldNotBe(there.Value);
        there.Value.ShouldMatch("^[a-z2-7]{32}$");
        there.SpNameQualifier.ShouldBe(first.EntityId);
    }

    [Fact]
    public async Task Two_first_sign_ins_at_once_make_one_pseudonym()
    {
        var (sp, user) = await SetUpAsync(a => a.NameIdFormat = NameIdFormats.Persistent);
        var browser = await server.SignedInAsync(user);
        var pages = await Task.WhenAll(
            Enumerable
                .Range(0, 4)
                .Select(_ => browser.OpenAsync(sp.Redirect(sp.Request()), "cross-site"))
        );
        pages
            .Select(p =>
                TestServiceProvider
                    .Xml(p)
                    .Descendants()
                    .Single(e => e.Name.LocalName == "NameID")
                    .Value
            )
            .Distinct()
            .ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_transient_name_id_is_new_each_time()
    {
        var (sp, user) = await SetUpAsync(a => a.NameIdFormat = NameIdFormats.Transient);
        var first = (await AssertionAsync(sp, user)).NameId!.Value;
        (await AssertionAsync(sp, user)).NameId!.Value.ShouldNotBe(first);
    }

    [Theory]
    [InlineData(null, NameIdFormats.EmailAddress)]
    [InlineData(NameIdFormats.Unspecified, NameIdFormats.EmailAddress)]
    [InlineData(NameIdFormats.EmailAddress, NameIdFormats.EmailAddress)]
    [InlineData(NameIdFormats.Persistent, NameIdFormats.Persistent)]
    [InlineData(NameIdFormats.Transient, NameIdFormats.Transient)]
    [Trait("Rule", "IIP-IDP10")]
    [Trait("Rule", "J-13")]
    public async Task The_requests_wish_for_a_format_is_met_where_it_can_be(
        string? wish,
        string format
    )
    {
        var (sp, user) = await SetUpAsync();
        // samlify says AllowCreate="false" always; it must lock nobody out.
        var policy = new NameIdPolicy(wish, AllowCreate: false);
        (await AssertionAsync(sp, user, policy)).NameId!.Format.ShouldBe(format);
    }

    [Theory]
    [InlineData(NameIdFormats.Entity, null)]
    [InlineData("urn:oasis:names:tc:SAML:1.1:nameid-format:X509SubjectName", null)]
    [InlineData(null, "https://affiliation.example.test")]
    public async Task A_wish_that_cannot_be_met_is_answered_with_InvalidNameIDPolicy(
        string? format,
        string? qualifier
    )
    {
        var (sp, user) = await SetUpAsync();
        var browser = await server.SignedInAsync(user);
        var request = sp.Request(r => r with { NameIdPolicy = new(format, true, qualifier) });
        var page = await browser.OpenAsync(sp.Redirect(request), "cross-site");
        TestServiceProvider
            .Statuses(page)
            .ShouldBe([StatusCodes.Requester, StatusCodes.InvalidNameIdPolicy]);
    }

    [Fact]
    [Trait("Rule", "IIP-IDP08")]
    public async Task A_way_of_authenticating_not_to_be_had_is_answered_with_NoAuthnContext()
    {
        var (sp, user) = await SetUpAsync();
        var browser = await server.SignedInAsync(user);
        var request = sp.Request(r =>
            r with
            {
                RequestedAuthnContext = new([
                    "urn:oasis:names:tc:SAML:2.0:ac:classes:SmartcardPKI",
                ]),
            }
        );
        var page = await browser.OpenAsync(sp.Redirect(request), "cross-site");
        TestServiceProvider
            .Statuses(page)
            .ShouldBe([StatusCodes.Responder, StatusCodes.NoAuthnContext]);
    }

    private async Task<VerifiedAssertion> AssertionAsync(
        TestServiceProvider sp,
        User user,
        NameIdPolicy? policy = null
    )
    {
        var browser = await server.SignedInAsync(user);
        var request = sp.Request(r => r with { NameIdPolicy = policy });
        return sp.Accept(await browser.OpenAsync(sp.Redirect(request), "cross-site"), request);
    }

    private async Task<(TestServiceProvider, User)> SetUpAsync(Action<Application>? adjust = null)
    {
        var sp = new TestServiceProvider(server.Clock);
        var user = await server.AddUserAsync();
        await server.AddApplicationAsync(sp, adjust, user);
        return (sp, user);
    }

    public sealed class OnSqlite(SqliteIdentityProvider server)
        : ReleaseTests(server),
            IClassFixture<SqliteIdentityProvider>;

    public sealed class OnPostgreSql(PostgreSqlIdentityProvider server)
        : ReleaseTests(server),
            IClassFixture<PostgreSqlIdentityProvider>;
}
