namespace Latchkey.Saml.Protocol;

/// <summary>What every message has (saml-core-2.0 §3.2). The kinds there are are those of this library; nobody else can add one.</summary>
public abstract record SamlMessage
{
    private protected SamlMessage() { }

    /// <summary>The message's identifier, an NCName.</summary>
    public required string Id { get; init; }

    /// <summary>When it was made, UTC.</summary>
    public required DateTimeOffset IssueInstant { get; init; }

    /// <summary>The sender's entity ID.</summary>
    public required string Issuer { get; init; }

    /// <summary>The address it was sent to, if said.</summary>
    public string? Destination { get; init; }
}

/// <summary>How a request went (saml-core-2.0 §3.2.2.1).</summary>
/// <param name="Code">The top-level code, one of <see cref="StatusCodes"/>.</param>
/// <param name="SubCode">The second-level code, if said.</param>
/// <param name="Message">A sentence for the other side's log, if said.</param>
public sealed record SamlStatus(string Code, string? SubCode = null, string? Message = null)
{
    /// <summary>The request succeeded.</summary>
    public static SamlStatus Success { get; } = new(StatusCodes.Success);

    /// <summary>Whether the request succeeded.</summary>
    public bool Succeeded => Code == StatusCodes.Success;

    /// <summary>Whether a logout reached some participants of the session but not all (saml-core-2.0 §3.7.3.2).</summary>
    public bool IsPartialLogout => SubCode == StatusCodes.PartialLogout;
}
