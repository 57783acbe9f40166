using System.Globalization;
using Latchkey.Server.Directory.Import;
using Latchkey.Server.Problems;
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
        await imports.ImportAsync(Id, cancellationToken);
        return Redirect($"/admin/users/import/{Id}");
    }

    public async Task<IActionResult> OnPostDeleteAsync(CancellationToken cancellationToken)
    {
        await imports.DeleteAsync(Id, cancellationToken);
        return Redirect("/admin/users/import");
    }

    /// <summary>All problems as a file.</summary>
    public async Task<IActionResult> OnGetProblemsAsync(CancellationToken cancellationToken)
    {
        var problems = await imports.ProblemsAsync(Id, ImportProblems.MostKept, cancellationToken);
        using var text = new StringWriter();
        var csv = new CsvWriter(text);
        await csv.WriteAsync(["line", "column", "code", "problem"]);
        foreach (var problem in problems)
        {
            await csv.WriteAsync([
                problem.Line.ToString(CultureInfo.InvariantCulture),
                problem.ColumnName,
                problem.Code,
                Say(problem),
            ]);
        }
        return File(
            System.Text.Encoding.UTF8.GetBytes(text.ToString()),
            "text/csv",
            "problems.csv"
        );
    }
}
