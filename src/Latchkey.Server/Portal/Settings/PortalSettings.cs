namespace Latchkey.Server.Portal.Settings;

/// <summary>What the organisation decides about what its users see (J-49, J-50).</summary>
internal sealed record PortalSettings
{
    public static PortalSettings Default { get; } = new();

    /// <summary>Whether users may change their own names and phone numbers.</summary>
    public bool ProfileEditable { get; init; }

    /// <summary>Whom users turn to, in a few words such as "IT service desk"; null for "your administrator".</summary>
    public string? HelpName { get; init; }

    /// <summary>Where they find it: an <c>https:</c>, <c>mailto:</c> or <c>tel:</c> address.</summary>
    public string? HelpAddress { get; init; }

    /// <summary>The colour of buttons and links, <c>#rrggbb</c>; null for ours.</summary>
    public string? Accent { get; init; }

    /// <summary>The tag of the language of whoever chose none, and of mails to them; null for what their browser asks for, and English in mails.</summary>
    public string? Language { get; init; }
}
