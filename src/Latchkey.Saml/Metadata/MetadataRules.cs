using Latchkey.Saml.Keys;
using Latchkey.Saml.Protocol;

namespace Latchkey.Saml.Metadata;

/// <summary>What metadata has to fulfil before it is believed (rule M2).</summary>
public sealed record MetadataRules
{
    /// <summary>The present, UTC: expired metadata is refused.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>
    /// The publisher's keys. When given, the root has to carry a signature by one of them, and all facts are read from the
    /// signed octets. Null: a signature is not looked at, and where the file came from is the caller's to judge.
    /// </summary>
    public IReadOnlyList<VerificationKey>? Keys { get; init; }

    /// <summary>The one entity that the metadata has to be of, compared exactly; null when any will do.</summary>
    public string? EntityId { get; init; }

    /// <summary>Whether the root has to say until when it is valid, so that an old file cannot be played back forever (SDP-MD03).</summary>
    public bool RequireValidUntil { get; init; }

    /// <summary>How far in the future that may lie; null when it does not matter.</summary>
    public TimeSpan? LongestValidity { get; init; }

    /// <summary>
    /// Bounds on what is read at once (rule X2): the file, or each entity of a streamed one. Null for the defaults:
    /// <see cref="MetadataReader.DefaultLimits"/> for a file, <see cref="MessageLimits.Default"/> for each entity of a stream.
    /// </summary>
    public MessageLimits? Limits { get; init; }
}
