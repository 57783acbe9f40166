using System.Text;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Messages;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Requests;
using Latchkey.Saml.Responses;
using Latchkey.Saml.Tests.Responses;

namespace Latchkey.Saml.Tests.Attacks;

/// <summary>One message of an attacker: a file under <c>Data/attacks</c>, how it was made, and what has to become of it.</summary>
/// <param name="File">Where it stands. <c>*.xml</c> is the XML of a Response, <c>*.url</c> the query of an AuthnRequest by Redirect.</param>
/// <param name="Rule">The rule that stops it.</param>
/// <param name="What">What the attacker did, in a few words.</param>
/// <param name="Code">The finding that says so; <see cref="Harmless"/> when it changes nothing that counts.</param>
/// <param name="Make">Makes the message anew.</param>
internal sealed record Attack(string File, string Rule, string What, string Code, Func<byte[]> Make)
{
    /// <summary>The message is accepted and says what was signed.</summary>
    public const string Harmless = "";

    public Attack(string file, string rule, string what, string code, Func<string> make)
        : this(file, rule, what, code, () => Encoding.UTF8.GetBytes(make())) { }

    /// <summary>What the service provider expects.</summary>
    public Func<ResponseRules> Rules { get; init; } = () => ReceivedResponses.Rules;

    /// <summary>What the identity provider expects of a request.</summary>
    public Func<MessageRules> RequestRules { get; init; } = () => RedirectAttacks.Rules;

    /// <summary>Whom the message names if it is accepted.</summary>
    public string NameId { get; init; } = "ada@example.test";

    /// <summary>Whether it is made with random numbers, so that the same cannot be made twice.</summary>
    public bool Random { get; init; }

    /// <summary>The folder: the idea of the attack.</summary>
    public string Folder => File[..File.IndexOf('/', StringComparison.Ordinal)];

    /// <summary>The kept message.</summary>
    public byte[] Message => TestData.Bytes("attacks/" + File);

    /// <summary>Puts the kept message before the validator it was made for.</summary>
    /// <returns>Whether it was accepted, whom it names, and the findings.</returns>
    public (bool Accepted, string? NameId, IReadOnlyList<Finding> Findings) Judge()
    {
        if (File.EndsWith(".url", StringComparison.Ordinal))
        {
            Verdict<Received<AuthnRequest>> request = AuthnRequestValidator.Validate(IncomingMessage.FromRedirect(Encoding.UTF8.GetString(Message)), RequestRules());
            return (request.Accepted, null, request.Findings);
        }
        Verdict<VerifiedAssertion> response = ResponseValidator.Validate(Convert.ToBase64String(Message), Rules());
        return (response.Accepted, response.Value?.NameId?.Value, response.Findings);
    }
}
