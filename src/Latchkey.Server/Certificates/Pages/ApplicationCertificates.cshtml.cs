using Latchkey.Saml.Keys;
using Latchkey.Server.Applications;
using Latchkey.Server.Applications.Pages;
using Latchkey.Server.Problems;
using Latchkey.Web.Texts;
using Latchkey.Web.Toasts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Latchkey.Server.Certificates.Pages;

/// <summary>One application's certificates: what signs, what comes, who knows it, and every step of a rotation.</summary>
internal sealed class ApplicationCertificatesModel(
    CertificateQueries queries,
    CertificateRotation rotation,
    ApplicationService applications,
    ITexts texts
) : PageModel
{
    [BindProperty]
    public CertificateForm Input { get; set; } = new();

    public CertifiedApplication Found { get; private set; } = null!;

    public IReadOnlyList<CertificateView> Certificates { get; private set; } = [];

    /// <summary>The algorithm that the coming key signs by, where the application is set to one that it cannot; null where all is well.</summary>
    public SignatureAlgorithm? OtherAlgorithm
    {
        get
        {
            if (Found.Wanted is not { } wanted)
            {
                return null;
            }
            var facts = CertificateFacts.Of(wanted);
            return facts.Supports(Found.Application.SignatureAlgorithm)
                ? null
                : facts.DefaultAlgorithm;
        }
    }

    public IEnumerable<SelectListItem> Kinds =>
        Enum.GetNames<KeyKind>()
            .Select(kind => new SelectListItem(
                texts["certificates.kind." + kind.ToLowerInvariant()],
                kind
            ));

    public IEnumerable<SelectListItem> Hashes =>
        Enum.GetNames<CertificateHash>()
            .Select(hash => new SelectListItem(
                texts["certificates.hash." + hash.ToLowerInvariant()],
                hash
            ));

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken cancellationToken)
    {
        if (!await LoadAsync(id, cancellationToken))
        {
            return NotFound();
        }
        Input.TechnicalContact = Found.Application.TechnicalContact;
        return Page();
    }

    public Task<IActionResult> OnPostStartAsync(Guid id, CancellationToken cancellationToken) =>
        DoAsync(
            id,
            "start",
            () => rotation.StartAsync(id, new(Input.Kind, Input.Hash), cancellationToken),
            cancellationToken
        );

    public Task<IActionResult> OnPostOwnAsync(Guid id, CancellationToken cancellationToken)
    {
        var pasted = Input.Pair;
        // No page ever says a private key, not even to whoever just typed it.
        Input.Pair = null;
        ModelState.Remove($"{nameof(Input)}.{nameof(Input.Pair)}");
        return DoAsync(
            id,
            "own",
            async () =>
                await rotation.AddOwnAsync(
                    id,
                    new(pasted, await ReadAsync(Input.File, cancellationToken), Input.Password),
                    cancellationToken
                ),
            cancellationToken
        );
    }

    public Task<IActionResult> OnPostSwitchAsync(Guid id, CancellationToken cancellationToken) =>
        DoAsync(
            id,
            "switch",
            async () =>
                PlannedTime.Read(Input.At) is { Problem: { } problem }
                    ? problem
                    : await rotation.SwitchAsync(
                        id,
                        PlannedTime.Read(Input.At).Value,
                        cancellationToken
                    ),
            cancellationToken
        );

    public Task<IActionResult> OnPostUndoAsync(Guid id, CancellationToken cancellationToken) =>
        DoAsync(id, "undo", () => rotation.UndoAsync(id, cancellationToken), cancellationToken);

    public Task<IActionResult> OnPostRetireAsync(
        Guid id,
        Guid certificate,
        CancellationToken cancellationToken
    ) =>
        DoAsync(
            id,
            "retire",
            () => rotation.RetireAsync(id, certificate, cancellationToken),
            cancellationToken
        );

    /// <summary>Sets the application to sign by what the coming key can do.</summary>
    public Task<IActionResult> OnPostAlgorithmAsync(Guid id, CancellationToken cancellationToken) =>
        DoAsync(
            id,
            "algorithm",
            () =>
                applications.UpdateAsync(
                    id,
                    new ApplicationInput { SignatureAlgorithm = OtherAlgorithm },
                    null,
                    cancellationToken
                ),
            cancellationToken
        );

    public Task<IActionResult> OnPostContactAsync(Guid id, CancellationToken cancellationToken) =>
        DoAsync(
            id,
            "contact",
            () =>
                applications.UpdateAsync(
                    id,
                    new ApplicationInput { TechnicalContact = Input.TechnicalContact ?? "" },
                    null,
                    cancellationToken
                ),
            cancellationToken
        );

    private async Task<IActionResult> DoAsync<T>(
        Guid id,
        string step,
        Func<Task<Outcome<T>>> act,
        CancellationToken cancellationToken
    )
        where T : class
    {
        if (!await LoadAsync(id, cancellationToken))
        {
            return NotFound();
        }
        var outcome = await act();
        if (outcome.Ok)
        {
            this.Toast(texts[$"certificates.toast.{step}", 1]);
            return Redirect($"/admin/applications/{id}/certificates");
        }
        this.AddProblems(
            // What is wrong with the state of things belongs to no field.
            outcome.Problems.Select(p => p.Where == "certificate" ? p with { Where = "" } : p)
        );
        await LoadAsync(id, cancellationToken);
        if (step != "contact")
        {
            Input.TechnicalContact = Found.Application.TechnicalContact;
        }
        return Page();
    }

    private async Task<bool> LoadAsync(Guid id, CancellationToken cancellationToken)
    {
        if (await queries.FindAsync(id, cancellationToken) is not { } found)
        {
            return false;
        }
        Found = found;
        Certificates = [.. found.Set.Published.Select(c => CertificateView.Of(c, found.Set))];
        return true;
    }

    private static async Task<byte[]?> ReadAsync(
        IFormFile? file,
        CancellationToken cancellationToken
    )
    {
        if (file is null)
        {
            return null;
        }
        using var content = new MemoryStream();
        await file.CopyToAsync(content, cancellationToken);
        return content.ToArray();
    }

    /// <summary>The fields of all forms of the page; each form sends its own.</summary>
    public sealed class CertificateForm
    {
        public KeyKind Kind { get; set; }
        public CertificateHash Hash { get; set; }

        /// <summary>When to switch, in UTC; empty for now.</summary>
        public string? At { get; set; }

        public string? Pair { get; set; }
        public IFormFile? File { get; set; }
        public string? Password { get; set; }
        public string? TechnicalContact { get; set; }
    }
}

/// <summary>One certificate as the page shows it.</summary>
/// <param name="Role"><c>active</c>, <c>next</c> or <c>former</c>.</param>
internal sealed record CertificateView(
    ApplicationCertificate Stored,
    string Role,
    ShownCertificate Shown,
    CertificateFacts Facts
)
{
    public static CertificateView Of(ApplicationCertificate certificate, CertificateSet set) =>
        new(
            certificate,
            certificate == set.Active ? "active"
                : certificate == set.Next ? "next"
                : "former",
            ShownCertificate.Of(certificate, set.Now),
            CertificateFacts.Of(certificate)
        );
}
