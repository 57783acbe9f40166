using System.Buffers;
using System.Security.Cryptography;
using Latchkey.Saml.Issuing;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Messages;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Requests;
using Latchkey.Saml.Responses;

namespace Latchkey.Bench.Core;

/// <summary>What is issued, validated and refused: one sign-in with ten attributes, and its request.</summary>
internal static class Samples
{
    public static readonly DateTimeOffset Now = new(2026, 3, 14, 9, 26, 53, TimeSpan.Zero);

    public static ResponseToIssue Response { get; } =
        new()
        {
            Id = IdSource.Random.Next(),
            IssueInstant = Now,
            Issuer = "https://id.example.test/saml2/wiki",
            Destination = "https://wiki.example.test/signin-saml2",
            InResponseTo = IdSource.Random.Next(),
            Assertion = new AssertionToIssue
            {
                Id = IdSource.Random.Next(),
                Audience = "https://wiki.example.test",
                NameId = new NameId("ada@example.test", NameIdFormats.EmailAddress),
                NotBefore = Now.AddMinutes(-3),
                NotOnOrAfter = Now.AddMinutes(5),
                AuthnInstant = Now.AddMinutes(-1),
                SessionIndex = IdSource.Random.Next(),
                AuthnContextClassRef = AuthnContextClasses.PasswordProtectedTransport,
                Attributes =
                [
                    .. Enumerable
                        .Range(0, 10)
                        .Select(n => new SamlAttribute(
                            $"attribute{n}",
                            [$"value {n} of Ada Lovelace"],
                            AttributeNameFormats.Basic
                        )),
                ],
            },
        };

    public static AuthnRequest Request { get; } =
        new()
        {
            Id = IdSource.Random.Next(),
            IssueInstant = Now,
            Issuer = "https://wiki.example.test",
            Destination = "https://id.example.test/saml2/wiki",
            AssertionConsumerServiceUrl = "https://wiki.example.test/signin-saml2",
            ProtocolBinding = SamlBindings.Post,
            NameIdPolicy = new NameIdPolicy(AllowCreate: true),
        };

    /// <summary>Octets that are no XML at all.</summary>
    public static string Noise(int length) =>
        Convert.ToBase64String(RandomNumberGenerator.GetBytes(length));

    /// <summary>Well-formed and within the limits up to the last byte, but no message.</summary>
    public static string Markup(int length)
    {
        ArrayBufferWriter<byte> xml = new(length + 64);
        xml.Write("<a>"u8);
        while (xml.WrittenCount < length)
            xml.Write("<b c=\"&amp;\">&lt;text</b>"u8);
        xml.Write("</a>"u8);
        return Convert.ToBase64String(xml.WrittenSpan);
    }

    public static ResponseRules ResponseRules(VerificationKey key, DecryptionKey decryption) =>
        new()
        {
            ServiceProviderEntityId = Response.Assertion.Audience,
            AssertionConsumerServiceUrl = Response.Destination,
            IdentityProviderEntityId = Response.Issuer,
            Keys = [key],
            DecryptionKeys = [decryption],
            RequestId = Response.InResponseTo,
            Now = Now,
        };

    public static MessageRules RequestRules(VerificationKey key) =>
        new()
        {
            PeerEntityId = Request.Issuer,
            Destination = Request.Destination!,
            Keys = [key],
            Now = Now,
        };
}
