using Latchkey.Saml.Protocol;

namespace Latchkey.Saml.Metadata;

/// <summary>An address with its binding (saml-metadata-2.0 §2.2.2).</summary>
/// <param name="Binding">A URI of <see cref="SamlBindings"/>.</param>
/// <param name="Location">Where requests go.</param>
/// <param name="ResponseLocation">Where responses go, if elsewhere.</param>
public sealed record Endpoint(string Binding, string Location, string? ResponseLocation = null);

/// <summary>An address with its binding and index (saml-metadata-2.0 §2.2.3).</summary>
/// <param name="Binding">A URI of <see cref="SamlBindings"/>.</param>
/// <param name="Location">The address, compared exactly (K-02).</param>
/// <param name="Index">0 to 65535.</param>
/// <param name="IsDefault">As written; null when not written.</param>
public sealed record IndexedEndpoint(
    string Binding,
    string Location,
    int Index,
    bool? IsDefault = null
);
