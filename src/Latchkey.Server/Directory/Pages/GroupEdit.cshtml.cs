using Latchkey.Server.Applications;
using Latchkey.Server.Directory.Attributes;
using Latchkey.Server.Directory.Rules;
using Latchkey.Server.Insights;
using Latchkey.Server.Problems;
using Latchkey.Web.Texts;
using Latchkey.Web.Toasts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Latchkey.Server.Directory.Pages;

/// <summary>One group: its members, what it opens, its name.</summary>
internal sealed class GroupEditModel(
    GroupService groups,
    GroupMembers members,
    DirectoryQueries directory,
    AttributeDefinitions definitions,
    GroupGrants grants,
    ApplicationQueries queries,
    ITexts texts,
    TimeProvider time
) : PageModel
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

    /// <summary>Searches the applications that the group could be let in to.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Open { get; set; }

    /// <summary>The number of the list's page.</summary>
    [BindProperty(SupportsGet = true)]
    public string? P { get; set; }

    [BindProperty]
    public GroupForm Input { get; set; } = new();

    public Group Found { get; private set; } = null!;

    public PageOf<UserRow> Members { get; private set; } = null!;

    /// <summary>Why each shown member is in.</summary>
    public IReadOnlyDictionary<Guid, MembershipRow> Why { get; private set; } = null!;

    /// <summary>What a condition can compare.</summary>
    public IEnumerable<SelectListItem> Sources { get; private set; } = [];

    public IReadOnlyList<UserRow> Candidates { get; private set; } = [];

    public IReadOnlyList<Application> Applications { get; private set; } = [];

    public IReadOnlyList<ApplicationRow> Openable { get; private set; } = [];

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
        Input.DropEmptyRows();
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
            Theirs = Compare(input);
            Input.Version = Found.Version;
        }
        // A rule is one thing to the group, and rows to the form.
        this.AddProblems(
            outcome.Problems.Select(p =>
                p with
                {
                    Where = p.Where.Replace("rule.", "", StringComparison.Ordinal),
                }
            )
        );
        return Page();
    }

    public async Task<IActionResult> OnPostAddRowAsync(
        string? row,
        CancellationToken cancellationToken
    )
    {
        ModelState.Clear();
        if (row == "condition")
        {
            Input.Conditions.Add(new ConditionRow { Attribute = "department" });
        }
        else
        {
            Input.Attributes.Add(new GroupAttributeRow());
        }
        return await LoadAsync(cancellationToken) ? Page() : NotFound();
    }

    private List<FieldChange> Compare(GroupInput input)
    {
        var mine = new Group
        {
            Name = "",
            NormalizedName = "",
            CreatedAt = Found.CreatedAt,
            UpdatedAt = Found.UpdatedAt,
        };
        GroupChanges.Fill(mine, input, time.GetUtcNow());
        return FieldChange.Between(GroupChanges.Snapshot(Found), GroupChanges.Snapshot(mine));
    }

    public async Task<IActionResult> OnPostAddAsync(
        Guid user,
        CancellationToken cancellationToken
    ) => await AfterAsync(await members.AddAsync(Id, [user], cancellationToken), "group.added");

    public async Task<IActionResult> OnPostRemoveAsync(
        Guid user,
        CancellationToken cancellationToken
    ) =>
        await AfterAsync(await members.RemoveAsync(Id, [user], cancellationToken), "group.removed");

    public async Task<IActionResult> OnPostGrantAsync(
        Guid application,
        CancellationToken cancellationToken
    ) =>
        await AfterAsync(
            await grants.GrantAsync(application, Id, cancellationToken),
            "group.granted"
        );

    public async Task<IActionResult> OnPostRevokeAsync(
        Guid application,
        CancellationToken cancellationToken
    ) =>
        await AfterAsync(
            await grants.RevokeAsync(application, Id, cancellationToken),
            "group.revoked"
        );

    private Task<IActionResult> AfterAsync(Outcome<Group> outcome, string text) =>
        AfterAsync(outcome, g => g.Name, text);

    private Task<IActionResult> AfterAsync(Outcome<Application> outcome, string text) =>
        AfterAsync(outcome, a => a.Label, text);

    private async Task<IActionResult> AfterAsync<T>(
        Outcome<T> outcome,
        Func<T, string> name,
        string text
    )
        where T : class
    {
        if (outcome.Ok)
        {
            this.Toast(texts[text, name(outcome.Value)]);
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
        Why = await directory.MembershipsOfGroupAsync(
            found,
            [.. Members.Rows.Select(user => user.Id)],
            cancellationToken
        );
        Sources = await SourcesAsync(cancellationToken);
        if (!string.IsNullOrWhiteSpace(Add))
        {
            var others = new UserQuery(Add, NotInGroup: Id);
            Candidates = (
                await directory.UsersAsync(others, 1, MostCandidates, cancellationToken)
            ).Rows;
        }
        Applications = await directory.ApplicationsOfGroupAsync(Id, cancellationToken);
        if (!string.IsNullOrWhiteSpace(Open))
        {
            var granted = Applications.Select(a => a.Id).ToHashSet();
            var matching = await queries.ListAsync(
                Open,
                null,
                1,
                MostCandidates + granted.Count,
                cancellationToken
            );
            Openable =
            [
                .. matching.Rows.Where(row => !granted.Contains(row.Id)).Take(MostCandidates),
            ];
        }
        return true;
    }

    private async Task<IReadOnlyList<SelectListItem>> SourcesAsync(
        CancellationToken cancellationToken
    )
    {
        var items = GroupRuleCheck
            .Attributes.Select(name => new SelectListItem(
                texts["applications.source." + name],
                name
            ))
            .Prepend(new SelectListItem(texts["rule.attribute.none"], ""))
            .ToList();
        var defined = (await definitions.ListAsync(cancellationToken)).Select(d =>
            (d.Label, Name: AttributeSources.CustomPrefix + d.Name)
        );
        // Also what nobody defined, where a rule of this group names it.
        var named = Input
            .Conditions.Select(c => (Label: c.Attribute ?? "", Name: c.Attribute ?? ""))
            .Concat(
                (Found.Rule?.Conditions ?? []).Select(c => (Label: c.Attribute, Name: c.Attribute))
            );
        foreach (var (label, name) in defined.Concat(named))
        {
            if (name.Length > 0 && items.TrueForAll(item => item.Value != name))
            {
                items.Add(new SelectListItem(label, name));
            }
        }
        return items;
    }
}
