using Latchkey.Server.Applications.Catalogue;
using Latchkey.Server.Applications.Pages;
using Latchkey.Server.Settings;
using Latchkey.Web.Texts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Latchkey.Server.Certificates.Pages;

/// <summary>What to send to somebody who copied the certificate by hand: the words, and the new certificate in the form that is wanted there. To print, to mail, to paste into a ticket.</summary>
internal sealed class SendCertificateModel(
    CertificateQueries queries,
    ConnectorCatalogue catalogue,
    ServerOptions server,
    ITexts texts
) : PageModel
{
    public CertifiedApplication Found { get; private set; } = null!;

    /// <summary>With the new certificate.</summary>
    public ApplicationGuide Guide { get; private set; } = null!;

    /// <summary>The message, ready to be sent.</summary>
    public string Message { get; private set; } = "";

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken cancellationToken)
    {
        if (await queries.FindAsync(id, cancellationToken) is not { Wanted: { } wanted } found)
        {
            return NotFound();
        }
        Found = found;
        Guide = new ApplicationGuide(
            found.Application,
            catalogue.Find(found.Application.Connector),
            ShownCertificate.Of(wanted, found.Set.Now),
            server
        );
        Message = texts[
            found.Set.SwitchAt is null ? "certificates.message" : "certificates.message.planned",
            found.Application.Label,
            Guide.EntityId,
            Guide.MetadataUrl!,
            Guide.CertificateWanted("").Value!.Trim(),
            CertificateText.Sha256(wanted.Certificate),
            found.Set.SwitchAt is { } at ? texts["mail.moment", at.UtcDateTime] : ""
        ];
        return Page();
    }
}
