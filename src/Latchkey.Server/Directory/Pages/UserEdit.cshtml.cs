using Latchkey.Server.Insights;
using Latchkey.Server.Problems;
using Latchkey.Web.Texts;
using Latchkey.Web.Toasts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Latchkey.Server.Directory.Pages;

/// <summary>One user: everything about them, their groups, what they can open.</summary>
internal sealed class UserEditModel(
    UserService users,
    GroupService groups,
    DirectoryQueries directory,
    ITexts texts,
    TimeProvider time
) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    [BindProperty]
    public UserForm Input { get; set; } = new();

    public User Found { get; private set; } = null!;

    public IReadOnlyList<Group> Groups { get; private set; } = [];

    public IEnumerable<SelectListItem> OtherGroups { get; private set; } = [];

    public IReadOnlyList<AccessRow> Access { get; private set; } = [];

    /// <summary>What somebody else saved meanwhile, beside what stands in this form.</summary>
    public IReadOnlyList<FieldChange> Theirs { get; private set; } = [];

    /// <summary>Shown once, after it was made.</summary>
    public string? NewPassword { get; private set; }

    public IEnumerable<SelectListItem> States => StateItems(texts);

    public static IEnumerable<SelectListItem> StateItems(ITexts texts) =>
        [
            new(texts["user.state.activated"], "activated"),
            new(texts["user.state.staged"], "staged"),
            new(texts["user.state.suspended"], "suspended"),
        ];

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        if (!await LoadAsync(cancellationToken))
        {
            return NotFound();
        }
        NewPassword = TempData[GeneratedPassword.Key] as string;
        var manager = Found.ManagerId is { } managerId
            ? await users.FindAsync(managerId, cancellationToken)
            : null;
        Input = UserForm.From(Found, manager?.Username);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        ModelState.Clear();
        Input.DropEmptyRows();
        var manager = await ManagerName.ResolveAsync(users, Input.Manager, cancellationToken);
        var input = Input.ToInput(manager.Id, password: null);
        var problems = manager.Problem is { } problem
            ? [problem]
            : (await users.UpdateAsync(Id, input, Input.Version, cancellationToken)).Problems;
        if (problems.Count == 0)
        {
            this.Toast(texts["user.saved", input.Username]);
            return Redirect($"/admin/users/{Id}");
        }
        if (!await LoadAsync(cancellationToken))
        {
            return NotFound();
        }
        if (problems[0].Code == "user-changed")
        {
            Theirs = Compare(input);
            Input.Version = Found.Version;
        }
        this.AddProblems(problems);
        return Page();
    }

    public async Task<IActionResult> OnPostAddRowAsync(
        string? row,
        CancellationToken cancellationToken
    )
    {
        ModelState.Clear();
        Input.AddRow(row);
        return await LoadAsync(cancellationToken) ? Page() : NotFound();
    }

    public async Task<IActionResult> OnPostJoinAsync(
        Guid group,
        CancellationToken cancellationToken
    ) => await AfterAsync(await groups.AddMemberAsync(group, Id, cancellationToken), "user.joined");

    public async Task<IActionResult> OnPostLeaveAsync(
        Guid group,
        CancellationToken cancellationToken
    ) =>
        await AfterAsync(await groups.RemoveMemberAsync(group, Id, cancellationToken), "user.left");

    private async Task<IActionResult> AfterAsync(Outcome<Group> outcome, string text)
    {
        if (outcome.Ok)
        {
            this.Toast(texts[text, outcome.Value.Name]);
            return Redirect($"/admin/users/{Id}");
        }
        var result = await OnGetAsync(HttpContext.RequestAborted);
        this.AddProblems(outcome.Problems);
        return result;
    }

    private FieldChange[] Compare(UserInput input)
    {
        var mine = new User
        {
            Id = Found.Id,
            Username = "",
            NormalizedUsername = "",
            Email = "",
            SecurityStamp = "",
            CreatedAt = Found.CreatedAt,
            UpdatedAt = time.GetUtcNow(),
        };
        UserRules.Fill(mine, input);
        return [.. FieldChange.Between(UserChanges.Snapshot(Found), UserChanges.Snapshot(mine))];
    }

    private async Task<bool> LoadAsync(CancellationToken cancellationToken)
    {
        if (await users.FindAsync(Id, cancellationToken) is not { } found)
        {
            return false;
        }
        Found = found;
        Groups = await directory.GroupsOfUserAsync(Id, cancellationToken);
        Access = await directory.AccessOfUserAsync(Id, cancellationToken);
        var joined = Groups.Select(g => g.Id).ToHashSet();
        OtherGroups = (await directory.AllGroupsAsync(cancellationToken))
            .Where(g => !joined.Contains(g.Id))
            .Select(g => new SelectListItem(g.Name, g.Id.ToString()))
            .ToArray();
        return true;
    }
}
