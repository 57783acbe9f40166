namespace Latchkey.Server.Settings;

/// <summary>One value of the organisation's, such as its name or the hash of the setup code.</summary>
internal sealed class Setting
{
    public required string Name { get; init; }
    public required string Value { get; set; }
}
