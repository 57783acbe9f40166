using Latchkey.Server.Api.Declaration;
using Latchkey.Server.Portal.Brand;
using Latchkey.Server.Portal.Settings;
using Latchkey.Server.Problems;

namespace Latchkey.Server.Api.Settings;

/// <summary>What users see of the organisation (J-49, J-50).</summary>
/// <param name="Logo">A <c>data:</c> URI of the PNG or JPEG picture.</param>
internal sealed record PortalSettingsBody(
    bool ProfileEditable,
    string? HelpName,
    string? HelpAddress,
    string? Accent,
    string? Language,
    string? Logo
);

internal sealed class PortalPart(PortalSettingsService settings, BrandLogos logos)
    : SettingsPart<PortalSettingsBody>("setting", "portal")
{
    private const string Base64 = ";base64,";

    protected override async Task<PortalSettingsBody?> FindAsync(CancellationToken ct)
    {
        var now = await settings.ReadAsync(ct);
        var logo = await logos.FindAsync(ct);
        return new(
            now.ProfileEditable,
            now.HelpName,
            now.HelpAddress,
            now.Accent,
            now.Language,
            logo is null
                ? null
                : $"data:{logo.ContentType}{Base64}{Convert.ToBase64String(logo.Content)}"
        );
    }

    protected override PortalSettingsBody Over(
        PortalSettingsBody? now,
        Section said,
        MetadataFiles files
    ) =>
        new(
            said.Flag("profile_editable") ?? now!.ProfileEditable,
            Text(said, "help_name", now!.HelpName),
            Text(said, "help_address", now.HelpAddress),
            Text(said, "accent", now.Accent),
            Text(said, "language", now.Language),
            Text(said, "logo", now.Logo)
        );

    protected override async Task<IReadOnlyList<Problem>> SaveAsync(
        PortalSettingsBody? now,
        PortalSettingsBody after,
        CancellationToken ct
    )
    {
        var saved = await settings.SaveAsync(
            new PortalSettings
            {
                ProfileEditable = after.ProfileEditable,
                HelpName = after.HelpName,
                HelpAddress = after.HelpAddress,
                Accent = after.Accent,
                Language = after.Language,
            },
            ct
        );
        if (!saved.Ok || after.Logo == now!.Logo)
        {
            return saved.Problems;
        }
        if (after.Logo is null)
        {
            await logos.DeleteAsync(ct);
            return [];
        }
        return (await logos.SaveAsync(Picture(after.Logo), ct)).Problems;
    }

    /// <summary>Its type is read from the picture itself; what is no <c>data:</c> URI becomes nothing, which is no picture.</summary>
    private static byte[] Picture(string address)
    {
        var start = address.IndexOf(Base64, StringComparison.Ordinal);
        var text = start < 0 ? "" : address[(start + Base64.Length)..];
        var picture = new byte[text.Length];
        return Convert.TryFromBase64String(text, picture, out var length) ? picture[..length] : [];
    }
}
