using System.Text.Json.Nodes;
using Latchkey.Server.Api.Export;
using Latchkey.Server.Api.OpenApi;
using Latchkey.Server.Applications;
using Latchkey.Server.Applications.Following;
using Latchkey.Server.Certificates;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Latchkey.Server.Api.Pages;

/// <summary>An application as curl lines and as an entry of the declaration file.</summary>
internal sealed class ApplicationCodeModel(
    ApplicationService applications,
    AccessQueries access,
    MetadataFollowing following,
    CertificateRotation rotation,
    CurlLine curl
) : PageModel
{
    public Application Application { get; private set; } = null!;

    public string Yaml { get; private set; } = "";

    public string Back =>
        Application.Kind == ApplicationKind.Bookmark
            ? $"/admin/applications/{Application.Id}/bookmark"
            : $"/admin/applications/{Application.Id}";

    /// <summary>Show it, change it, take it out of use.</summary>
    public IReadOnlyList<string> Lines =>
        [
            curl.Of("GET", Path, null),
            curl.Of("PATCH", Path, new JsonObject { ["label"] = Application.Label }.ToJsonString()),
            curl.Of("PATCH", Path, """{"active": false}"""),
        ];

    private string Path => $"/api/v1/applications/{Application.Slug}";

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken cancellationToken)
    {
        if (await applications.FindAsync(id, cancellationToken) is not { } found)
        {
            return NotFound();
        }
        Application = found;
        var entry = ExportedApplication.Of(
            found,
            await access.GroupNamesAsync(id, cancellationToken),
            await access.UserNamesAsync(id, cancellationToken),
            await following.FindAsync(id, cancellationToken),
            await rotation.OfAsync(id, cancellationToken)
        );
        Yaml = YamlText.Write(new JsonObject { ["applications"] = new JsonArray(entry) });
        return Page();
    }
}
