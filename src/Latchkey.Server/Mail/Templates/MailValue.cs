using Latchkey.Web.Texts;

namespace Latchkey.Server.Mail.Templates;

/// <summary>What is put for a placeholder: a text as it is, or one that each language writes in its own way.</summary>
internal sealed class MailValue
{
    private readonly Func<ITexts, string> _said;

    private MailValue(Func<ITexts, string> said) => _said = said;

    public static implicit operator MailValue(string text) => new(_ => text);

    /// <summary>A moment, in UTC: a mail does not know where it is read.</summary>
    public static implicit operator MailValue(DateTimeOffset moment) =>
        new(texts => texts["mail.moment", moment.UtcDateTime]);

    /// <summary>A text by key.</summary>
    public static MailValue Of(Func<ITexts, string> said) => new(said);

    public string In(ITexts texts) => _said(texts);
}
