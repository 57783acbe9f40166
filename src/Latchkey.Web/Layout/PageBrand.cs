namespace Latchkey.Web.Layout;

/// <summary>What an organisation makes its own on every page.</summary>
/// <param name="Stylesheet">The address of its colours, on this server; null for ours.</param>
/// <param name="Logo">The address of its logo, on this server; null for ours.</param>
/// <param name="HelpName">Whom users turn to.</param>
/// <param name="HelpAddress">Where they find it: https, mailto or tel.</param>
/// <param name="Language">The tag of the language of whoever chose none; null for what their browser asks for.</param>
public sealed record PageBrand(
    string? Stylesheet = null,
    string? Logo = null,
    string? HelpName = null,
    string? HelpAddress = null,
    string? Language = null
)
{
    /// <summary>Nothing of its own.</summary>
    public static PageBrand None { get; } = new();

    /// <summary>Whether users are told whom to turn to.</summary>
    public bool HasHelp => HelpName is not null || HelpAddress is not null;
}
