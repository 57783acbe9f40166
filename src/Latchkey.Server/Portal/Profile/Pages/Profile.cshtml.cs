using Latchkey.Server.Directory;
using Latchkey.Server.Portal.Settings;
using Latchkey.Server.Problems;
using Latchkey.Server.SignIn;
using Latchkey.Web.Language;
using Latchkey.Web.Texts;
using Latchkey.Web.Toasts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Latchkey.Server.Portal.Profile.Pages;

/// <summary>What is known of the user, to the user; names and phone number may be theirs to change (J-49). E-mail addresses never are: passwords are reset by them.</summary>
internal sealed class ProfileModel(
    UserService users,
    DirectoryQueries directory,
    PortalSettingsService settings,
    ITexts texts
) : PageModel
{
    private const string PhoneKind = "work";

    [BindProperty]
    public ProfileInput Input { get; set; } = new();

    public bool Editable { get; private set; }

    public User Me => HttpContext.Features.Get<CurrentSession>()!.User;

    public IReadOnlyList<string> Groups { get; private set; } = [];

    /// <summary>What there is, by the end of its text key.</summary>
    public IEnumerable<(string Key, string Value)> Facts =>
        new (string Key, string? Value)[]
        {
            ("username", Me.Username),
            ("email", Me.Email),
            ("alternate-email", Me.AlternateEmail),
            ("recovery-email", Me.RecoveryEmail),
            ("first-name", Editable ? null : Me.FirstName),
            ("last-name", Editable ? null : Me.LastName),
            ("display-name", Editable ? null : Me.DisplayName),
            ("job-title", Me.JobTitle),
            ("department", Me.Department),
            ("company", Me.Company),
            ("employee-id", Me.EmployeeIdentifier),
            ("location", Me.Location),
            ("phone", Editable ? null : Phone(Me)),
        }
            .Where(fact => !string.IsNullOrEmpty(fact.Value))
            .Select(fact => (fact.Key, fact.Value!));

    public async Task OnGetAsync()
    {
        await LoadAsync();
        Input = new ProfileInput
        {
            FirstName = Me.FirstName,
            LastName = Me.LastName,
            DisplayName = Me.DisplayName,
            Phone = Phone(Me),
            Version = Me.Version,
        };
    }

    public async Task<IActionResult> OnPostAsync()
    {
        ModelState.Clear();
        await LoadAsync();
        if (!Editable)
        {
            return Forbid();
        }
        var input = UserInput.From(Me) with
        {
            FirstName = Input.FirstName,
            LastName = Input.LastName,
            DisplayName = Input.DisplayName,
            PhoneNumbers = WithPhone(Me.PhoneNumbers, Input.Phone),
        };
        var saved = await users.UpdateAsync(
            Me.Id,
            input,
            Input.Version,
            HttpContext.RequestAborted
        );
        if (saved.Ok)
        {
            this.Toast(texts["profile.saved"]);
            return Redirect("/profile");
        }
        this.AddProblems(saved.Problems);
        return Page();
    }

    /// <summary>Theirs to choose, whatever else is.</summary>
    public async Task<IActionResult> OnPostLanguageAsync(string? language)
    {
        ModelState.Clear();
        var saved = await users.UpdateAsync(
            Me.Id,
            UserInput.From(Me) with
            {
                Language = language,
            },
            Me.Version,
            HttpContext.RequestAborted
        );
        if (saved.Ok)
        {
            RequestLanguage.Remember(HttpContext, saved.Value.Language);
            RequestLanguage.Speak(HttpContext, saved.Value.Language);
            this.Toast(texts["profile.language.saved"]);
            return Redirect("/profile");
        }
        await OnGetAsync();
        this.AddProblems(saved.Problems, "");
        return Page();
    }

    private async Task LoadAsync()
    {
        var ct = HttpContext.RequestAborted;
        Editable = (await settings.ReadAsync(ct)).ProfileEditable;
        Groups = [.. (await directory.GroupsOfUserAsync(Me.Id, ct)).Select(g => g.Name)];
    }

    private static string? Phone(User user) =>
        user.PhoneNumbers.FirstOrDefault(p => p.Kind == PhoneKind)?.Number;

    /// <summary>The numbers with the one that is shown changed in its place, or gone; others of its kind are not shown here and stay.</summary>
    private static List<PhoneNumber> WithPhone(IReadOnlyList<PhoneNumber> numbers, string? typed)
    {
        List<PhoneNumber> all = [.. numbers];
        var place = all.FindIndex(p => p.Kind == PhoneKind);
        if (place >= 0)
        {
            all.RemoveAt(place);
        }
        if (!string.IsNullOrWhiteSpace(typed))
        {
            all.Insert(place >= 0 ? place : all.Count, new(PhoneKind, typed.Trim()));
        }
        return all;
    }

    internal sealed class ProfileInput
    {
        public string? FirstName { get; set; }
        public string? LastName { get; set; }
        public string? DisplayName { get; set; }
        public string? Phone { get; set; }

        /// <summary>The version that was looked at.</summary>
        public long Version { get; set; }
    }
}
