using Latchkey.Saml.Findings;
using Latchkey.Saml.Protocol;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Latchkey.Saml.AspNetCore;

/// <summary>The form that carries a Response (saml-bindings-2.0 §3.5.4): one SAMLResponse, at most one RelayState (rule B2).</summary>
internal sealed record ResponseForm(string? SamlResponse, string? RelayState, Finding? Problem)
{
    public static async Task<ResponseForm> ReadAsync(HttpRequest request, MessageLimits limits)
    {
        if (!HttpMethods.IsPost(request.Method))
        {
            return Wrong("POST", request.Method);
        }

        if (
            request.ContentType?.StartsWith(
                "application/x-www-form-urlencoded",
                StringComparison.OrdinalIgnoreCase
            )
            is not true
        )
        {
            return Wrong("application/x-www-form-urlencoded", request.ContentType);
        }

        IFormCollection form;
        try
        {
            form = await request.ReadFormAsync(
                new FormOptions
                {
                    ValueCountLimit = 16,
                    KeyLengthLimit = 64,
                    // Every '+', '/' and '=' of base64 takes three octets on the way.
                    ValueLengthLimit = limits.EncodedLength * 2,
                },
                request.HttpContext.RequestAborted
            );
        }
        catch (Exception e) when (e is InvalidDataException or BadHttpRequestException)
        {
            return Wrong("a form within its bounds", e.Message);
        }

        var responses = form["SAMLResponse"];
        var relayStates = form["RelayState"];
        return (responses.Count, relayStates.Count) switch
        {
            (1, 0 or 1) => new(
                responses[0] ?? "",
                relayStates.Count == 0 ? null : relayStates[0],
                null
            ),
            (1, _) => Wrong("at most one RelayState", $"{relayStates.Count}"),
            _ => Wrong("one SAMLResponse", $"{responses.Count}"),
        };
    }

    private static ResponseForm Wrong(string expected, string? found) =>
        new(null, null, new Finding(FindingKinds.ResponseFormWrong, expected, found, "the form"));
}
