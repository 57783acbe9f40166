using System.Globalization;
using Latchkey.Server.Directory.Import;
using Latchkey.Server.Insights;
using Latchkey.Server.Problems;
using Latchkey.Server.SignIn;
using Latchkey.Web.Texts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Latchkey.Server.Directory.Pages;

/// <summary>How far an import is, what the check found, and the button that goes on.</summary>
internal sealed class UserImportProgressModel(UserImports imports, ITexts texts) : PageModel
{
    private const int Shown = 200;

    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    public UserImport Import { get; private set; } = null!;

    public IReadOnlyList<UserImportProblem> Problems { get; private set; } = [];

    /// <summary>Rows in all; while they are being counted, those counted.</summary>
    public int Total => Math.Max(1, Math.Max(Import.Rows, Import.RowsDone));

    public string Say(UserImportProblem problem) =>
        texts.Say(new Problem(problem.Code, "", [.. problem.Args]));

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        if (await imports.FindAsync(Id, cancellationToken) is not { } found)
        {
            return NotFound();
        }
        Import = found;
        Problems = await imports.ProblemsAsync(Id, Shown, cancellationToken);
        return Page();
    }

    public async Task<IActionResult> OnPostImportAsync(CancellationToken cancellationToken)
    {
        await imports.ImportAsync(Id, By(), cancellationToken);
        return Redirect($"/admin/users/import/{Id}");
    }

    public async Task<IActionResult> OnPostStopAsync(CancellationToken cancellationToken)
    {
        await imports.StopAsync(Id, By(), cancellationToken);
        return Redirect($"/admin/users/import/{Id}");
    }

    public async Task<IActionResult> OnPostDeleteAsync(CancellationToken cancellationToken)
    {
        await imports.DeleteAsync(Id, cancellationToken);
        return Redirect("/admin/users/import");
    }

    /// <summary>All problems as a file, written as it is read.</summary>
    public async Task<IActionResult> OnGetProblemsAsync(CancellationToken cancellationToken)
    {
        Response.ContentType = "text/csv; charset=utf-8";
        Response.Headers.ContentDisposition = "attachment; filename=\"problems.csv\"";
        await using var text = new StreamWriter(Response.Body, leaveOpen: true);
        var csv = new CsvWriter(text);
        await csv.WriteAsync(["line", "column", "code", "problem"]);
        await foreach (var problem in imports.AllProblemsAsync(Id, cancellationToken))
        {
            await csv.WriteAsync([
                problem.Line == 0 ? "" : problem.Line.ToString(CultureInfo.InvariantCulture),
                problem.ColumnName,
                problem.Code,
                Say(problem),
            ]);
        }
        return new EmptyResult();
    }

    private EventActor By()
    {
        var user = HttpContext.Features.Get<CurrentSession>()!.User;
        return new EventActor(user.Id, user.Username, EventWay.Session);
    }
}
