using System.Globalization;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Metadata;
using Latchkey.Saml.Protocol;

namespace Latchkey.Saml.Requests;

/// <summary>Decides where a Response goes: to a registered place only (rule I1).</summary>
public static class AssertionConsumerServices
{
    /// <summary>The registered endpoint that the request asks for: by URL (exact), by index, or the default.</summary>
    /// <remarks>saml-core-2.0 §3.4.1. Addresses are compared character by character (K-02).</remarks>
    public static Verdict<IndexedEndpoint> Resolve(
        AuthnRequest request,
        IReadOnlyList<IndexedEndpoint> registered
    )
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(registered);
        // Only HTTP-POST can carry our Responses.
        var usable = registered.Where(endpoint => endpoint.Binding == SamlBindings.Post).ToList();
        if (Default(usable) is not { } byDefault)
            return Refuse(FindingKinds.ConsumerServiceNone, "an endpoint for HTTP-POST", null);
        if (request.ProtocolBinding is { } binding && binding != SamlBindings.Post)
            return Refuse(FindingKinds.ConsumerServiceBindingUnknown, SamlBindings.Post, binding);

        if (request.AssertionConsumerServiceUrl is { } url)
            return usable.Find(endpoint => endpoint.Location == url) is { } byUrl
                ? Verdict<IndexedEndpoint>.Accept(byUrl, [])
                : Refuse(
                    FindingKinds.ConsumerServiceUrlUnknown,
                    string.Join(" or ", usable.Select(endpoint => endpoint.Location)),
                    url
                );
        if (request.AssertionConsumerServiceIndex is { } index)
            return usable.Find(endpoint => endpoint.Index == index) is { } byIndex
                ? Verdict<IndexedEndpoint>.Accept(byIndex, [])
                : Refuse(
                    FindingKinds.ConsumerServiceIndexUnknown,
                    string.Join(" or ", usable.Select(endpoint => endpoint.Index)),
                    index.ToString(CultureInfo.InvariantCulture)
                );
        return Verdict<IndexedEndpoint>.Accept(byDefault, []);
    }

    /// <summary>The default endpoint: the one marked so, else the first not marked otherwise, else the first (saml-metadata-2.0 §2.2.3). Null when none is registered.</summary>
    public static IndexedEndpoint? Default(IReadOnlyList<IndexedEndpoint> registered) =>
        registered.FirstOrDefault(endpoint => endpoint.IsDefault == true)
        ?? registered.FirstOrDefault(endpoint => endpoint.IsDefault is null)
        ?? registered.FirstOrDefault();

    private static Verdict<IndexedEndpoint> Refuse(
        FindingKind kind,
        string expected,
        string? found
    ) =>
        Verdict<IndexedEndpoint>.Refuse(
            new Finding(kind, expected, FindingList.Shorten(found), "samlp:AuthnRequest")
        );
}
