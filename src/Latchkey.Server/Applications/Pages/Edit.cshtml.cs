using Latchkey.Server.Applications.Catalogue;
using Latchkey.Server.Certificates;
using Latchkey.Server.Settings;
using Latchkey.Web.Texts;
using Latchkey.Web.Toasts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Latchkey.Server.Applications.Pages;

/// <summary>One application: settings, access, and what its administrators need from us.</summary>
internal sealed class EditModel(
    ApplicationService applications,
    ApplicationQueries queries,
    AccessQueries access,
    MetadataImport import,
    ConnectorCatalogue catalogue,
    ServerOptions server,
    ITexts texts,
    TimeProvider time
) : ApplicationEditor(queries, access, import, server, texts)
{
    public override bool Creating => false;

    public Application Application { get; private set; } = null!;

    public ShownCertificate? Certificate { get; private set; }

    /// <summary>What the other side is told.</summary>
    public ApplicationGuide Guide { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken cancellationToken)
    {
        if (!await LoadAsync(id, cancellationToken))
        {
            return NotFound();
        }
        if (Application.Kind == ApplicationKind.Bookmark)
        {
            return Redirect($"/admin/applications/{id}/bookmark");
        }
        Form = ApplicationForm.From(Application, await Access.GroupIdsAsync(id, cancellationToken));
        await ShowAsync(cancellationToken);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(Guid id, CancellationToken cancellationToken)
    {
        if (!await LoadAsync(id, cancellationToken))
        {
            return NotFound();
        }
        Form.Slug = Application.Slug;
        if (await RunAsync(cancellationToken))
        {
            return await ShowPageAsync(cancellationToken);
        }
        if (Command == "person")
        {
            People = await Access.CheckAsync(id, Form.Person ?? "", cancellationToken);
            return await ShowPageAsync(cancellationToken);
        }
        Form.Compact();
        var saved = await applications.UpdateAsync(
            id,
            Command switch
            {
                "activate" => Form.ToInput(creating: false) with { Active = true },
                // Closing an application must not fail because something else in the form is wrong.
                "deactivate" => new ApplicationInput { Active = false },
                _ => Form.ToInput(creating: false),
            },
            Form.Version,
            cancellationToken
        );
        if (!saved.Ok)
        {
            Show(saved.Problems);
            return await ShowPageAsync(cancellationToken);
        }
        this.Toast(
            Texts[
                Command switch
                {
                    "activate" => "applications.toast.activated",
                    "deactivate" => "applications.toast.deactivated",
                    _ => "applications.toast.saved",
                },
                saved.Value.Label
            ]
        );
        return Redirect(
            $"/admin/applications/{id}{(Command == "activate" && !Application.Active ? "#needs" : "")}"
        );
    }

    private async Task<PageResult> ShowPageAsync(CancellationToken cancellationToken)
    {
        await ShowAsync(cancellationToken);
        return Page();
    }

    private async Task<bool> LoadAsync(Guid id, CancellationToken cancellationToken)
    {
        var application = await applications.FindAsync(id, cancellationToken);
        if (application is null)
        {
            return false;
        }
        Application = application;
        var certificate = await Queries.ActiveCertificateAsync(id, cancellationToken);
        Certificate = certificate is null
            ? null
            : ShownCertificate.Of(certificate, time.GetUtcNow());
        Guide = new ApplicationGuide(
            application,
            catalogue.Find(application.Connector),
            Certificate,
            Server
        );
        return true;
    }
}
