using Latchkey.Server.Directory.Accounts;
using Latchkey.Server.Directory.Attributes;
using Latchkey.Server.Mail;
using Latchkey.Server.Problems;
using Latchkey.Server.SignIn.Passwords;
using Latchkey.Web.Texts;
using Latchkey.Web.Toasts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Latchkey.Server.Directory.Pages;

/// <summary>Makes a user.</summary>
internal sealed class UserNewModel(
    UserService users,
    UserPasswords passwords,
    PasswordPolicyService policies,
    GroupService groups,
    AttributeDefinitions definitions,
    StartingStates startingStates,
    MailSettingsService mail,
    ITexts texts
) : PageModel
{
    [BindProperty]
    public UserForm Input { get; set; } = new();

    public IReadOnlyList<AttributeDefinition> Definitions { get; private set; } = [];

    public GroupChoices Choices { get; private set; } = null!;

    /// <summary>What is asked of the password of somebody in no particular group.</summary>
    public PasswordRules Rules { get; private set; } = new();

    /// <summary>Whether the rest of the profile is unfolded: after a row was added or something in it is wrong.</summary>
    public bool ShowProfile { get; private set; }

    public IEnumerable<SelectListItem> States => UserEditModel.StateItems(texts);

    public IEnumerable<SelectListItem> PasswordChoices =>
        [
            new(texts["user.password.mail"], "mail"),
            new(texts["user.password.generate"], "generate"),
            new(texts["user.password.type"], "type"),
            new(texts["user.password.none"], "none"),
        ];

    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        Input.State = UserChanges.Name(
            await startingStates.OfAsync(CreationWay.ByHand, cancellationToken)
        );
        Input.PasswordChoice = (await mail.ReadAsync(cancellationToken)).IsSetUp
            ? "mail"
            : "generate";
        await LoadAsync(cancellationToken);
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        ModelState.Clear();
        Input.DropEmptyRows();
        Definitions = await definitions.ListAsync(cancellationToken);
        var manager = await ManagerName.ResolveAsync(users, Input.Manager, cancellationToken);
        var typed = Input.PasswordChoice == "type" ? Input.Password ?? "" : null;
        var problems = manager.Problem is { } problem ? [problem] : new List<Problem>();
        var named = await GroupNames.ResolveAsync(
            groups,
            Input.GroupNames,
            "group_names",
            problems,
            cancellationToken
        );
        if (problems.Count > 0)
        {
            this.AddProblems(problems);
            return await AgainAsync(cancellationToken);
        }
        var input = Input.ToInput(manager.Id, typed, Definitions) with
        {
            GroupIds = [.. Input.Groups.Union(named)],
        };
        if (Input.PasswordChoice == "generate")
        {
            var rules = await passwords.RulesForNewAsync(input, cancellationToken);
            input = input with { Password = GeneratedPassword.New(rules) };
        }
        var outcome = await users.CreateAsync(input, cancellationToken);
        if (!outcome.Ok)
        {
            this.AddProblems(outcome.Problems.Select(p => Input.Place(p, Definitions)));
            return await AgainAsync(cancellationToken);
        }
        if (Input.PasswordChoice == "generate")
        {
            TempData[GeneratedPassword.Key] = input.Password;
        }
        this.Toast(texts["user.created", outcome.Value.Username]);
        return Redirect($"/admin/users/{outcome.Value.Id}");
    }

    public async Task<IActionResult> OnPostAddRowAsync(
        string? row,
        CancellationToken cancellationToken
    )
    {
        ModelState.Clear();
        Input.AddRow(row);
        ShowProfile = true;
        await LoadAsync(cancellationToken);
        return Page();
    }

    private async Task<IActionResult> AgainAsync(CancellationToken cancellationToken)
    {
        ShowProfile = true;
        await LoadAsync(cancellationToken);
        return Page();
    }

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        Choices = await groups.ChoicesAsync(cancellationToken);
        Definitions = await definitions.ListAsync(cancellationToken);
        Rules = (await policies.ReadAsync(cancellationToken)).Standard.Rules;
        Input.Arrange(Definitions);
    }
}
