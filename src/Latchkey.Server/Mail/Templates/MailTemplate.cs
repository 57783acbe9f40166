namespace Latchkey.Server.Mail.Templates;

/// <summary>One kind of mail. Its words are in the texts under <c>mail.template.KEY.</c>, unless the organisation wrote its own.</summary>
/// <param name="Key">Stable, lower case with underscores.</param>
/// <param name="HasButton">Whether it leads somewhere: the value <c>link</c>.</param>
/// <param name="Placeholders">What its words may name in braces, such as <c>{name}</c>.</param>
internal sealed record MailTemplate(string Key, bool HasButton, IReadOnlyList<string> Placeholders)
{
    public const string Link = "link";
}

/// <summary>Every kind of mail there is (J-111). A new one is a line here and its words in the texts; its page comes by itself.</summary>
internal static class MailTemplates
{
    /// <summary>To somebody who has no password yet: sets one (J-65).</summary>
    public static readonly MailTemplate Activation = new(
        "activation",
        HasButton: true,
        ["name", "username", "site", "expires"]
    );

    /// <summary>To somebody who has a password already (J-65).</summary>
    public static readonly MailTemplate Welcome = new(
        "welcome",
        HasButton: true,
        ["name", "username", "site"]
    );

    /// <summary>To somebody who forgot the password, or whose administrator asks for a new one.</summary>
    public static readonly MailTemplate PasswordReset = new(
        "password_reset",
        HasButton: true,
        ["name", "username", "site", "expires"]
    );

    /// <summary>After its owner set a password anew, to that owner.</summary>
    public static readonly MailTemplate PasswordChanged = new(
        "password_changed",
        HasButton: false,
        ["name", "username", "site", "time", "address"]
    );

    /// <summary>After an administrator set a password, to the owner of the account.</summary>
    public static readonly MailTemplate PasswordSet = new(
        "password_set",
        HasButton: false,
        ["name", "username", "site", "time"]
    );

    /// <summary>After the second step of somebody's sign-in was set up, used in an emergency, or taken away.</summary>
    public static readonly MailTemplate FactorsChanged = new(
        "factors_changed",
        HasButton: false,
        ["name", "username", "site", "time", "what"]
    );

    /// <summary>When the days begin in which somebody is to set a second step up (J-75).</summary>
    public static readonly MailTemplate FactorAsked = new(
        "factor_asked",
        HasButton: true,
        ["name", "username", "site", "expires"]
    );

    /// <summary>After wrong passwords locked an account, to its owner.</summary>
    public static readonly MailTemplate AccountLocked = new(
        "account_locked",
        HasButton: true,
        ["name", "username", "site", "time", "address"]
    );

    /// <summary>After a sign-in from a browser that is new to its user.</summary>
    public static readonly MailTemplate NewBrowser = new(
        "new_browser",
        HasButton: true,
        ["name", "username", "site", "time", "browser", "address"]
    );

    /// <summary>Some days before a password has to be changed.</summary>
    public static readonly MailTemplate PasswordEndsSoon = new(
        "password_ends_soon",
        HasButton: true,
        ["name", "username", "site", "expires"]
    );

    /// <summary>When it has to be changed.</summary>
    public static readonly MailTemplate PasswordExpired = new(
        "password_expired",
        HasButton: true,
        ["name", "username", "site", "expires"]
    );

    /// <summary>To administrators, when the followed metadata of an application needs somebody.</summary>
    public static readonly MailTemplate MetadataAlarm = new(
        "metadata_alarm",
        HasButton: true,
        ["name", "application", "site", "time", "what"]
    );

    /// <summary>Before the certificate that signs for an application ends, to administrators (J-41).</summary>
    public static readonly MailTemplate CertificateEnding = new(
        "certificate_ending",
        HasButton: true,
        ["name", "site", "application", "ends", "days"]
    );

    /// <summary>The same to the application's technical contact, who has no account here.</summary>
    public static readonly MailTemplate CertificateEndingContact = new(
        "certificate_ending_contact",
        HasButton: false,
        ["site", "application", "ends", "days"]
    );

    /// <summary>From the settings page.</summary>
    public static readonly MailTemplate Test = new("test", HasButton: true, ["name", "site"]);

    public static IReadOnlyList<MailTemplate> All { get; } =
    [
        Activation,
        Welcome,
        PasswordReset,
        PasswordChanged,
        PasswordSet,
        PasswordEndsSoon,
        PasswordExpired,
        AccountLocked,
        NewBrowser,
        FactorAsked,
        FactorsChanged,
        MetadataAlarm,
        CertificateEnding,
        CertificateEndingContact,
        Test,
    ];

    public static MailTemplate? Find(string key) => All.FirstOrDefault(t => t.Key == key);
}
