using System.Net;
using System.Text;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Messages;
using Latchkey.Saml.Protocol;
using Latchkey.Server.Directory;
using Latchkey.Server.Insights;
using Latchkey.Server.Tests.SignIn;
using StatusCodes = Latchkey.Saml.Protocol.StatusCodes;

namespace Latchkey.Server.Tests.SingleLogout;

/// <summary>Nobody but the service provider that was told of a session can end it, and only once.</summary>
public abstract class RefusedLogoutTests(TestIdentityProvider server)
{
    [Fact]
    [Trait("Rule", "B3")]
    public async Task An_unsigned_request_changes_nothing()
    {
        var (wiki, browser, request) = await StartAsync();
        // The core writes none, so the signature is taken off.
        var signed = MessageWriter.ToRedirectUrl(request, wiki.Address, null, wiki.Key);
        var page = await browser.OpenAsync(signed.Split("&SigAlg")[0], "cross-site");
        await RefusedAsync(wiki, browser, page, "signature-missing");
    }

    [Fact]
    [Trait("Rule", "B3")]
    public async Task A_request_signed_by_another_key_changes_nothing()
    {
        var (wiki, browser, request) = await StartAsync();
        using var other = SigningKey.Create(
            "other",
            DateTimeOffset.UtcNow.AddDays(-1),
            DateTimeOffset.UtcNow.AddYears(1)
        );
        await RefusedAsync(
            wiki,
            browser,
            await wiki.RedirectAsync(browser, request, key: other),
            "signature-invalid"
        );
    }

    [Fact]
    [Trait("Rule", "B3")]
    public async Task A_request_of_another_issuer_changes_nothing()
    {
        var (wiki, browser, request) = await StartAsync(r => r with { Issuer = "urn:another" });
        await RefusedAsync(
            wiki,
            browser,
            await wiki.RedirectAsync(browser, request),
            "issuer-mismatch"
        );
    }

    [Fact]
    [Trait("Rule", "B3")]
    public async Task A_request_for_another_address_changes_nothing()
    {
        var (wiki, browser, request) = await StartAsync(r =>
            r with
            {
                Destination = "https://id.example.test/saml2/other/logout",
            }
        );
        await RefusedAsync(
            wiki,
            browser,
            await wiki.RedirectAsync(browser, request),
            "destination-mismatch"
        );
    }

    [Fact]
    [Trait("Rule", "B3")]
    public async Task A_request_that_ran_out_changes_nothing()
    {
        var (wiki, browser, request) = await StartAsync(r =>
            r with
            {
                NotOnOrAfter = r.IssueInstant.AddMinutes(-4),
            }
        );
        await RefusedAsync(
            wiki,
            browser,
            await wiki.RedirectAsync(browser, request),
            "logout-expired"
        );
    }

    [Fact]
    [Trait("Rule", "B3")]
    public async Task A_request_works_once()
    {
        var (wiki, browser, request) = await StartAsync();
        wiki.Answer(await wiki.RedirectAsync(browser, request), request);
        var again = await wiki.RedirectAsync(browser, request);
        (again.Status, again.Title).ShouldBe((HttpStatusCode.BadRequest, "This sign-out is done"));
        (await server.EventsAsync(again.ReferenceCode!))
            .Single()
            .FindingCode.ShouldBe("logout-already-answered");
    }

    [Fact]
    [Trait("Rule", "B3")]
    public async Task A_session_index_of_another_session_does_not_end_it()
    {
        var (wiki, browser, request) = await StartAsync(r =>
            r with
            {
                SessionIndexes = ["_0123456789012345678901234567890123456789"],
            }
        );
        await UnknownAsync(wiki, browser, request);
    }

    [Fact]
    [Trait("Rule", "P8")]
    public async Task The_name_id_is_compared_to_the_letter()
    {
        var (wiki, browser, request) = await StartAsync(r =>
            r with
            {
                NameId = r.NameId with { Value = r.NameId.Value.ToUpperInvariant() },
            }
        );
        await UnknownAsync(wiki, browser, request);
    }

    [Fact]
    [Trait("Rule", "P8")]
    public async Task A_name_id_of_another_format_or_qualifier_is_another()
    {
        var (wiki, browser, request) = await StartAsync(r =>
            r with
            {
                NameId = r.NameId with { SpNameQualifier = "urn:another" },
            }
        );
        await UnknownAsync(wiki, browser, request);
        var second = request with
        {
            Id = IdSource.Random.Next(),
            NameId = request.NameId with
            {
                SpNameQualifier = null,
                Format = NameIdFormats.Persistent,
            },
        };
        await UnknownAsync(wiki, browser, second);
    }

