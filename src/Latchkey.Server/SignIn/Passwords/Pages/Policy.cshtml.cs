using Latchkey.Server.Directory;
using Latchkey.Server.Problems;
using Latchkey.Web.Texts;
using Latchkey.Web.Toasts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Latchkey.Server.SignIn.Passwords.Pages;

/// <summary>One password policy, or a new one.</summary>
internal sealed class PolicyModel(
    PasswordPolicyService policies,
    DirectoryQueries directory,
    ITexts texts
) : PageModel
{
    private const string New = "new";

    /// <summary>Which; <c>new</c> for one to be made.</summary>
    [BindProperty(SupportsGet = true)]
    public string Id { get; set; } = "";

    [BindProperty]
    public PolicyForm Input { get; set; } = new();

    /// <summary>Null for a new one.</summary>
    public PasswordPolicy? Policy { get; private set; }

    public bool IsDefault => Policy?.IsDefault == true;

    public IReadOnlyList<(Guid Id, string Name)> Groups { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync()
    {
        if (await LoadAsync() is not { } bound)
            return NotFound();
        Input = PolicyForm.From(bound);
        return Page();
    }

    /// <summary>Fills the form with a preset; nothing is saved yet.</summary>
    public async Task<IActionResult> OnPostPresetAsync(string? preset)
    {
        ModelState.Clear();
        if (await LoadAsync() is not { } bound)
            return NotFound();
        Input = PolicyForm.From(bound, PasswordPresets.Of(preset)) with
        {
            Name = Input.Name,
            Groups = Input.Groups,
            Version = Input.Version,
        };
        return Page();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        var typed = ModelState.IsValid;
        if (await LoadAsync() is not { } bound)
            return NotFound();
        if (!typed)
            return Page();
        var ct = HttpContext.RequestAborted;
        var input = Input.ToInput(bound.Policy.Rules);
        var saved = Policy is { } policy
            ? await policies.UpdateAsync(policy.Id, input, Input.Version, ct)
            : await policies.CreateAsync(input, ct);
        if (saved.Ok)
        {
            this.Toast(texts["policy.saved", saved.Value.Name]);
            return Redirect("/admin/settings/passwords");
        }
        this.AddProblems(
            saved.Problems.Select(p => p.Where == "version" ? p with { Where = "" } : p)
        );
        return Page();
    }

    private async Task<BoundPolicy?> LoadAsync()
    {
        var ct = HttpContext.RequestAborted;
        var all = await policies.ReadAsync(ct);
        Groups = [.. (await directory.AllGroupsAsync(ct)).Select(g => (g.Id, g.Name))];
        if (Id == New)
        {
            return new(
                new()
                {
                    Name = "",
                    NormalizedName = "",
                    CreatedAt = default,
                    UpdatedAt = default,
                },
                []
            );
        }
        var found = Guid.TryParse(Id, out var id)
            ? all.All.FirstOrDefault(b => b.Policy.Id == id)
            : null;
        Policy = found?.Policy;
        return found;
    }
}
