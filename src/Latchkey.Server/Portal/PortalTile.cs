using System.Globalization;
using Latchkey.Server.Applications;
using Latchkey.Server.Applications.Catalogue;

namespace Latchkey.Server.Portal;

/// <summary>One application on the portal.</summary>
/// <param name="Id">The application's.</param>
/// <param name="LoginUrl">Where the application starts the sign-in itself (J-17); else we start it.</param>
/// <param name="LogoAddress">Its picture, served by us.</param>
/// <param name="Color">The colour behind its letter.</param>
/// <param name="IsBookmark">It opens an address and signs nobody in (J-54).</param>
/// <param name="Connector">Gives the logo where the application has none of its own.</param>
internal sealed record PortalTile(
    Guid Id,
    string Slug,
    string Label,
    string? Description,
    string? LoginUrl,
    string? LogoAddress,
    string? Color = null,
    bool IsBookmark = false,
    Connector? Connector = null
)
{
    public IReadOnlyList<string> Categories { get; init; } = [];

    public bool IsFavorite { get; init; }

    /// <summary>What the tile links to; null where it is a form, which starts the sign-in.</summary>
    public string? Link => IsBookmark ? BookmarkEndpoint.AddressOf(Slug) : LoginUrl;

    /// <summary>Stands in for a logo.</summary>
    public string Letter => StringInfo.GetNextTextElement(Label).ToUpperInvariant();

    /// <summary>The number of its colour.</summary>
    public int Hue => ApplicationColors.HueOf(Color, Slug);

    public bool Matches(string text) =>
        Label.Contains(text, StringComparison.CurrentCultureIgnoreCase)
        || Description?.Contains(text, StringComparison.CurrentCultureIgnoreCase) == true
        || Categories.Any(c => c.Contains(text, StringComparison.CurrentCultureIgnoreCase));
}
