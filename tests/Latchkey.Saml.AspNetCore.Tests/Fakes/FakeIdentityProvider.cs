using System.IO.Compression;
using System.Xml.Linq;
using Latchkey.Saml.Issuing;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Metadata;
using Latchkey.Saml.Protocol;
using Microsoft.AspNetCore.WebUtilities;

namespace Latchkey.Saml.AspNetCore.Tests.Fakes;

/// <summary>An identity provider in memory: it answers every request for Ada, unless told otherwise.</summary>
internal sealed class FakeIdentityProvider(string entityId = FakeIdentityProvider.DefaultEntityId)
{
    public const string DefaultEntityId = "https://id.example.test/saml2/app";

    // RSA keys are slow to make; two are enough for all tests.
    private static readonly Lazy<SigningKey> FirstKey = new(NewKey);
    private static readonly Lazy<SigningKey> SecondKey = new(NewKey);

    public string EntityId => entityId;

    public string SingleSignOnUrl => entityId + "/sso";

    public string SingleLogoutUrl => entityId + "/slo";

    public string SingleLogoutResponseUrl => entityId + "/slo/answers";

    public SigningKey Key { get; private set; } = FirstKey.Value;

    public bool WantAuthnRequestsSigned { get; init; }

    public void ChangeKey() => Key = SecondKey.Value;

    public byte[] Metadata() =>
        MetadataWriter.Write(
            new EntityDescriptor
            {
                EntityId = EntityId,
                IdentityProvider = new IdentityProviderRole
                {
                    SigningCertificates = [Key.Certificate.RawData],
                    SingleSignOnServices = [new(SamlBindings.Redirect, SingleSignOnUrl)],
                    SingleLogoutServices =
                    [
                        new(SamlBindings.Redirect, SingleLogoutUrl, SingleLogoutResponseUrl),
                    ],
                    WantAuthnRequestsSigned = WantAuthnRequestsSigned,
                },
            }
        );

    /// <summary>Reads a request as it arrived, by other code than ours.</summary>
    public static ReceivedRequest Read(Uri address)
    {
        var query = QueryHelpers.ParseQuery(address.Query);
        using var inflated = new DeflateStream(
            new MemoryStream(Convert.FromBase64String(query["SAMLRequest"]!)),
            CompressionMode.Decompress
        );
        return new(
            address.GetLeftPart(UriPartial.Path),
            XElement.Load(inflated),
            query["RelayState"]!,
            query.ContainsKey("Signature")
        );
    }

    /// <summary>The form that the browser posts after a sign-in.</summary>
    public Dictionary<string, string> Answer(
        ReceivedRequest request,
        DateTimeOffset now,
        Func<ResponseToIssue, ResponseToIssue>? change = null
    ) =>
        Form(Response(request.Issuer, request.AcsUrl, request.Id, now), change, request.RelayState);

    /// <summary>The form of a sign-in that began here.</summary>
    public Dictionary<string, string> Unsolicited(
        string audience,
        string acsUrl,
        DateTimeOffset now,
        string? relayState = null
    ) => Form(Response(audience, acsUrl, null, now), null, relayState);

    public Dictionary<string, string> Refuse(ReceivedRequest request, DateTimeOffset now) =>
        new()
        {
            ["SAMLResponse"] = Convert.ToBase64String(
                ResponseWriter.WriteError(
                    new()
                    {
                        Id = IdSource.Random.Next(),
                        IssueInstant = now,
                        Issuer = EntityId,
                        Destination = request.AcsUrl,
                        InResponseTo = request.Id,
                        Status = StatusCodes.Responder,
                        SubStatus = StatusCodes.RequestDenied,
                    }
                )
            ),
            ["RelayState"] = request.RelayState,
        };

    private Dictionary<string, string> Form(
        ResponseToIssue response,
        Func<ResponseToIssue, ResponseToIssue>? change,
        string? relayState
    )
    {
        var form = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["SAMLResponse"] = ResponseWriter.WriteFormValue(
                change?.Invoke(response) ?? response,
                Key,
                SignedParts.AssertionAndResponse,
                SignatureAlgorithm.RsaSha256
            ),
        };
        if (relayState is not null)
        {
            form["RelayState"] = relayState;
        }

        return form;
    }

    private ResponseToIssue Response(
        string audience,
        string acsUrl,
        string? inResponseTo,
        DateTimeOffset now
    ) =>
        new()
        {
            Id = IdSource.Random.Next(),
            IssueInstant = now,
            Issuer = EntityId,
            Destination = acsUrl,
            InResponseTo = inResponseTo,
            Assertion = new()
            {
                Id = IdSource.Random.Next(),
                Audience = audience,
                NameId = new("ada@example.test", NameIdFormats.EmailAddress),
                NotBefore = now.AddMinutes(-1),
                NotOnOrAfter = now.AddMinutes(5),
                AuthnInstant = now,
                SessionIndex = "session-1",
                AuthnContextClassRef = AuthnContextClasses.PasswordProtectedTransport,
                Attributes =
                [
                    new("email", ["ada@example.test"]),
                    new("name", ["Ada Lovelace"]),
                    new("groups", ["Engineering", "Mathematics"]),
                    new("department", ["Research"]),
                ],
            },
        };

    private static SigningKey NewKey() =>
        SigningKey.Create(
            "Fake identity provider",
            TestApplication.Start.AddYears(-1),
            TestApplication.Start.AddYears(2)
        );
}

/// <summary>An AuthnRequest as it arrived.</summary>
internal sealed record ReceivedRequest(string Address, XElement Xml, string RelayState, bool Signed)
{
    private static readonly XNamespace Saml = "urn:oasis:names:tc:SAML:2.0:assertion";

    public string Id => Attribute("ID")!;

    public string Issuer => Xml.Element(Saml + "Issuer")!.Value;

    public string AcsUrl => Attribute("AssertionConsumerServiceURL")!;

    public string? Attribute(string name) => Xml.Attribute(name)?.Value;
}
