namespace Latchkey.Server.Directory.Pages;

/// <summary>A group as a form holds it.</summary>
public sealed class GroupForm
{
    public string? Name { get; set; }
    public string? Description { get; set; }
    public long Version { get; set; }

    internal static GroupForm From(Group group) =>
        new()
        {
            Name = group.Name,
            Description = group.Description,
            Version = group.Version,
        };

    internal GroupInput ToInput() => new() { Name = Name?.Trim() ?? "", Description = Description };
}
