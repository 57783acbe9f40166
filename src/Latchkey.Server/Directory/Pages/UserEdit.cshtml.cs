using Latchkey.Server.Directory.Accounts;
using Latchkey.Server.Directory.Attributes;
using Latchkey.Server.Insights;
using Latchkey.Server.Problems;
using Latchkey.Server.Roles;
using Latchkey.Server.SignIn.Passwords;
using Latchkey.Web.Texts;
using Latchkey.Web.Toasts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Latchkey.Server.Directory.Pages;

/// <summary>One user: everything about them, their groups, what they can open.</summary>
internal sealed class UserEditModel(
    UserService users,
    GroupMembers members,
    GroupService groups,
    DirectoryQueries directory,
    AttributeDefinitions definitions,
    UserPasswords passwords,
    PasswordPolicyService policies,
    PasswordLocks locks,
    UserStates states,
    UserSurroundings surroundings,
    BulkActions bulk,
    Acting acting,
    ITexts texts,
    TimeProvider time
) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    [BindProperty]
    public UserForm Input { get; set; } = new();

    public User Found { get; private set; } = null!;

    public IReadOnlyList<AttributeDefinition> Definitions { get; private set; } = [];

    /// <summary>The groups and why the user is in each.</summary>
    public IReadOnlyList<MembershipRow> Groups { get; private set; } = [];

    public PasswordStatus Password { get; private set; }

    /// <summary>The password policy in force, and why.</summary>
    public PolicyInForce Policy { get; private set; } = null!;

    /// <summary>When the password has to be changed.</summary>
    public DateTimeOffset? PasswordEnds { get; private set; }

    /// <summary>From where no password is looked at now.</summary>
    public IReadOnlyList<PasswordTries> Locks { get; private set; } = [];

    /// <summary>What lies ahead.</summary>
    public IReadOnlyList<ScheduledState> Schedule { get; private set; } = [];

    /// <summary>Sessions, events and what applications are told.</summary>
    public SurroundingsOfUser Around { get; private set; } = null!;

    /// <summary>Whether this user's account may be changed at all by whoever looks.</summary>
    public bool MayTouch => acting.MayTouch(Found);

    public IEnumerable<SelectListItem> Roles =>
        RoleNames
            .All.Select(role => new SelectListItem(
                texts[$"role.{RoleNames.Of(role)}"],
                RoleNames.Of(role),
                role == Found.Role
            ))
            .Prepend(new SelectListItem(texts["role.none"], "", Found.Role is null));

    public IEnumerable<SelectListItem> OtherGroups { get; private set; } = [];

    /// <summary>Whether a group is typed because there are too many to list.</summary>
    public bool NamesGroup { get; private set; }

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
        Input.Arrange(Definitions);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        ModelState.Clear();
        Input.DropEmptyRows();
        var manager = await ManagerName.ResolveAsync(users, Input.Manager, cancellationToken);
        Definitions = await definitions.ListAsync(cancellationToken);
        // The role has a form of its own; what is read here is of the version that this form was made of, or refused.
        var role = (await users.FindAsync(Id, cancellationToken))?.Role;
        var input = Input.ToInput(manager.Id, password: null, Definitions) with { Role = role };
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
        this.AddProblems(problems.Select(p => Input.Place(p, Definitions)));
        Input.Arrange(Definitions);
        return Page();
    }

    public async Task<IActionResult> OnPostAddRowAsync(
        string? row,
        CancellationToken cancellationToken
    )
    {
        ModelState.Clear();
        Input.AddRow(row);
        if (!await LoadAsync(cancellationToken))
        {
            return NotFound();
        }
        Input.Arrange(Definitions);
        return Page();
    }

    public async Task<IActionResult> OnPostUnlockAsync(CancellationToken cancellationToken) =>
        await AfterAsync(
            await passwords.UnlockAsync(Id, cancellationToken),
            texts["user.unlocked"]
        );

    public async Task<IActionResult> OnPostCancelAsync(
        string state,
        CancellationToken cancellationToken
    ) =>
        await AfterAsync(
            await states.CancelAsync(
                Id,
                state == "suspended" ? UserState.Suspended : UserState.Activated,
                cancellationToken
            ),
            texts["user.schedule.cancelled"]
        );

    public async Task<IActionResult> OnPostResetAsync(CancellationToken cancellationToken) =>
        await AfterAsync(
            await surroundings.SendResetAsync(Id, cancellationToken),
            texts["user.reset.sent"]
        );

    /// <summary>Ends one session, or all of them.</summary>
    public async Task<IActionResult> OnPostEndAsync(
        Guid? session,
        CancellationToken cancellationToken
    )
    {
        var ended = await surroundings.EndSessionsAsync(Id, session, cancellationToken);
        return await AfterAsync(ended, texts["user.session.ended"]);
    }

    /// <summary>Sends the mail again with which an account begins.</summary>
    public async Task<IActionResult> OnPostInviteAsync(CancellationToken cancellationToken) =>
        await AfterAsync(
            await bulk.MailAsync(Id, new ActivationMail(), cancellationToken),
            texts["user.invited"]
        );

    public async Task<IActionResult> OnPostRoleAsync(
        string? role,
        CancellationToken cancellationToken
    )
    {
        if (await users.FindAsync(Id, cancellationToken) is not { } user)
        {
            return NotFound();
        }
        var input = UserInput.From(user) with { Role = RoleNames.Read(role) };
        return await AfterAsync(
            await users.UpdateAsync(Id, input, user.Version, cancellationToken),
            texts["user.role.saved"]
        );
    }

    /// <param name="group">Chosen from the list.</param>
    /// <param name="groupName">Typed, where there are too many for a list.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<IActionResult> OnPostJoinAsync(
        Guid group,
        string? groupName,
        CancellationToken cancellationToken
    )
    {
        if (group == Guid.Empty)
        {
            var named = await GroupNames.ResolveOneAsync(groups, groupName, "", cancellationToken);
            if (named.Problem is { } problem)
            {
                return await RefusedAsync([problem]);
            }
            group = named.Id!.Value;
        }
        return await AfterAsync(
            await members.AddAsync(group, [Id], cancellationToken),
            g => texts["user.joined", g.Name]
        );
    }

    public async Task<IActionResult> OnPostLeaveAsync(
        Guid group,
        CancellationToken cancellationToken
    ) =>
        await AfterAsync(
            await members.RemoveAsync(group, [Id], cancellationToken),
            g => texts["user.left", g.Name]
        );

    private Task<IActionResult> AfterAsync(Outcome<User> outcome, string done) =>
        AfterAsync(outcome, _ => done);

    private async Task<IActionResult> AfterAsync<T>(Outcome<T> outcome, Func<T, string> done)
        where T : class
    {
        if (outcome.Ok)
        {
            this.Toast(done(outcome.Value));
            return Redirect($"/admin/users/{Id}");
        }
        return await RefusedAsync(outcome.Problems);
    }

    private async Task<IActionResult> RefusedAsync(IReadOnlyList<Problem> problems)
    {
        var result = await OnGetAsync(HttpContext.RequestAborted);
        this.AddProblems(problems.Select(p => p with { Where = "" }));
        return result;
    }

    private FieldChange[] Compare(UserInput input)
    {
        var mine = UserService.New(time.GetUtcNow());
        UserRules.Fill(mine, input);
        mine.State = input.State;
        return [.. FieldChange.Between(UserChanges.Snapshot(Found), UserChanges.Snapshot(mine))];
    }

    private async Task<bool> LoadAsync(CancellationToken cancellationToken)
    {
        if (await users.FindAsync(Id, cancellationToken) is not { } found)
        {
            return false;
        }
        Found = found;
        ViewData["ReadOnly"] = !MayTouch;
        Definitions = await definitions.ListAsync(cancellationToken);
        Policy = await policies.OfAsync(Id, cancellationToken);
        Password = PasswordStatuses.Of(found, Policy.Rules, time.GetUtcNow());
        PasswordEnds = PasswordExpiry.At(found, Policy.Rules);
        Locks = await locks.OfAsync(Id, cancellationToken);
        Schedule = await states.OfAsync(Id, cancellationToken);
        Groups = await directory.MembershipsOfUserAsync(Id, cancellationToken);
        Access = await directory.AccessOfUserAsync(Id, cancellationToken);
        Around = await surroundings.OfAsync(found, Access, cancellationToken);
        var joined = Groups.Where(g => g.ByHand).Select(g => g.Group.Id).ToHashSet();
        var choices = await groups.ChoicesAsync(cancellationToken);
        NamesGroup = choices.AreTooMany;
        OtherGroups = choices
            .All.Where(g => !joined.Contains(g.Id))
            .Select(g => new SelectListItem(g.Name, g.Id.ToString()))
            .ToArray();
        return true;
    }
}
