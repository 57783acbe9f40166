using Latchkey.Saml.Keys;
using Latchkey.Saml.Logout;
using Latchkey.Saml.Messages;
using Latchkey.Saml.Metadata;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Responses;
using Latchkey.Server.Applications;
using Latchkey.Server.Directory;
using Latchkey.Server.Tests.SignIn;
using Latchkey.Server.Tests.SingleSignOn;

namespace Latchkey.Server.Tests.SingleLogout;

/// <summary>A service provider that takes part in single logout: signs its messages, checks ours.</summary>
internal sealed class LogoutParty(TestIdentityProvider server, params Endpoint[] others)
    : IDisposable
{
    public TestServiceProvider Sp { get; } = new(server.Clock);

    public SigningKey Key { get; } =
        SigningKey.Create(
            "sp",
            DateTimeOffset.UtcNow.AddDays(-1),
            DateTimeOffset.UtcNow.AddYears(1)
        );

    public Application Application { get; private set; } = null!;

    public string Address => $"{Sp.Address}/logout";

    public string Logout => $"https://{Sp.Slug}.example.test/slo";

    /// <summary>Where answers to its own requests go, another address than that for requests.</summary>
    public string Answers => Logout + "/done";

    /// <summary>Makes it an application of these users that takes logout messages by Redirect.</summary>
    public Task<LogoutParty> AddAsync(params User[] users) =>
        AddAsync([SamlBindings.Redirect], users);

    /// <summary>Makes it an application of these users.</summary>
    public async Task<LogoutParty> AddAsync(string[] bindings, params User[] users)
    {
        Application = await server.AddApplicationAsync(
            Sp,
            application =>
            {
                application.SloEndpoints =
                [
                    .. others,
                    .. bindings.Select(b => new Endpoint(b, Logout, Answers)),
                ];
                application.SpSigningCertificates =
                [
                    Convert.ToBase64String(Key.Certificate.RawData),
                ];
            },
            users
        );
        return this;
    }

    /// <summary>Signs the browser's user in, and returns what the service provider learned.</summary>
    public async Task<VerifiedAssertion> OpenAsync(TestBrowser browser)
    {
        var request = Sp.Request();
        return Sp.Accept(await browser.OpenAsync(Sp.Redirect(request), "cross-site"), request);
    }

    public LogoutRequest Request(
        VerifiedAssertion session,
        Func<LogoutRequest, LogoutRequest>? adjust = null
    )
    {
        var request = new LogoutRequest
        {
            Id = IdSource.Random.Next(),
            IssueInstant = server.Clock.GetUtcNow(),
            Issuer = Sp.EntityId,
            Destination = Address,
            NameId = session.NameId!,
            SessionIndexes = [session.SessionIndex!],
            NotOnOrAfter = server.Clock.GetUtcNow().AddMinutes(5),
        };
        return adjust?.Invoke(request) ?? request;
    }

    public Task<TestPage> RedirectAsync(
        TestBrowser browser,
        LogoutRequest request,
        string? relayState = null,
        SigningKey? key = null
    ) =>
        browser.OpenAsync(
            MessageWriter.ToRedirectUrl(request, Address, relayState, key ?? Key),
            "cross-site"
        );

    /// <summary>What the service provider reads of our answer by Redirect.</summary>
    public LogoutResponse Answer(TestPage page, LogoutRequest request)
    {
        page.Address.ShouldStartWith(Answers + "?", Case.Sensitive, page.Text);
        return Accept(IncomingMessage.FromRedirect(new Uri(page.Address).Query), request);
    }

    /// <summary>The same by POST.</summary>
    public LogoutResponse Posted(TestPage page, LogoutRequest request)
    {
        page.Action.ShouldBe(Answers, page.Text);
        return Accept(IncomingMessage.FromForm(page.Field("SAMLResponse")!), request);
    }

    /// <summary>The same by SOAP.</summary>
    public LogoutResponse Accept(IncomingMessage message, LogoutRequest request)
    {
        var verdict = LogoutResponseValidator.Validate(
            message,
            Rules() with
            {
                RequestId = request.Id,
                Destination = Answers,
            }
        );
        verdict.Accepted.ShouldBeTrue(string.Join('\n', verdict.Findings));
        return verdict.Value!.Message;
    }

    /// <summary>What we ask it, on the page or in the address that the browser came to.</summary>
    public Received<LogoutRequest> Asked(TestPage page)
    {
        var posted = page.Action == Logout;
        if (!posted)
            page.Address.ShouldStartWith(Logout + "?", Case.Sensitive, page.Text);
        var verdict = LogoutRequestValidator.Validate(
            posted
                ? IncomingMessage.FromForm(page.Field("SAMLRequest")!, page.Field("RelayState"))
                : IncomingMessage.FromRedirect(new Uri(page.Address).Query),
            Rules()
        );
        verdict.Accepted.ShouldBeTrue(string.Join('\n', verdict.Findings));
        return verdict.Value!;
    }

    /// <summary>Sends the browser back with what it made of our request.</summary>
    public Task<TestPage> ReplyAsync(
        TestBrowser browser,
        Received<LogoutRequest> asked,
        SamlStatus? status = null,
        SigningKey? key = null,
        Func<LogoutResponse, LogoutResponse>? adjust = null
    )
    {
        var response = Reply(asked.Message, status);
        return browser.OpenAsync(
            MessageWriter.ToRedirectUrl(
                adjust?.Invoke(response) ?? response,
                Address,
                asked.RelayState,
                key ?? Key
            ),
            "cross-site"
        );
    }

    public LogoutResponse Reply(LogoutRequest asked, SamlStatus? status = null) =>
        new()
        {
            Id = IdSource.Random.Next(),
            IssueInstant = server.Clock.GetUtcNow(),
            Issuer = Sp.EntityId,
            Destination = Address,
            InResponseTo = asked.Id,
            Status = status ?? SamlStatus.Success,
        };

    public void Dispose() => Key.Dispose();

    /// <summary>Checks a LogoutRequest that came by SOAP.</summary>
    public LogoutRequest AskedBySoap(byte[] envelope, string address)
    {
        var verdict = LogoutRequestValidator.Validate(
            IncomingMessage.FromSoap(envelope),
            Rules() with
            {
                Destination = address,
            }
        );
        verdict.Accepted.ShouldBeTrue(string.Join('\n', verdict.Findings));
        return verdict.Value!.Message;
    }

    private MessageRules Rules() =>
        new()
        {
            PeerEntityId = Sp.IdpEntityId,
            Destination = Logout,
            Keys = [VerificationKey.FromCertificate(Sp.IdpCertificate)],
            RequireSignature = true,
            Now = server.Clock.GetUtcNow(),
        };
}
