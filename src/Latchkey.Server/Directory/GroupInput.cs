namespace Latchkey.Server.Directory;

/// <summary>Everything an administrator can say about a group.</summary>
internal sealed record GroupInput
{
    public string Name { get; init; } = "";
    public string? Description { get; init; }
}
