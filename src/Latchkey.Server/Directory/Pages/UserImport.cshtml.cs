using Latchkey.Server.Directory.Import;
using Latchkey.Server.Insights;
using Latchkey.Server.SignIn;
using Latchkey.Web.Texts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Latchkey.Server.Directory.Pages;

/// <summary>Takes a file of users in.</summary>
[RequestSizeLimit(ImportFile.LargestFile + 65536)]
[RequestFormLimits(MultipartBodyLengthLimit = ImportFile.LargestFile)]
internal sealed class UserImportModel(UserImports imports, ITexts texts) : PageModel
{
    private const int Shown = 10;

    [BindProperty]
    public bool UpdateExisting { get; set; }

    [BindProperty]
    public bool SendMail { get; set; }

    public IReadOnlyList<UserImport> Imports { get; private set; } = [];

    public async Task OnGetAsync(CancellationToken cancellationToken) =>
        Imports = await imports.ListAsync(Shown, cancellationToken);

    public async Task<IActionResult> OnPostAsync(
        IFormFile? file,
        CancellationToken cancellationToken
    )
    {
        ModelState.Clear();
        if (file is null || file.Length == 0)
        {
            ModelState.AddModelError("file", texts["import.problem.no-file"]);
            await OnGetAsync(cancellationToken);
            return Page();
        }
        var user = HttpContext.Features.Get<CurrentSession>()!.User;
        await using var content = file.OpenReadStream();
        var begun = await imports.BeginAsync(
            file.FileName,
            content,
            UpdateExisting,
            SendMail,
            new EventActor(user.Id, user.Username),
            // The file is here; a browser that goes away now has sent all of it.
            CancellationToken.None
        );
        return Redirect($"/admin/users/import/{begun.Value!.Id}");
    }
}
