namespace Latchkey.Server.Api.Tokens;

/// <summary>What a token can be made for (J-112). A token without scopes has them all, also those that come later; a scope to write includes reading.</summary>
internal static class ApiScopes
{
    public const string Everything = "*";

    public const string ApplicationsRead = "applications:read";
    public const string ApplicationsWrite = "applications:write";
    public const string CertificatesRead = "certificates:read";
    public const string CertificatesWrite = "certificates:write";
    public const string GroupsRead = "groups:read";
    public const string GroupsWrite = "groups:write";
    public const string UsersRead = "users:read";
    public const string UsersWrite = "users:write";

    /// <summary>Needed beside <see cref="UsersWrite"/> to change a user who is an administrator, or to make one: whoever can reset an administrator's password can do everything. Beside <see cref="SettingsWrite"/> for how mail leaves: the links go that way.</summary>
    public const string AdministratorsWrite = "administrators:write";

    public const string EventsRead = "events:read";

    /// <summary>Mail, its words, password policies and what else an organisation sets.</summary>
    public const string SettingsRead = "settings:read";
    public const string SettingsWrite = "settings:write";
    public const string TokensRead = "tokens:read";

    /// <summary>Makes tokens that may do no more than the one that makes them.</summary>
    public const string TokensWrite = "tokens:write";

    /// <summary>Reads everything at once.</summary>
    public const string OrganizationRead = "organization:read";

    /// <summary>Changes everything at once.</summary>
    public const string OrganizationWrite = "organization:write";

    private const string Write = ":write";
    private const string Read = ":read";

    public static IReadOnlyList<string> All { get; } =
    [
        ApplicationsRead,
        ApplicationsWrite,
        CertificatesRead,
        CertificatesWrite,
        GroupsRead,
        GroupsWrite,
        UsersRead,
        UsersWrite,
        AdministratorsWrite,
        EventsRead,
        SettingsRead,
        SettingsWrite,
        TokensRead,
        TokensWrite,
        OrganizationRead,
        OrganizationWrite,
    ];

    /// <summary>Whether one of the scopes that somebody has is, or includes, the one that is needed.</summary>
    public static bool Include(IEnumerable<string> had, string needed) =>
        had.Any(scope =>
            scope == Everything
            || scope == needed
            || (
                needed.EndsWith(Read, StringComparison.Ordinal)
                && scope == needed[..^Read.Length] + Write
            )
        );
}
