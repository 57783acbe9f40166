using Latchkey.Server.Problems;
using Latchkey.Web.Texts;
using Latchkey.Web.Toasts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Latchkey.Server.Applications.Bookmarks.Pages;

/// <summary>The form of a bookmark (J-53).</summary>
internal sealed class BookmarkForm
{
    public string? Label { get; set; }
    public string? Description { get; set; }
    public string? LoginUrl { get; set; }
    public string? Color { get; set; }

    /// <summary>A picture that was chosen anew.</summary>
    public IFormFile? Picture { get; set; }

    public bool RemovePicture { get; set; }
    public List<Guid> Groups { get; set; } = [];
    public string? GroupSearch { get; set; }
    public long Version { get; set; }
}

/// <summary>What the two pages of a bookmark share: making one and changing one ask for the same.</summary>
internal abstract class BookmarkPage(AccessQueries access, ITexts texts) : PageModel
{
    [BindProperty]
    public BookmarkForm Form { get; set; } = new();

    /// <summary>Which button was pressed.</summary>
    [BindProperty]
    public string? Command { get; set; }

    public GrantedGroups Groups { get; private set; } = null!;

    /// <summary>What is stored; null while it is being made.</summary>
    public Application? Application { get; protected set; }

    public IEnumerable<SelectListItem> Colors =>
        ApplicationColors
            .All.Select(c => new SelectListItem(texts[$"bookmark.color.{c}"], c))
            .Prepend(new SelectListItem(texts["bookmark.color.own"], ""));

    protected ITexts Texts => texts;

    /// <summary>The form as input, or what is wrong with the picture.</summary>
    protected async Task<Outcome<ApplicationInput>> ReadAsync(CancellationToken cancellationToken)
    {
        string? logo = Form.RemovePicture ? "" : null;
        if (Form.Picture is { Length: > 0 } picture)
        {
            var read = await Applications.Pages.LogoModel.ReadAsync(picture, cancellationToken);
            if (!read.Ok)
            {
                return read.Problems[0] with { Where = "picture" };
            }
            logo = read.Value;
        }
        return new ApplicationInput
        {
            Kind = ApplicationKind.Bookmark,
            Label = Form.Label ?? "",
            Description = Form.Description ?? "",
            LoginUrl = Form.LoginUrl?.Trim() ?? "",
            Color = Form.Color ?? "",
            Logo = logo,
            GroupIds = [.. Form.Groups.Distinct()],
        };
    }

    protected async Task<PageResult> ShowAsync(
        IEnumerable<Problem> problems,
        CancellationToken cancellationToken
    )
    {
        ModelState.Clear();
        this.AddProblems(problems, "Form");
        Groups = await GrantedGroups.LoadAsync(
            access,
            Form.Groups,
            Form.GroupSearch,
            cancellationToken
        );
        return Page();
    }

    protected void Say(string key, Application application) =>
        this.Toast(texts[key, application.Label]);
}
