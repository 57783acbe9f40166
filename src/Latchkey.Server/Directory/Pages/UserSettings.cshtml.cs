using Latchkey.Server.Directory.Accounts;
using Latchkey.Server.Directory.Attributes;
using Latchkey.Web.Texts;
using Latchkey.Web.Toasts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Latchkey.Server.Directory.Pages;

/// <summary>In which state users begin, and which attributes of their own an organisation has.</summary>
internal sealed class UserSettingsModel(
    StartingStates states,
    AttributeDefinitions definitions,
    ITexts texts
) : PageModel
{
    [BindProperty]
    public string? ByHand { get; set; }

    [BindProperty]
    public string? Apply { get; set; }

    [BindProperty]
    public string? Import { get; set; }

    public IReadOnlyList<AttributeDefinition> Definitions { get; private set; } = [];

    public IEnumerable<SelectListItem> States =>
        [
            new(texts["user.state.activated"], "activated"),
            new(texts["user.state.staged"], "staged"),
        ];

    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        ByHand = await NameAsync(CreationWay.ByHand, cancellationToken);
        Apply = await NameAsync(CreationWay.Apply, cancellationToken);
        Import = await NameAsync(CreationWay.Import, cancellationToken);
        Definitions = await definitions.ListAsync(cancellationToken);
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        await states.SaveAsync(CreationWay.ByHand, Read(ByHand), cancellationToken);
        await states.SaveAsync(CreationWay.Apply, Read(Apply), cancellationToken);
        await states.SaveAsync(CreationWay.Import, Read(Import), cancellationToken);
        this.Toast(texts["usersettings.saved"]);
        return Redirect("/admin/users/settings");
    }

    private static UserState Read(string? name) =>
        name == "staged" ? UserState.Staged : UserState.Activated;

    private async Task<string> NameAsync(CreationWay way, CancellationToken cancellationToken) =>
        UserChanges.Name(await states.OfAsync(way, cancellationToken));
}
