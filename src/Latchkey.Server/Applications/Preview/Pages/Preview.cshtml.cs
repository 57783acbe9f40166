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
        PreviewWays.Words.Select(word => new SelectListItem(texts[$"preview.by.{word}"], word));

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
                PreviewWays.Methods(By),
                cancellationToken
            );
        }
        return Page();
    }

    /// <summary>The text of an objection.</summary>
    public string Say(Objection objection) => objection.Say(texts);

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
