using Latchkey.Server.Applications.Catalogue;
using Latchkey.Server.Certificates;
using Latchkey.Server.Directory;
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
    FormChecks checks,
    GroupMembers members,
    ConnectorCatalogue catalogue,
    ServerOptions server,
    ITexts texts,
    TimeProvider time
) : ApplicationEditor(access, import, checks, server, texts)
{
    /// <summary>Groups offered beside the answer for a person.</summary>
    private const int MostBound = 6;

    public override bool Creating => false;

    public Application Application { get; private set; } = null!;

    public ShownCertificate? Certificate { get; private set; }

    /// <summary>The application's saved groups, for putting somebody into one; only when a person is checked.</summary>
    public IReadOnlyList<GroupChoice> Bound { get; private set; } = [];

    /// <summary>The group that a person was just put into.</summary>
    public string? Joined { get; private set; }

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
        Form = await StoredAsync(cancellationToken);
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
        var stored = await StoredAsync(cancellationToken);
        Locks.Keep(Form, stored);
        var done = await RunAsync(cancellationToken);
        // Metadata that was just read does not open what the connector locks.
        Locks.Keep(Form, stored);
        if (done)
        {
            return await ShowPageAsync(cancellationToken);
        }
        if (await PersonAsync(cancellationToken))
        {
            return await ShowPageAsync(cancellationToken);
        }
        Form.Compact();
        if (Command != "deactivate" && HasFaults())
        {
            return await ShowPageAsync(cancellationToken);
        }
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

    protected override IReadOnlyDictionary<string, string> Variables =>
        Application.ConnectorVariables;

    private async Task<ApplicationForm> StoredAsync(CancellationToken cancellationToken) =>
        ApplicationForm.From(
            Application,
            await Access.GroupIdsAsync(Application.Id, cancellationToken),
            await Access.UserIdsAsync(Application.Id, cancellationToken)
        );

    /// <summary>"Check a person", and what may be pressed beside the answer. Nothing of the form is saved by it.</summary>
    private async Task<bool> PersonAsync(CancellationToken cancellationToken)
    {
        var parts = Command?.Split(':') ?? [];
        if (
            parts is ["join", var user, var group]
            && Guid.TryParse(user, out var userId)
            && Guid.TryParse(group, out var groupId)
        )
        {
            var joined = await members.AddAsync(groupId, [userId], cancellationToken);
            Show(joined.Problems);
            Joined = joined.Value?.Name;
        }
        else if (
            Command != "person"
            && (Command != "enter" || string.IsNullOrWhiteSpace(Form.Person))
        )
        {
            return false;
        }
        People = await Access.CheckAsync(Application.Id, Form.Person ?? "", cancellationToken);
        Bound = await Access.BoundGroupsAsync(Application.Id, MostBound, cancellationToken);
        return true;
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
        Locks = new FieldLocks(catalogue.Find(application.Connector));
        var certificate = await queries.ActiveCertificateAsync(id, cancellationToken);
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
