using Latchkey.Saml.Findings;
using Latchkey.Saml.Metadata;
using Latchkey.Saml.Protocol;

namespace Latchkey.Saml.Requests;

/// <summary>Decides where a Response goes: to a registered place only (rule I1).</summary>
public static class AssertionConsumerServices
{
    /// <summary>The registered endpoint that the request asks for: by URL (exact), by index, or the default.</summary>
    public static Verdict<IndexedEndpoint> Resolve(
        AuthnRequest request,
        IReadOnlyList<IndexedEndpoint> registered
    ) => throw new NotImplementedException();

    /// <summary>The default endpoint: the one marked so, else the first not marked otherwise, else the first (saml-metadata-2.0 §2.2.3). Null when none is registered.</summary>
    public static IndexedEndpoint? Default(IReadOnlyList<IndexedEndpoint> registered) =>
        throw new NotImplementedException();
}
