using Latchkey.Saml.Protocol;

namespace Latchkey.Saml.Metadata;

/// <summary>Which lasting identifier a service provider asks for (saml-subject-id-attr-v1.0 §2.5).</summary>
public enum SubjectIdRequirement
{
    /// <summary>It does not say.</summary>
    Unsaid,

    /// <summary>subject-id: the same everywhere.</summary>
    SubjectId,

    /// <summary>pairwise-id: another one for each service provider.</summary>
    PairwiseId,

    /// <summary>None.</summary>
    None,

    /// <summary>Either.</summary>
    Any,
}

/// <summary>The requirement as an attribute of the entity.</summary>
public static class SubjectIdRequirements
{
    /// <summary>Name of the entity attribute.</summary>
    public const string AttributeName = "urn:oasis:names:tc:SAML:profiles:subject-id:req";

    private static readonly string?[] Values = [null, "subject-id", "pairwise-id", "none", "any"];

    /// <summary>The attribute that says so, for <see cref="EntityDescriptor.EntityAttributes"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is nothing to say.</exception>
    public static SamlAttribute Attribute(SubjectIdRequirement requirement) =>
        Enum.IsDefined(requirement) && Values[(int)requirement] is { } value
            ? new SamlAttribute(AttributeName, [value], AttributeNameFormats.Uri)
            : throw new ArgumentOutOfRangeException(
                nameof(requirement),
                requirement,
                message: null
            );

    /// <summary>What the attributes say; unsaid unless it is exactly one known value.</summary>
    internal static SubjectIdRequirement Read(IReadOnlyList<SamlAttribute> attributes)
    {
        var said = attributes
            .Where(attribute => attribute.Name == AttributeName)
            .SelectMany(attribute => attribute.Values)
            .ToList();
        return said is [var value] && Array.IndexOf(Values, value) is > 0 and var index
            ? (SubjectIdRequirement)index
            : SubjectIdRequirement.Unsaid;
    }
}
