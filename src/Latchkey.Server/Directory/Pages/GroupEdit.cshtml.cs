using Latchkey.Server.Applications;
using Latchkey.Server.Insights;
using Latchkey.Server.Problems;
using Latchkey.Web.Texts;
using Latchkey.Web.Toasts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Latchkey.Server.Directory.Pages;

/// <summary>One group: its members, what it opens, its name.</summary>
internal sealed class GroupEditModel(GroupService groups, DirectoryQueries directory, ITexts texts)
    : PageModel
{
    private const int PageSize = 25;
    private const int MostCandidates = 8;

    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    /// <summary>Searches the members.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Q { get; set; }

    /// <summary>Searches everybody else.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Add { get; set; }

    /// <summary>The number of the list's page.</summary>
    [BindProperty(SupportsGet = true)]
    public string? P { get; set; }

    [BindProperty]
    public GroupForm Input { get; set; } = new();

    public Group Found { get; private set; } = null!;

    public PageOf<UserRow> Members { get; private set; } = null!;

    public IReadOnlyList<UserRow> Candidates { get; private set; } = [];

    public IReadOnlyList<Application> Applications { get; private set; } = [];

    /// <summary>What somebody else saved meanwhile, beside what stands in this form.</summary>
    public IReadOnlyList<FieldChange> Theirs { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        if (!await LoadAsync(cancellationToken))
        {
            return NotFound();
        }
        Input = GroupForm.From(Found);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        ModelState.Clear();
        var input = Input.ToInput();
        var outcome = await groups.UpdateAsync(Id, input, Input.Version, cancellationToken);
        if (outcome.Ok)
        {
            this.Toast(texts["group.saved", outcome.Value.Name]);
            return Redirect($"/admin/groups/{Id}");
        }
        if (!await LoadAsync(cancellationToken))
        {
            return NotFound();
        }
        if (outcome.Problems[0].Code == "group-changed")
        {
            Theirs = FieldChange.Between(
                [new("name", Found.Name), new("description", Found.Description)],
                [new("name", input.Name), new("description", input.Description)]
            );
            Input.Version = Found.Version;
        }
        this.AddProblems(outcome.Problems);
        return Page();
    }

    public async Task<IActionResult> OnPostAddAsync(
        Guid user,
        CancellationToken cancellationToken
    ) => await AfterAsync(await groups.AddMemberAsync(Id, user, cancellationToken), "group.added");

    public async Task<IActionResult> OnPostRemoveAsync(
        Guid user,
        CancellationToken cancellationToken
    ) =>
        await AfterAsync(
            await groups.RemoveMemberAsync(Id, user, cancellationToken),
            "group.removed"
        );

    private async Task<IActionResult> AfterAsync(Outcome<Group> outcome, string text)
    {
        if (outcome.Ok)
        {
            this.Toast(texts[text, outcome.Value.Name]);
            return Redirect($"/admin/groups/{Id}");
        }
        var result = await OnGetAsync(HttpContext.RequestAborted);
        this.AddProblems(outcome.Problems);
        return result;
    }

    private async Task<bool> LoadAsync(CancellationToken cancellationToken)
    {
        if (await groups.FindAsync(Id, cancellationToken) is not { } found)
        {
            return false;
        }
        Found = found;
        var page = PageNumber.Read(P);
        Members = await directory.UsersAsync(
            new UserQuery(Q, InGroup: Id),
            page,
            PageSize,
            cancellationToken
        );
        if (!string.IsNullOrWhiteSpace(Add))
        {
            var others = new UserQuery(Add, NotInGroup: Id);
            Candidates = (
                await directory.UsersAsync(others, 1, MostCandidates, cancellationToken)
            ).Rows;
        }
        Applications = await directory.ApplicationsOfGroupAsync(Id, cancellationToken);
        return true;
    }
}