    [Fact]
    [Trait("Rule", "B3")]
    public async Task What_one_application_was_told_another_cannot_use()
    {
        var user = await server.AddUserAsync();
        var browser = await server.SignedInAsync(user);
        using var wiki = await new LogoutParty(server).AddAsync(user);
        using var mail = await new LogoutParty(server).AddAsync(user);
        var session = await wiki.OpenAsync(browser);
        await UnknownAsync(mail, browser, mail.Request(session));
    }

    [Fact]
    [Trait("Rule", "B3")]
    public async Task A_request_for_somebody_else_leaves_the_session_of_the_browser_that_carries_it()
    {
        var attacker = await server.AddUserAsync();
        var victim = await server.AddUserAsync();
        using var wiki = await new LogoutParty(server).AddAsync(attacker, victim);
        var session = await wiki.OpenAsync(await server.SignedInAsync(attacker));
        var browser = await server.SignedInAsync(victim);
        await wiki.OpenAsync(browser);
        var request = wiki.Request(session);
        wiki.Answer(await wiki.RedirectAsync(browser, request), request);
        (await browser.IsSignedInAsync()).ShouldBeTrue();
    }

    [Fact]
    [Trait("Rule", "B3")]
    public async Task By_soap_a_forged_request_gets_a_fault_and_changes_nothing()
    {
        var (wiki, browser, request) = await StartAsync();
        using var other = SigningKey.Create(
            "other",
            DateTimeOffset.UtcNow.AddDays(-1),
            DateTimeOffset.UtcNow.AddYears(1)
        );
        var (status, body) = await RequestedLogoutTests.SoapAsync(
            server.Stranger(),
            wiki,
            MessageWriter.ToSoap(request, other)
        );
        status.ShouldBe(HttpStatusCode.InternalServerError);
        Encoding.UTF8.GetString(body).ShouldContain("soap:Client");
        (await browser.IsSignedInAsync()).ShouldBeTrue();
    }

    [Fact]
    public async Task At_an_address_of_no_application_there_is_a_calm_page()
    {
        var page = await server.NewBrowser().OpenAsync("/saml2/nothing/logout?SAMLRequest=x");
        (page.Status, page.Title).ShouldBe(
            (HttpStatusCode.NotFound, "There is no application at this address")
        );
    }

    private async Task<(LogoutParty, TestBrowser, LogoutRequest)> StartAsync(
        Func<LogoutRequest, LogoutRequest>? adjust = null
    )
    {
        var user = await server.AddUserAsync();
        var browser = await server.SignedInAsync(user);
        var wiki = await new LogoutParty(server).AddAsync(user);
        return (wiki, browser, wiki.Request(await wiki.OpenAsync(browser), adjust));
    }

    private async Task RefusedAsync(
        LogoutParty wiki,
        TestBrowser browser,
        TestPage page,
        string finding
    )
    {
        (page.Status, page.Title).ShouldBe(
            (HttpStatusCode.BadRequest, "We could not accept this sign-out request")
        );
        (await server.EventsAsync(page.ReferenceCode!))
            .Single(e => e.Type == EventTypes.SamlLogoutRequestReceived)
            .Details.ShouldContain(finding);
        (await browser.IsSignedInAsync()).ShouldBeTrue();
        wiki.Dispose();
    }

    private static async Task UnknownAsync(
        LogoutParty wiki,
        TestBrowser browser,
        LogoutRequest request
    )
    {
        var status = wiki.Answer(await wiki.RedirectAsync(browser, request), request).Status;
        (status.Code, status.SubCode).ShouldBe(
            (StatusCodes.Requester, StatusCodes.UnknownPrincipal)
        );
        (await browser.IsSignedInAsync()).ShouldBeTrue();
    }

    public sealed class OnSqlite(SqliteIdentityProvider server)
        : RefusedLogoutTests(server),
            IClassFixture<SqliteIdentityProvider>;

    public sealed class OnPostgreSql(PostgreSqlIdentityProvider server)
        : RefusedLogoutTests(server),
            IClassFixture<PostgreSqlIdentityProvider>;
}
