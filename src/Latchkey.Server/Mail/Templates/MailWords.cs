namespace Latchkey.Server.Mail.Templates;

/// <summary>The words of a template as an administrator edits them (J-111). Plain text with placeholders: nobody can put HTML, and with it somebody else's link, into a mail.</summary>
internal sealed record MailWords
{
    public string Subject { get; init; } = "";

    /// <summary>The headline.</summary>
    public string Title { get; init; } = "";

    /// <summary>The line above the body, usually the salutation.</summary>
    public string Header { get; init; } = "";

    /// <summary>Paragraphs, an empty line between them.</summary>
    public string Body { get; init; } = "";

    /// <summary>What stands on the button.</summary>
    public string Button { get; init; } = "";

    /// <summary>Whom to turn to, at the end.</summary>
    public string Contact { get; init; } = "";
}

/// <summary>The organisation's own words for one template in one language; where there are none, ours stand.</summary>
internal sealed class MailTemplateText
{
    /// <summary>The template's key.</summary>
    public required string Template { get; init; }

    /// <summary>The language's tag.</summary>
    public required string Language { get; init; }

    public required MailWords Words { get; set; }
    public required DateTimeOffset UpdatedAt { get; set; }
}
