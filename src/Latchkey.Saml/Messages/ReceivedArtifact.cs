using Latchkey.Saml.Bindings;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Protocol;

namespace Latchkey.Saml.Messages;

/// <summary>
/// An artifact as a browser brought it (saml-bindings-2.0 §3.6.3). Find its sender among those that are registered, ask
/// <see cref="SamlArtifact.EndpointAt"/> where to resolve it, and validate what comes back as that sender's (rule B4).
/// </summary>
/// <param name="Artifact">The artifact.</param>
/// <param name="RelayState">RelayState exactly as it arrived.</param>
public sealed record ReceivedArtifact(SamlArtifact Artifact, string? RelayState)
{
    /// <summary>Reads the parameter SAMLart of a query.</summary>
    /// <param name="rawQuery">The query string undecoded, with or without its question mark.</param>
    /// <param name="limits">Bounds; the defaults unless given.</param>
    public static Verdict<ReceivedArtifact> FromRedirect(
        string rawQuery,
        MessageLimits? limits = null
    )
    {
        ArgumentNullException.ThrowIfNull(rawQuery);
        limits ??= MessageLimits.Default;
        var findings = new FindingList();
        if (!ReceivedQuery.TryRead(rawQuery, "SAMLart", limits, findings, out var query))
            return Verdict<ReceivedArtifact>.Refuse(findings.Items);
        var relayState = query.ReadRelayState(limits, findings);
        return Read(query.ReadValue(findings), relayState, findings);
    }

    /// <summary>Reads the field SAMLart of a form.</summary>
    /// <param name="value">The field.</param>
    /// <param name="relayState">The form field RelayState, if present.</param>
    /// <param name="limits">Bounds; the defaults unless given.</param>
    public static Verdict<ReceivedArtifact> FromForm(
        string value,
        string? relayState = null,
        MessageLimits? limits = null
    )
    {
        ArgumentNullException.ThrowIfNull(value);
        var findings = new FindingList();
        if (relayState is not null)
            RelayStates.Fits(relayState, limits ?? MessageLimits.Default, findings);
        return Read(value, relayState, findings);
    }

    private static Verdict<ReceivedArtifact> Read(
        string? value,
        string? relayState,
        FindingList findings
    )
    {
        var verdict = value is null ? null : SamlArtifact.Read(value);
        foreach (var finding in verdict?.Findings ?? [])
            findings.Add(finding);
        return findings.Refused || verdict?.Value is not { } artifact
            ? Verdict<ReceivedArtifact>.Refuse(findings.Items)
            : Verdict<ReceivedArtifact>.Accept(
                new ReceivedArtifact(artifact, relayState),
                findings.Items
            );
    }
}
