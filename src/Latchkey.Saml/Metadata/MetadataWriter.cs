namespace Latchkey.Saml.Metadata;

/// <summary>Writes metadata of either role.</summary>
public static class MetadataWriter
{
    /// <summary>The metadata as canonical UTF-8 XML, unsigned.</summary>
    public static byte[] Write(EntityDescriptor entity) => throw new NotImplementedException();
}
