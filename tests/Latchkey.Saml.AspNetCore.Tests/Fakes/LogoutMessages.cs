using Latchkey.Saml.Keys;
using Latchkey.Saml.Logout;
using Latchkey.Saml.Messages;
using Latchkey.Saml.Protocol;

namespace Latchkey.Saml.AspNetCore.Tests.Fakes;

/// <summary>Logout messages of the identity provider to the application, and what it reads of the application's.</summary>
internal sealed class LogoutMessages(FakeIdentityProvider idp, SigningKey application)
{
    public const string Address = "https://app.example.test/signout-saml2";

    public static NameId Ada { get; } = new("ada@example.test", NameIdFormats.EmailAddress);

    /// <summary>A request for the session that <see cref="FakeIdentityProvider.Answer"/> makes.</summary>
    public LogoutRequest Request(DateTimeOffset now) =>
        new()
        {
            Id = IdSource.Random.Next(),
            IssueInstant = now,
            Issuer = idp.EntityId,
            Destination = Address,
            NameId = Ada,
            SessionIndexes = ["session-1"],
            NotOnOrAfter = now.AddMinutes(5),
        };

    public string Redirect(
        SamlMessage message,
        string? relayState = null,
        SigningKey? key = null
    ) => MessageWriter.ToRedirectUrl(message, Address, relayState, key ?? idp.Key);

    public Dictionary<string, string> Post(SamlMessage message, string? relayState = null)
    {
        var form = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["SAMLRequest"] = MessageWriter.ToFormValue(message, idp.Key),
        };
        if (relayState is not null)
        {
            form["RelayState"] = relayState;
        }

        return form;
    }

    public LogoutResponse Answer(
        LogoutRequest request,
        DateTimeOffset now,
        SamlStatus? status = null
    ) =>
        new()
        {
            Id = IdSource.Random.Next(),
            IssueInstant = now,
            Issuer = idp.EntityId,
            Destination = Address,
            InResponseTo = request.Id,
            Status = status ?? SamlStatus.Success,
        };

    /// <summary>The application's request, checked.</summary>
    public Received<LogoutRequest> ReadRequest(Uri address, DateTimeOffset now)
    {
        address.GetLeftPart(UriPartial.Path).ShouldBe(idp.SingleLogoutUrl);
        var verdict = LogoutRequestValidator.Validate(
            IncomingMessage.FromRedirect(address.Query),
            Rules(idp.SingleLogoutUrl, now)
        );
        verdict.Accepted.ShouldBeTrue(string.Join('\n', verdict.Findings));
        return verdict.Value!;
    }

    /// <summary>The application's answer, checked.</summary>
    public Received<LogoutResponse> ReadAnswer(
        Uri address,
        LogoutRequest request,
        DateTimeOffset now
    )
    {
        address.GetLeftPart(UriPartial.Path).ShouldBe(idp.SingleLogoutResponseUrl);
        var verdict = LogoutResponseValidator.Validate(
            IncomingMessage.FromRedirect(address.Query),
            Rules(idp.SingleLogoutResponseUrl, now) with
            {
                RequestId = request.Id,
            }
        );
        verdict.Accepted.ShouldBeTrue(string.Join('\n', verdict.Findings));
        return verdict.Value!;
    }

    private MessageRules Rules(string destination, DateTimeOffset now) =>
        new()
        {
            PeerEntityId = TestApplication.EntityId,
            Destination = destination,
            Keys = [VerificationKey.FromCertificate(application.Certificate.RawData)],
            RequireSignature = true,
            Now = now,
        };
}
