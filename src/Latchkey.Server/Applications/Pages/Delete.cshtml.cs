using Latchkey.Server.Problems;
using Latchkey.Web.Texts;
using Latchkey.Web.Toasts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Latchkey.Server.Applications.Pages;

/// <summary>Asks before an application is deleted, and says what is lost.</summary>
internal sealed class DeleteModel(
    ApplicationService applications,
    ApplicationQueries queries,
    AccessQueries access,
    ITexts texts
) : PageModel
{
    public Application Application { get; private set; } = null!;

    public int Users { get; private set; }

    public bool HasCertificate { get; private set; }

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken cancellationToken)
    {
        var application = await applications.FindAsync(id, cancellationToken);
        if (application is null)
        {
            return NotFound();
        }
        Application = application;
        var groups = await access.GroupIdsAsync(id, cancellationToken);
        var users = await access.UserIdsAsync(id, cancellationToken);
        Users = await access.LetInAsync(groups, users, cancellationToken);
        HasCertificate = await queries.ActiveCertificateAsync(id, cancellationToken) is not null;
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken cancellationToken)
    {
        var deleted = await applications.DeleteAsync(id, cancellationToken);
        if (!deleted.Ok)
        {
            this.Toast(Text(deleted.Problems[0]));
            return Redirect("/admin/applications");
        }
        this.Toast(texts["applications.toast.deleted", deleted.Value.Label]);
        return Redirect("/admin/applications");
    }

    private string Text(Problem problem) => texts[$"problem.{problem.Code}", problem.Args];
}
