using System.Text.Json;
using Latchkey.Saml.Messages;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Requests;

namespace Latchkey.Server.SingleSignOn;

/// <summary>An AuthnRequest that passed every check, with what has to be given back; kept as JSON while somebody signs in.</summary>
/// <param name="Binding">How it arrived, a URI of <see cref="SamlBindings"/>.</param>
internal sealed record AcceptedRequest(
    AuthnRequest Message,
    string? RelayState,
    bool Signed,
    string Binding
)
{
    public static AcceptedRequest From(Received<AuthnRequest> received) =>
        new(received.Message, received.RelayState, received.Signed, received.Binding);

    public static AcceptedRequest? FromJson(string? json) =>
        json is null ? null : JsonSerializer.Deserialize<AcceptedRequest>(json);

    public string ToJson() => JsonSerializer.Serialize(this);
}
