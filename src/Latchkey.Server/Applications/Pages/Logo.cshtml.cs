using Latchkey.Server.Problems;
using Latchkey.Web.Texts;
using Latchkey.Web.Toasts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Latchkey.Server.Applications.Pages;

/// <summary>An application's own logo: taken from a file, replaced, or taken away. A page of its own, because a chosen file does not survive a form that comes back.</summary>
internal sealed class LogoModel(ApplicationService applications, ITexts texts) : PageModel
{
    [BindProperty]
    public IFormFile? Picture { get; set; }

    /// <summary>The application's version that was looked at.</summary>
    [BindProperty]
    public long Version { get; set; }

    public Application Application { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken cancellationToken)
    {
        if (!await LoadAsync(id, cancellationToken))
        {
            return NotFound();
        }
        Version = Application.Version;
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken cancellationToken)
    {
        if (!await LoadAsync(id, cancellationToken))
        {
            return NotFound();
        }
        if (Picture is not { Length: > 0 } file)
        {
            return Refuse([new Problem("logo-nothing", "logo")]);
        }
        var read = await ReadAsync(file, cancellationToken);
        return read.Ok
            ? await SaveAsync(id, read.Value, "logo.toast.used", cancellationToken)
            : Refuse(read.Problems);
    }

    public async Task<IActionResult> OnPostRemoveAsync(
        Guid id,
        CancellationToken cancellationToken
    ) =>
        await LoadAsync(id, cancellationToken)
            ? await SaveAsync(id, "", "logo.toast.removed", cancellationToken)
            : NotFound();

    /// <summary>A chosen file as a logo.</summary>
    public static async Task<Outcome<string>> ReadAsync(
        IFormFile file,
        CancellationToken cancellationToken
    )
    {
        if (file.Length > ApplicationLogo.MaxBytes)
        {
            return new Problem("logo-too-large", "logo", ApplicationLogo.MaxBytes / 1024);
        }
        using var bytes = new MemoryStream();
        await file.CopyToAsync(bytes, cancellationToken);
        return ApplicationLogo.FromFile(bytes.ToArray());
    }

    private async Task<IActionResult> SaveAsync(
        Guid id,
        string logo,
        string toast,
        CancellationToken cancellationToken
    )
    {
        var saved = await applications.UpdateAsync(
            id,
            new ApplicationInput { Logo = logo },
            Version,
            cancellationToken
        );
        if (!saved.Ok)
        {
            return Refuse(saved.Problems);
        }
        this.Toast(texts[toast]);
        return Redirect($"/admin/applications/{id}");
    }

    private PageResult Refuse(IEnumerable<Problem> problems)
    {
        foreach (var problem in problems)
        {
            ModelState.AddModelError(nameof(Picture), texts.Say(problem));
        }
        Version = Application.Version;
        return Page();
    }

    private async Task<bool> LoadAsync(Guid id, CancellationToken cancellationToken)
    {
        var application = await applications.FindAsync(id, cancellationToken);
        Application = application!;
        return application is { Kind: ApplicationKind.Saml };
    }
}
