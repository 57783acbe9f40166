using System.Globalization;
using Latchkey.Server.Api.Tokens;
using Latchkey.Server.Problems;
using Latchkey.Server.Roles;
using Latchkey.Web.Texts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Latchkey.Server.Api.Pages;

/// <summary>Lists the API tokens and makes new ones. A token acts for the administrator who makes it.</summary>
internal sealed class TokensModel(
    ApiTokenService tokens,
    Acting acting,
    ITexts texts,
    TimeProvider time
) : PageModel
{
    private const string MadeKey = "token";

    [BindProperty]
    public TokenForm Input { get; set; } = new();

    public IReadOnlyList<ListedApiToken> Tokens { get; private set; } = [];

    /// <summary>The token just made. It travels to this one view in an encrypted cookie that is gone afterwards.</summary>
    public string? Made { get; private set; }

    public IEnumerable<SelectListItem> Rights =>
        [
            new(texts["tokens.everything"], TokenForm.Everything),
            new(texts["tokens.chosen"], TokenForm.Chosen),
        ];

    /// <summary>In days; empty for as long as nobody deletes it.</summary>
    public IEnumerable<SelectListItem> Lifetimes =>
        [
            new(texts["tokens.until.deleted"], ""),
            .. TokenForm.Lifetimes.Select(days => new SelectListItem(
                texts["tokens.until.days", days],
                days.ToString(CultureInfo.InvariantCulture)
            )),
        ];

    /// <summary>Whether whoever looks may delete it.</summary>
    public bool MayDelete(ListedApiToken listed) => acting.MayTouch(listed.Role);

    public bool IsOver(ApiToken token) => token.ExpiresAt <= time.GetUtcNow();

    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        Made = TempData[MadeKey] as string;
        Tokens = await tokens.ListAsync(cancellationToken);
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        ModelState.Clear();
        var userId = Guid.Parse(User.FindFirst("sub")!.Value);
        var created = await tokens.CreateAsync(
            Input.Name ?? "",
            userId,
            Input.Rights == TokenForm.Chosen ? Input.Scopes : null,
            Input.Days is { } days && TokenForm.Lifetimes.Contains(days)
                ? time.GetUtcNow().AddDays(days)
                : null,
            cancellationToken
        );
        if (!created.Ok)
        {
            this.AddProblems(created.Problems);
            Tokens = await tokens.ListAsync(cancellationToken);
            return Page();
        }
        TempData[MadeKey] = created.Value.Secret;
        return Redirect("/admin/settings/tokens");
    }
}

/// <summary>The form's fields.</summary>
internal sealed class TokenForm
{
    public const string Everything = "everything";
    public const string Chosen = "chosen";

    /// <summary>In days.</summary>
    public static IReadOnlyList<int> Lifetimes { get; } = [30, 90, 365];

    public string? Name { get; set; }
    public string Rights { get; set; } = Everything;

    /// <summary>How many days it counts; none for as long as nobody deletes it.</summary>
    public int? Days { get; set; }

    /// <summary>Counts where the rights are chosen.</summary>
    public List<string> Scopes { get; set; } = [];
}
