using Latchkey.Server.Api.Calls;
using Latchkey.Server.Insights;
using Latchkey.Server.Mail.Templates;
using Latchkey.Server.SignIn.Passwords;

namespace Latchkey.Server.Api.Settings;

/// <summary>Every part there is, by its name.</summary>
internal sealed class SettingsParts(
    PortalPart portal,
    SessionsPart sessions,
    SignInPart signIn,
    UsersPart users,
    EventsPart events,
    MailPart mail,
    MailTemplateService templates,
    EventRecorder recorder,
    PasswordPolicyService policies,
    Names names
)
{
    /// <summary>The keys of <c>settings</c> in a file, in their order.</summary>
    public static IReadOnlyList<string> Settings { get; } =
    ["portal", "sessions", "sign_in", "users", "events", "mail"];

    public ISettingsPart Setting(string name) =>
        name switch
        {
            "portal" => portal,
            "sessions" => sessions,
            "sign_in" => signIn,
            "users" => users,
            "events" => events,
            _ => mail,
        };

    /// <summary>The words of a kind of mail in one language, by their name; null where there is no such kind.</summary>
    public MailTemplatePart? Template(string key) =>
        templates.FindName(key) is var (template, language)
            ? new(template, language, templates, recorder)
            : null;

    /// <summary>The words of every kind of mail in every language.</summary>
    public IEnumerable<MailTemplatePart> Templates => templates.Names.Select(n => Template(n)!);

    /// <summary>A policy that there is, or is to be.</summary>
    public PasswordPolicyPart Policy(string name) => new(name, policies, names);
}
