using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Latchkey.Saml.Findings;

namespace Latchkey.Saml.Metadata;

/// <summary>
/// The Metadata Query Protocol (draft-young-md-query, its SAML profile draft-young-md-query-saml): one entity at a time,
/// by an address made of its entity ID. Addresses are made and answers read here; fetching is the caller's (rule M1).
/// </summary>
public static class MetadataQuery
{
    /// <summary>The media type to ask for, and of answers.</summary>
    public const string MediaType = "application/samlmetadata+xml";

    /// <summary>The address by the entity ID itself, percent-encoded.</summary>
    /// <param name="baseUrl">The responder's address; a slash at its end does not matter.</param>
    /// <param name="entityId">The entity ID.</param>
    public static Uri AddressOf(Uri baseUrl, string entityId)
    {
        ArgumentException.ThrowIfNullOrEmpty(entityId);
        return Address(baseUrl, Uri.EscapeDataString(entityId));
    }

    /// <summary>The address by the SHA-1 digest of the entity ID, for identifiers too long or too odd for an address.</summary>
    /// <param name="baseUrl">The responder's address; a slash at its end does not matter.</param>
    /// <param name="entityId">The entity ID.</param>
    [SuppressMessage(
        "Security",
        "CA5350:Do Not Use Weak Cryptographic Algorithms",
        Justification = "The protocol's identifier; that the answer is of the entity is checked by its entity ID."
    )]
    public static Uri Sha1AddressOf(Uri baseUrl, string entityId)
    {
        ArgumentException.ThrowIfNullOrEmpty(entityId);
        var digest = SHA1.HashData(Encoding.UTF8.GetBytes(entityId));
        return Address(baseUrl, Uri.EscapeDataString("{sha1}" + Convert.ToHexStringLower(digest)));
    }

    /// <summary>Reads an answer, which has to be the metadata of the entity that was asked for (rule M2).</summary>
    /// <param name="answer">The body.</param>
    /// <param name="entityId">The entity asked for, compared exactly.</param>
    /// <param name="rules">What the answer has to fulfil.</param>
    public static Verdict<EntityDescriptor> Read(
        ReadOnlyMemory<byte> answer,
        string entityId,
        MetadataRules rules
    )
    {
        ArgumentNullException.ThrowIfNull(rules);
        ArgumentException.ThrowIfNullOrEmpty(entityId);
        var verdict = MetadataReader.Read(answer, rules with { EntityId = entityId });
        return verdict.Accepted
            ? Verdict<EntityDescriptor>.Accept(verdict.Value.Entities[0], verdict.Findings)
            : Verdict<EntityDescriptor>.Refuse(verdict.Findings);
    }

    private static Uri Address(Uri baseUrl, string identifier)
    {
        ArgumentNullException.ThrowIfNull(baseUrl);
        if (baseUrl.Query.Length > 0 || baseUrl.Fragment.Length > 0)
            throw new ArgumentException(
                "A responder's address has no query and no fragment.",
                nameof(baseUrl)
            );
        return new Uri($"{baseUrl.AbsoluteUri.TrimEnd('/')}/entities/{identifier}");
    }
}
