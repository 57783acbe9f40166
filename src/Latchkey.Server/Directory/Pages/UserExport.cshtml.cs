using Latchkey.Server.Directory.Import;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Latchkey.Server.Directory.Pages;

/// <summary>All users as a file, written as it is read.</summary>
internal sealed class UserExportModel(UserExport export, UserImports imports, TimeProvider time)
    : PageModel
{
    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        Response.ContentType = "text/csv; charset=utf-8";
        Response.Headers.ContentDisposition =
            $"attachment; filename=\"users-{time.GetUtcNow():yyyyMMdd}.csv\"";
        HttpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        await imports.RecordExportAsync(cancellationToken);
        await export.WriteAsync(Response.Body, cancellationToken);
        return new EmptyResult();
    }
}
