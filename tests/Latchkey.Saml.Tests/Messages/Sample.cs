using System.Text;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Messages;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Tests.Issuing;
using Latchkey.Saml.Tests.Keys;

namespace Latchkey.Saml.Tests.Messages;

/// <summary>Messages between one service provider and one identity provider, with frozen clock and identifiers.</summary>
internal static class Sample
{
    public const string ServiceProvider = "https://wiki.example.test/metadata";
    public const string IdentityProvider = "https://id.example.test/saml2/wiki";
    public const string LogoutUrl = "https://id.example.test/saml2/wiki/logout";

    public static DateTimeOffset Now => SampleResponses.Now;

    public static VerificationKey ServiceProviderKey { get; } =
        VerificationKey.FromCertificate(TestKeys.CertificateDer("test-only-sp"));

    public static LogoutRequest LogoutRequest { get; } =
        new()
        {
            Id = "_logout000000000000000000000000000000000001",
            IssueInstant = Now,
            Issuer = ServiceProvider,
            Destination = LogoutUrl,
            NameId = new NameId(
                "ada <&> \"é\"",
                NameIdFormats.Persistent,
                IdentityProvider,
                ServiceProvider
            ),
            SessionIndexes = ["_session1", "_session2"],
            Reason = LogoutReasons.User,
            NotOnOrAfter = Now.AddMinutes(5),
        };

    public static LogoutResponse LogoutResponse { get; } =
        new()
        {
            Id = "_answer000000000000000000000000000000000001",
            IssueInstant = Now,
            Issuer = ServiceProvider,
            Destination = LogoutUrl,
            InResponseTo = "_logout000000000000000000000000000000000002",
            Status = SamlStatus.Success,
        };

    /// <summary>What the identity provider expects of both.</summary>
    public static MessageRules Rules { get; } =
        new()
        {
            PeerEntityId = ServiceProvider,
            Destination = LogoutUrl,
            Keys = [ServiceProviderKey],
            RequestId = LogoutResponse.InResponseTo,
            Now = Now,
        };

    /// <summary>Each binding that carries logout messages.</summary>
    public static TheoryData<string> Bindings => [.. ByBinding.Keys];

    private static Dictionary<string, Func<SamlMessage, IncomingMessage>> ByBinding { get; } =
        new()
        {
            [SamlBindings.Redirect] = message =>
                IncomingMessage.FromRedirect(
                    new Uri(
                        MessageWriter.ToRedirectUrl(
                            message,
                            LogoutUrl,
                            "state é",
                            TestKeys.ServiceProvider
                        )
                    ).Query
                ),
            [SamlBindings.Post] = message =>
                IncomingMessage.FromForm(
                    MessageWriter.ToFormValue(message, TestKeys.ServiceProvider),
                    "state é"
                ),
            [SamlBindings.Soap] = message =>
                IncomingMessage.FromSoap(MessageWriter.ToSoap(message, TestKeys.ServiceProvider)),
        };

    public static IncomingMessage By(string binding, SamlMessage message) =>
        ByBinding[binding](message);

    /// <summary>A message by POST as text, unsigned: to be altered and signed as a test wants.</summary>
    public static string Text(SamlMessage message) =>
        Unsigned(
            Encoding.UTF8.GetString(
                Convert.FromBase64String(
                    MessageWriter.ToFormValue(message, TestKeys.ServiceProvider)
                )
            )
        );

    public static IncomingMessage Posted(string xml) =>
        IncomingMessage.FromForm(Convert.ToBase64String(Encoding.UTF8.GetBytes(xml)));

    public static string Unsigned(string xml)
    {
        int start = xml.IndexOf("<ds:Signature ", StringComparison.Ordinal);
        int end = xml.IndexOf("</ds:Signature>", StringComparison.Ordinal);
        return xml[..start] + xml[(end + "</ds:Signature>".Length)..];
    }

    /// <summary>Signs a whole message by System.Security.Cryptography.Xml with the service provider's key.</summary>
    public static string Sign(string xml) => PlatformSigning.Sign(xml, "test-only-sp");
}
