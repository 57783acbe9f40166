using System.Globalization;
using System.Text;
using System.Xml.Linq;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Messages;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Requests;
using Latchkey.Saml.Responses;
using Latchkey.Server.Tests.SignIn;

namespace Latchkey.Server.Tests.SingleSignOn;

/// <summary>A service provider made of the protocol core: writes requests, checks Responses.</summary>
internal sealed class TestServiceProvider(TimeProvider time)
{
    private static int s_count;
    private readonly int _number = Interlocked.Increment(ref s_count);

    public string Slug => string.Create(CultureInfo.InvariantCulture, $"wiki-{_number}");

    public string EntityId => $"https://{Slug}.example.test/saml";

    public string Consumer => $"https://{Slug}.example.test/acs";

    public string IdpEntityId => $"{TestIdentityProvider.Origin}/saml2/{Slug}";

    public string Address => $"{TestIdentityProvider.Origin}/saml2/{Slug}";

    /// <summary>From the identity provider's configuration.</summary>
    public byte[]? IdpCertificate { get; set; }

    public AuthnRequest Request(Func<AuthnRequest, AuthnRequest>? adjust = null)
    {
        var request = new AuthnRequest
        {
            Id = IdSource.Random.Next(),
            IssueInstant = time.GetUtcNow(),
            Issuer = EntityId,
            Destination = Address,
        };
        return adjust?.Invoke(request) ?? request;
    }

    /// <summary>The address that carries a request by Redirect.</summary>
    public string Redirect(
        AuthnRequest request,
        string? relayState = null,
        SigningKey? key = null
    ) => MessageWriter.ToRedirectUrl(request, Address, relayState, key);

    /// <summary>The fields that carry a request by POST.</summary>
    public static Dictionary<string, string> Post(
        AuthnRequest request,
        string? relayState = null,
        SigningKey? key = null
    )
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["SAMLRequest"] = MessageWriter.ToFormValue(request, key),
        };
        if (relayState is not null)
            fields["RelayState"] = relayState;
        return fields;
    }

    /// <summary>What the Response on an auto-submitting page says; every check of the core applies.</summary>
    public VerifiedAssertion Accept(TestPage page, AuthnRequest? request)
    {
        page.Action.ShouldBe(Consumer, page.Text);
        var verdict = Validate(page, request);
        verdict.Accepted.ShouldBeTrue(string.Join('\n', verdict.Findings));
        return verdict.Value!;
    }

    public Verdict<VerifiedAssertion> Validate(
        TestPage page,
        AuthnRequest? request,
        Func<ResponseRules, ResponseRules>? adjust = null
    )
    {
        using var key = VerificationKey.FromCertificate(IdpCertificate);
        var rules = new ResponseRules
        {
            ServiceProviderEntityId = EntityId,
            AssertionConsumerServiceUrl = Consumer,
            IdentityProviderEntityId = IdpEntityId,
            Keys = [key],
            RequestId = request?.Id,
            AllowUnsolicited = request is null,
            Now = time.GetUtcNow(),
        };
        return ResponseValidator.Validate(
            page.Field("SAMLResponse")!,
            adjust?.Invoke(rules) ?? rules
        );
    }

    /// <summary>The status codes of a Response, outermost first.</summary>
    public static IReadOnlyList<string> Statuses(TestPage page) =>
        [
            .. Xml(page)
                .Descendants()
                .Where(e => e.Name.LocalName == "StatusCode")
                .Select(e => e.Attribute("Value")!.Value),
        ];

    public static XDocument Xml(TestPage page) =>
        XDocument.Parse(
            Encoding.UTF8.GetString(Convert.FromBase64String(page.Field("SAMLResponse")!))
        );
}
