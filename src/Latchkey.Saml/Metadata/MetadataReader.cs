using Latchkey.Saml.Findings;
using Latchkey.Saml.Protocol;

namespace Latchkey.Saml.Metadata;

/// <summary>A metadata file: one entity, or a choice of several.</summary>
/// <param name="Entities">At least one.</param>
public sealed record MetadataDocument(IReadOnlyList<EntityDescriptor> Entities);

/// <summary>Reads metadata of either role (saml-metadata-2.0).</summary>
public static class MetadataReader
{
    /// <summary>Reads an EntityDescriptor or an EntitiesDescriptor. A signature in it is not checked here; where it came from is the caller's to judge (rule M2).</summary>
    public static Verdict<MetadataDocument> Read(
        ReadOnlyMemory<byte> xml,
        DateTimeOffset now,
        MessageLimits? limits = null
    ) => throw new NotImplementedException();
}
