using Latchkey.Saml.Findings;
using Latchkey.Saml.Messages;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Requests;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;

namespace Latchkey.Server.SingleSignOn;

/// <summary>Takes an AuthnRequest from HTTP, by either binding, and has it checked against its application.</summary>
internal sealed class RequestIntake(TimeProvider time)
{
    public static readonly TimeSpan MaximumAge = TimeSpan.FromMinutes(10);

    private static readonly FormOptions s_form = new()
    {
        ValueCountLimit = 16,
        KeyLengthLimit = 256,
        ValueLengthLimit = MessageLimits.Default.EncodedLength + 1,
        MemoryBufferThreshold = 64 * 1024,
        BufferBodyLengthLimit = 2 * 1024 * 1024,
    };

    /// <summary>The fields of a posted form, within bounds; null if it is no form or too large.</summary>
    public static async Task<IFormCollection?> ReadFormAsync(HttpContext http)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = s_form.BufferBodyLengthLimit;
        if (!http.Request.HasFormContentType)
            return null;
        http.Features.Set<IFormFeature>(new FormFeature(http.Request, s_form));
        try
        {
            return await http.Request.ReadFormAsync(http.RequestAborted);
        }
        catch (Exception e) when (e is InvalidDataException or BadHttpRequestException)
        {
            return null;
        }
    }

    /// <summary>Whether a query holds a request. Its values are left as they are: the signature covers them as they were sent (saml-bindings-2.0 §3.4.4.1).</summary>
    public static bool IsRedirect(QueryString query)
    {
        foreach (var field in new QueryStringEnumerable(query.Value))
        {
            if (field.DecodeName().Span.Equals("SAMLRequest", StringComparison.OrdinalIgnoreCase))
                return true;
        }
        return false;
    }

    public Verdict<Received<AuthnRequest>> Redirect(HttpContext http, ApplicationRuntime runtime) =>
        Validate(IncomingMessage.FromRedirect(http.Request.QueryString.Value ?? ""), runtime);

    public Verdict<Received<AuthnRequest>> Post(IFormCollection form, ApplicationRuntime runtime) =>
        Validate(IncomingMessage.FromForm(Fields(form)), runtime);

    /// <summary>Every field, a name with several values once for each (rule B2).</summary>
    public static IEnumerable<KeyValuePair<string, string>> Fields(IFormCollection form) =>
        form.SelectMany(field =>
            field.Value.Select(value => KeyValuePair.Create(field.Key, value ?? ""))
        );

    private Verdict<Received<AuthnRequest>> Validate(
        IncomingMessage message,
        ApplicationRuntime runtime
    ) => AuthnRequestValidator.Validate(message, Rules(runtime));

    private MessageRules Rules(ApplicationRuntime runtime) =>
        new()
        {
            PeerEntityId = runtime.Application.SpEntityId,
            Destination = runtime.Address,
            Keys = runtime.RequestKeys,
            RequireSignature = runtime.Application.RequireSignedRequests,
            Now = time.GetUtcNow(),
            ClockSkew = TimeSpan.FromSeconds(runtime.Application.ClockSkewSeconds),
            MaximumAge = MaximumAge,
        };
}
