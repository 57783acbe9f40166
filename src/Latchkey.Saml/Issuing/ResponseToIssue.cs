namespace Latchkey.Saml.Issuing;

/// <summary>A Response with one Assertion, to be signed (saml-core-2.0 §3.3.3).</summary>
public sealed record ResponseToIssue
{
    /// <summary>The message's identifier.</summary>
    public required string Id { get; init; }

    /// <summary>When it is made, UTC; also the assertion's.</summary>
    public required DateTimeOffset IssueInstant { get; init; }

    /// <summary>The identity provider's entity ID.</summary>
    public required string Issuer { get; init; }

    /// <summary>The assertion consumer service's address: Destination and Recipient.</summary>
    public required string Destination { get; init; }

    /// <summary>The request it answers; null when unsolicited.</summary>
    public string? InResponseTo { get; init; }

    /// <summary>The assertion.</summary>
    public required AssertionToIssue Assertion { get; init; }

    /// <summary>Encrypts the assertion, signature and all, for the service provider; null leaves it in the clear (rule I7).</summary>
    public AssertionEncryption? Encryption { get; init; }
}

/// <summary>A Response that says why there is no assertion (saml-core-2.0 §3.2.2). Never signed, echoes nothing (rule I5).</summary>
public sealed record ErrorResponse
{
    /// <summary>The message's identifier.</summary>
    public required string Id { get; init; }

    /// <summary>When it is made, UTC.</summary>
    public required DateTimeOffset IssueInstant { get; init; }

    /// <summary>The identity provider's entity ID.</summary>
    public required string Issuer { get; init; }

    /// <summary>The assertion consumer service's address.</summary>
    public required string Destination { get; init; }

    /// <summary>The request it answers.</summary>
    public required string? InResponseTo { get; init; }

    /// <summary>The top status code, Requester or Responder.</summary>
    public required string Status { get; init; }

    /// <summary>The second-level status code, if any.</summary>
    public string? SubStatus { get; init; }

    /// <summary>One sentence for the other side's log, written by us.</summary>
    public string? Message { get; init; }
}

/// <summary>Which parts of a Response carry a signature.</summary>
public enum SignedParts
{
    /// <summary>The Assertion only.</summary>
    Assertion,

    /// <summary>The Response only.</summary>
    Response,

    /// <summary>Both: the one that no service provider refuses for want of a signature.</summary>
    AssertionAndResponse,
}
