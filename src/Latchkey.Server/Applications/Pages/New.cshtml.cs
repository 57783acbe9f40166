using Latchkey.Server.Settings;
using Latchkey.Web.Texts;
using Latchkey.Web.Toasts;
using Microsoft.AspNetCore.Mvc;

namespace Latchkey.Server.Applications.Pages;

/// <summary>Adds a custom SAML 2.0 application.</summary>
internal sealed class NewModel(
    ApplicationService applications,
    AccessQueries access,
    MetadataImport import,
    FormChecks checks,
    ServerOptions server,
    ITexts texts
) : ApplicationEditor(access, import, checks, server, texts)
{
    public override bool Creating => true;

    public Task OnGetAsync(CancellationToken cancellationToken) => ShowAsync(cancellationToken);

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        if (await RunAsync(cancellationToken))
        {
            if (Command == "check")
            {
                await SuggestAddressAsync(cancellationToken);
            }
            await ShowAsync(cancellationToken);
            return Page();
        }
        Form.Compact();
        if (HasFaults())
        {
            await ShowAsync(cancellationToken);
            return Page();
        }
        var activate = Command == "activate";
        var created = await applications.CreateAsync(
            Form.ToInput(creating: true) with
            {
                Active = activate,
            },
            cancellationToken
        );
        if (!created.Ok)
        {
            Show(created.Problems);
            await ShowAsync(cancellationToken);
            return Page();
        }
        this.Toast(
            Texts[
                activate ? "applications.toast.activated" : "applications.toast.created",
                created.Value.Label
            ]
        );
        return Redirect($"/admin/applications/{created.Value.Id}{(activate ? "#needs" : "")}");
    }

    protected override async Task SuggestAddressAsync(CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(Form.Label))
        {
            return;
        }
        var suggested = Server.Address("/saml2/" + Form.Slug);
        var untouched =
            string.IsNullOrWhiteSpace(Form.IdpEntityId) || Form.IdpEntityId == suggested;
        if (string.IsNullOrWhiteSpace(Form.Slug))
        {
            Form.Slug = await applications.SuggestSlugAsync(Form.Label, cancellationToken);
        }
        if (untouched)
        {
            Form.IdpEntityId = Server.Address("/saml2/" + Form.Slug);
        }
    }
}
