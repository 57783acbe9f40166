using System.Net;
using System.Text;

namespace Latchkey.Server.Mail.Templates;

/// <summary>A mail with its values in place, ready to become text and HTML.</summary>
/// <param name="Words">What it says.</param>
/// <param name="Link">Where its button leads; null where it has none.</param>
/// <param name="Language">The tag of the language it is in.</param>
internal sealed record RenderedMail(MailWords Words, string? Link, string Language = "en")
{
    public string Subject => OneLine(Words.Subject);

    public IReadOnlyList<string> Paragraphs =>
        Words
            .Body.ReplaceLineEndings("\n")
            .Split("\n\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    public static RenderedMail Of(
        MailWords words,
        IReadOnlyDictionary<string, string> values,
        string language
    ) =>
        new(
            new MailWords
            {
                Subject = MailPlaceholders.Fill(words.Subject, values),
                Title = MailPlaceholders.Fill(words.Title, values),
                Header = MailPlaceholders.Fill(words.Header, values),
                Body = MailPlaceholders.Fill(words.Body, values),
                Button = MailPlaceholders.Fill(words.Button, values),
                Contact = MailPlaceholders.Fill(words.Contact, values),
            },
            values.GetValueOrDefault(MailTemplate.Link),
            language
        );

    public string Text()
    {
        var parts = new List<string> { Words.Title, Words.Header };
        parts.AddRange(Paragraphs);
        if (Link is not null)
        {
            parts.Add($"{Words.Button}:\n{Link}");
        }
        if (Words.Contact.Length > 0)
        {
            parts.Add($"--\n{Words.Contact}");
        }
        return string.Join("\n\n", parts.Where(part => part.Length > 0)) + "\n";
    }

    /// <summary>HTML as mail programs show it: one column, styles on the elements, no pictures, nothing loaded from anywhere.</summary>
    public string Html()
    {
        const string font =
            "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
        var html = new StringBuilder();
        html.Append(
                $"<!DOCTYPE html>\n<html lang=\"{Language}\">\n<head><meta charset=\"utf-8\"><meta name=\"color-scheme\" content=\"light dark\">"
            )
            .Append($"<title>{Encode(Subject)}</title></head>\n")
            .Append(
                $"<body style=\"margin:0;padding:24px;{font};font-size:16px;line-height:1.5\">\n"
            )
            .Append("<div style=\"max-width:560px;margin:0 auto\">\n");
        if (Words.Title.Length > 0)
        {
            html.Append(
                $"<h1 style=\"font-size:22px;line-height:1.3;margin:0 0 16px\">{Encode(Words.Title)}</h1>\n"
            );
        }
        if (Words.Header.Length > 0)
        {
            html.Append($"<p style=\"margin:0 0 16px\">{Encode(Words.Header)}</p>\n");
        }
        foreach (var paragraph in Paragraphs)
        {
            html.Append($"<p style=\"margin:0 0 16px\">{Encode(paragraph)}</p>\n");
        }
        if (Link is not null)
        {
            // Shown in full too: who reads before clicking sees where it leads.
            html.Append(
                    $"<p style=\"margin:24px 0\"><a href=\"{Encode(Link)}\" style=\"display:inline-block;padding:12px 20px;border-radius:8px;background:#0b6b62;color:#ffffff;text-decoration:none;font-weight:600\">{Encode(Words.Button)}</a></p>\n"
                )
                .Append(
                    $"<p style=\"margin:0 0 16px;font-size:13px;word-break:break-all\">{Encode(Link)}</p>\n"
                );
        }
        if (Words.Contact.Length > 0)
        {
            html.Append(
                $"<p style=\"margin:24px 0 0;padding-top:16px;border-top:1px solid #d5dcda;font-size:13px\">{Encode(Words.Contact)}</p>\n"
            );
        }
        return html.Append("</div>\n</body>\n</html>\n").ToString();
    }

    private static string Encode(string text) =>
        WebUtility.HtmlEncode(text).ReplaceLineEndings("<br>\n");

    private static string OneLine(string text) =>
        new([.. text.Select(c => char.IsControl(c) ? ' ' : c)]);
}
