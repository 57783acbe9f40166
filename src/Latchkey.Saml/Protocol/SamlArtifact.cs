using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Latchkey.Saml.Bindings;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Metadata;

namespace Latchkey.Saml.Protocol;

/// <summary>
/// A reference to a message that its sender keeps (saml-bindings-2.0 §3.6.4): type 4, which names the sender by the
/// SHA-1 of its entity ID. It proves nothing; whoever receives it fetches the message from the sender's registered endpoint.
/// </summary>
public sealed record SamlArtifact
{
    private const int Length = 44;
    private const int IndexAt = 2;
    private const int SourceAt = 4;
    private const int HandleAt = 24;

    private SamlArtifact(string value, int endpointIndex, string sourceId)
    {
        Value = value;
        EndpointIndex = endpointIndex;
        SourceId = sourceId;
    }

    /// <summary>The artifact as it travels, in base64. Keep the message under this.</summary>
    public string Value { get; }

    /// <summary>Which of the sender's artifact resolution services keeps the message.</summary>
    public int EndpointIndex { get; }

    /// <summary>SHA-1 of the sender's entity ID, in hexadecimal digits.</summary>
    public string SourceId { get; }

    /// <summary>Makes an artifact for a message that is about to be kept.</summary>
    /// <param name="issuer">The sender's entity ID.</param>
    /// <param name="endpointIndex">The index of our artifact resolution service in our metadata.</param>
    /// <param name="ids">Where the handle comes from; <see cref="IdSource.Random"/> unless given.</param>
    public static SamlArtifact Create(string issuer, int endpointIndex, IdSource? ids = null)
    {
        Span<byte> octets = stackalloc byte[Length];
        BinaryPrimitives.WriteUInt16BigEndian(octets, 4);
        BinaryPrimitives.WriteUInt16BigEndian(octets[IndexAt..], checked((ushort)endpointIndex));
        SourceOf(issuer, octets[SourceAt..HandleAt]);
        Span<byte> handle = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes((ids ?? IdSource.Random).Next()), handle);
        handle[..(Length - HandleAt)].CopyTo(octets[HandleAt..]);
        return new SamlArtifact(
            Convert.ToBase64String(octets),
            endpointIndex,
            Convert.ToHexStringLower(octets[SourceAt..HandleAt])
        );
    }

    /// <summary>Reads an artifact as it arrived (rule B4).</summary>
    public static Verdict<SamlArtifact> Read(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        byte[] octets = new byte[Length];
        if (
            value.AsSpan().ContainsAny(" \t\r\n")
            || !StrictBase64.TryDecode(value, octets, out int length)
        )
            return Refuse(FindingKinds.ArtifactMalformed, $"{Length} bytes in base64", value);
        int type = length < IndexAt ? 0 : BinaryPrimitives.ReadUInt16BigEndian(octets);
        if (type != 4)
            return Refuse(FindingKinds.ArtifactTypeUnsupported, "type 4", $"type {type}");
        return length == Length
            ? Verdict<SamlArtifact>.Accept(
                new SamlArtifact(
                    value,
                    BinaryPrimitives.ReadUInt16BigEndian(octets.AsSpan(IndexAt)),
                    Convert.ToHexStringLower(octets.AsSpan(SourceAt, HandleAt - SourceAt))
                ),
                []
            )
            : Refuse(FindingKinds.ArtifactMalformed, $"{Length} bytes", $"{length} bytes");
    }

    /// <summary>Whether the artifact names this entity as its sender. Ask all that are registered; nobody else is believed.</summary>
    public bool IsFrom(string entityId)
    {
        Span<byte> source = stackalloc byte[SHA1.HashSizeInBytes];
        SourceOf(entityId, source);
        return SourceId == Convert.ToHexStringLower(source);
    }

    /// <summary>The registered endpoint that has the message (rule B4): the one of the artifact's index, by SOAP.</summary>
    /// <param name="issuer">The sender, from configuration.</param>
    /// <param name="registered">Its artifact resolution services, from its metadata.</param>
    public Verdict<IndexedEndpoint> EndpointAt(
        string issuer,
        IReadOnlyList<IndexedEndpoint> registered
    )
    {
        ArgumentNullException.ThrowIfNull(registered);
        if (!IsFrom(issuer))
            return Verdict<IndexedEndpoint>.Refuse(
                new Finding(
                    FindingKinds.ArtifactIssuerUnknown,
                    issuer,
                    $"SourceID {SourceId}",
                    "SAMLart"
                )
            );
        IndexedEndpoint? endpoint = registered.FirstOrDefault(one =>
            one.Index == EndpointIndex && one.Binding == SamlBindings.Soap
        );
        return endpoint is null || !EndpointAddress.IsAllowed(endpoint.Location)
            ? Verdict<IndexedEndpoint>.Refuse(
                new Finding(
                    FindingKinds.ArtifactEndpointUnknown,
                    "index " + string.Join(" or ", registered.Select(one => one.Index)),
                    $"index {EndpointIndex}",
                    "SAMLart"
                )
            )
            : Verdict<IndexedEndpoint>.Accept(endpoint, []);
    }

    /// <summary>The address to send the browser to (saml-bindings-2.0 §3.6.3).</summary>
    /// <param name="url">The receiver's endpoint for artifacts; it may have a query of its own.</param>
    /// <param name="relayState">Left out when null or empty.</param>
    public string ToRedirectUrl(string url, string? relayState = null)
    {
        ArgumentNullException.ThrowIfNull(url);
        string query = "SAMLart=" + Uri.EscapeDataString(Value);
        if (!string.IsNullOrEmpty(relayState))
            query += "&RelayState=" + Uri.EscapeDataString(relayState);
        return url + (url.Contains('?', StringComparison.Ordinal) ? '&' : '?') + query;
    }

    // SHA-1 is a name here, not a proof: the specification has no other.
    private static void SourceOf(string entityId, Span<byte> source) =>
        CryptographicOperations.HashData(
            HashAlgorithmName.SHA1,
            Encoding.UTF8.GetBytes(entityId),
            source
        );

    private static Verdict<SamlArtifact> Refuse(FindingKind kind, string expected, string found) =>
        Verdict<SamlArtifact>.Refuse(
            new Finding(kind, expected, FindingList.Shorten(found), "SAMLart")
        );
}
