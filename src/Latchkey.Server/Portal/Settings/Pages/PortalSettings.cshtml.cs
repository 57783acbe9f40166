using Latchkey.Server.Portal.Brand;
using Latchkey.Server.Problems;
using Latchkey.Web.Texts;
using Latchkey.Web.Toasts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Latchkey.Server.Portal.Settings.Pages;

/// <summary>What users may do in the portal, whom they turn to, and how it looks.</summary>
internal sealed class PortalSettingsModel(
    PortalSettingsService settings,
    BrandLogos logos,
    BrandReader brands,
    ITexts texts
) : PageModel
{
    [BindProperty]
    public SettingsInput Input { get; set; } = new();

    /// <summary>The address of the logo, if there is one.</summary>
    public string? Logo { get; private set; }

    private CancellationToken Ct => HttpContext.RequestAborted;

    public async Task OnGetAsync()
    {
        var present = await settings.ReadAsync(Ct);
        Input = new SettingsInput
        {
            ProfileEditable = present.ProfileEditable,
            HelpName = present.HelpName,
            HelpAddress = present.HelpAddress,
            Accent = present.Accent,
            Language = present.Language,
        };
        await LoadAsync();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        ModelState.Clear();
        var saved = await settings.SaveAsync(
            new PortalSettings
            {
                ProfileEditable = Input.ProfileEditable,
                HelpName = Input.HelpName,
                HelpAddress = Input.HelpAddress,
                Accent = Input.Accent,
                Language = Input.Language,
            },
            Ct
        );
        if (saved.Ok)
        {
            this.Toast(texts["portal-settings.saved"]);
            return Redirect(Request.Path);
        }
        this.AddProblems(saved.Problems);
        await LoadAsync();
        return Page();
    }

    public async Task<IActionResult> OnPostLogoAsync(IFormFile? logo)
    {
        ModelState.Clear();
        // Nothing larger than what is allowed, and one more octet to tell, is read.
        var file = new byte[Math.Min(logo?.Length ?? 0, PictureFile.MostBytes + 1)];
        if (logo is not null)
        {
            await using var content = logo.OpenReadStream();
            await content.ReadExactlyAsync(file, Ct);
        }
        var saved = await logos.SaveAsync(file, Ct);
        if (saved.Ok)
        {
            this.Toast(texts["portal-settings.logo.saved"]);
            return Redirect(Request.Path);
        }
        await OnGetAsync();
        foreach (var problem in saved.Problems)
        {
            ModelState.AddModelError("logo", texts.Say(problem));
        }
        return Page();
    }

    public async Task<IActionResult> OnPostRemoveLogoAsync()
    {
        await logos.DeleteAsync(Ct);
        this.Toast(texts["portal-settings.logo.removed"]);
        return Redirect(Request.Path);
    }

    private async Task LoadAsync() => Logo = (await brands.ReadAsync(Ct)).Logo;

    internal sealed class SettingsInput
    {
        public bool ProfileEditable { get; set; }
        public string? HelpName { get; set; }
        public string? HelpAddress { get; set; }
        public string? Accent { get; set; }
        public string? Language { get; set; }
    }
}
