namespace Latchkey.Server.Storage;

/// <summary>One key of the Data Protection ring, its XML wrapped by the master key.</summary>
internal sealed class DataProtectionKey
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required string FriendlyName { get; init; }
    public required string Xml { get; init; }
}
