using Latchkey.Server.Directory;
using Latchkey.Server.SignIn;
using Latchkey.Web.Texts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Latchkey.Server.Applications.Preview.Pages;

/// <summary>The Response for any person, laid out and checked as the service provider would.</summary>
internal sealed class PreviewModel(
    ApplicationService applications,
    AccessQueries access,
    ResponsePreviews previews,
    ITexts texts
) : PageModel
{
    private static readonly (string Word, string[] Methods)[] s_methods =
    [
        ("password", [AuthnMethods.Password]),
        ("code", [AuthnMethods.Password, AuthnMethods.OneTimeCode, AuthnMethods.Several]),
        ("passkey", [.. AuthnMethods.Passkey(onSeveralDevices: false)]),
    ];

    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    /// <summary>A name that is searched for, or the identifier of the person chosen.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Person { get; set; }

    /// <summary>How the person would have signed in.</summary>
    [BindProperty(SupportsGet = true)]
    public string? By { get; set; }

    public Application Application { get; private set; } = null!;

    public ResponsePreview? Preview { get; private set; }

    /// <summary>Several people that match.</summary>
    public IReadOnlyList<User> Candidates { get; private set; } = [];

    public IEnumerable<SelectListItem> Ways =>
        s_methods.Select(m => new SelectListItem(texts[$"preview.by.{m.Word}"], m.Word));

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        if (
            await applications.FindAsync(Id, cancellationToken)
            is not { Kind: ApplicationKind.Saml } application
        )
        {
            return NotFound();
        }
        Application = application;
        if (await ChosenAsync(cancellationToken) is { } user)
        {
            Person = user.Username;
            Preview = await previews.MakeAsync(
                application,
                user,
                s_methods.FirstOrDefault(m => m.Word == By).Methods ?? s_methods[0].Methods,
                cancellationToken
            );
        }
        return Page();
    }

    /// <summary>The text of an objection.</summary>
    public string Say(Objection objection) =>
        texts[objection.Key, [.. objection.Args.Select(arg => arg ?? "–")]];

    private async Task<User?> ChosenAsync(CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(Person))
        {
            return HttpContext.Features.Get<CurrentSession>()!.User;
        }
        Candidates = await access.FindUsersAsync(Person, cancellationToken);
        return Candidates.FirstOrDefault(u =>
                string.Equals(u.Username, Person.Trim(), StringComparison.OrdinalIgnoreCase)
            ) ?? (Candidates.Count == 1 ? Candidates[0] : null);
    }
}
