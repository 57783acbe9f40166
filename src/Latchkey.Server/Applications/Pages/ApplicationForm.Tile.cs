namespace Latchkey.Server.Applications.Pages;

/// <content>How the application looks in the portal (J-01 to J-05).</content>
internal sealed partial class ApplicationForm
{
    public string? Description { get; set; }
    public string? Logo { get; set; }

    /// <summary>A word of <see cref="ApplicationColors"/>; empty for the one made from the short name.</summary>
    public string? Color { get; set; }

    /// <summary>With commas between them.</summary>
    public string? Categories { get; set; }

    public bool Hidden { get; set; }

    private ApplicationInput WithTile(ApplicationInput input) =>
        input with
        {
            Description = Description ?? "",
            Logo = Logo ?? "",
            Color = Color ?? "",
            Categories = (Categories ?? "").Split(
                ',',
                StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries
            ),
            Hidden = Hidden,
        };

    private void ReadTile(Application application)
    {
        Description = application.Description;
        Logo = application.Logo;
        Color = application.Color;
        Categories = string.Join(", ", application.Categories);
        Hidden = application.Hidden;
    }
}
