using Latchkey.Saml.Protocol;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Latchkey.Saml.AspNetCore;

/// <summary>The form that carries a logout message (saml-bindings-2.0 §3.5.4). What is wrong with its fields the core says (rule B2).</summary>
internal sealed record LogoutForm(
    IReadOnlyList<KeyValuePair<string, string>> Fields,
    bool IsResponse,
    string? RelayState
)
{
    /// <summary>Null when it is no form, or out of bounds.</summary>
    public static async Task<LogoutForm?> ReadAsync(HttpRequest request, MessageLimits limits)
    {
        if (!request.HasFormContentType)
        {
            return null;
        }

        try
        {
            var form = await request.ReadFormAsync(
                new FormOptions
                {
                    ValueCountLimit = 16,
                    KeyLengthLimit = 64,
                    // Every '+', '/' and '=' of base64 takes three octets on the way.
                    ValueLengthLimit = limits.EncodedLength * 2,
                },
                request.HttpContext.RequestAborted
            );
            return new(
                [
                    .. form.SelectMany(field =>
                        field.Value.Select(value => KeyValuePair.Create(field.Key, value ?? ""))
                    ),
                ],
                form.ContainsKey("SAMLResponse"),
                form["RelayState"]
            );
        }
        catch (Exception e) when (e is InvalidDataException or BadHttpRequestException)
        {
            return null;
        }
    }
}
