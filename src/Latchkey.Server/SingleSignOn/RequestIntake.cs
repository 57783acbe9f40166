using Latchkey.Saml.Findings;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Requests;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

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

    public Verdict<ReceivedAuthnRequest> Redirect(HttpContext http, ApplicationRuntime runtime) =>
        AuthnRequestValidator.ValidateRedirect(
            http.Request.QueryString.Value ?? "",
            Rules(runtime)
        );

    public Verdict<ReceivedAuthnRequest> Post(IFormCollection form, ApplicationRuntime runtime) =>
        AuthnRequestValidator.ValidatePost(
            // Several values are joined by commas, which no base64 holds: refused as such (rule B2).
            form["SAMLRequest"].ToString(),
            form.TryGetValue("RelayState", out var relayState) ? Single(relayState) : null,
            Rules(runtime)
        );

    private static string? Single(StringValues values) => values.Count == 0 ? null : values[0];

    private AuthnRequestRules Rules(ApplicationRuntime runtime) =>
        new()
        {
            ServiceProviderEntityId = runtime.Application.SpEntityId,
            Destination = runtime.Address,
            Keys = runtime.RequestKeys,
            RequireSignature = runtime.Application.RequireSignedRequests,
            Now = time.GetUtcNow(),
            ClockSkew = TimeSpan.FromSeconds(runtime.Application.ClockSkewSeconds),
            MaximumAge = MaximumAge,
        };
}
