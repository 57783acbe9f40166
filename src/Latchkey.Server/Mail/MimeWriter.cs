using System.Globalization;
using System.Net.Mail;
using System.Text;

namespace Latchkey.Server.Mail;

/// <summary>A mail as bytes: RFC 5322 head, RFC 2046 multipart/alternative, RFC 2047 words beyond ASCII. Lines end in CR LF.</summary>
internal static class MimeWriter
{
    /// <summary>RFC 5322 section 2.1.1.</summary>
    private const int LongestLine = 998;

    /// <summary>What an encoded word of 75 characters can hold: 45 bytes in base64.</summary>
    private const int WordBytes = 45;

    /// <param name="mail">What to write.</param>
    /// <param name="eightBit">Whether text beyond ASCII may stand as it is; otherwise it becomes base64.</param>
    public static byte[] Write(OutgoingMail mail, bool eightBit)
    {
        var boundary = "=_" + mail.Id.ToString("N");
        var domain = mail.From.Host;
        var message = new StringBuilder();
        Head("From", Mailbox(mail.From));
        Head("To", $"<{mail.To}>");
        Head("Subject", Words(mail.Subject));
        Head("Date", mail.At.ToString("ddd, dd MMM yyyy HH:mm:ss +0000", English));
        Head("Message-ID", $"<{mail.Id:N}@{domain}>");
        // No "out of office" comes back (RFC 3834).
        Head("Auto-Submitted", "auto-generated");
        Head("MIME-Version", "1.0");
        Head("Content-Type", $"multipart/alternative; boundary=\"{boundary}\"");
        message.Append("\r\n");
        Part("plain", mail.Text);
        Part("html", mail.Html);
        message.Append(CultureInfo.InvariantCulture, $"--{boundary}--\r\n");
        return Encoding.UTF8.GetBytes(message.ToString());

        void Head(string name, string value) =>
            message.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");

        void Part(string type, string text)
        {
            text = Lines(text);
            var (encoding, body) = Encode(text, eightBit);
            message.Append(CultureInfo.InvariantCulture, $"--{boundary}\r\n");
            Head("Content-Type", $"text/{type}; charset=utf-8");
            Head("Content-Transfer-Encoding", encoding);
            message.Append(CultureInfo.InvariantCulture, $"\r\n{body}\r\n");
        }
    }

    private static readonly CultureInfo English = CultureInfo.InvariantCulture;

    private static (string Encoding, string Body) Encode(string text, bool eightBit)
    {
        var tooLong = text.Split("\r\n")
            .Any(line => Encoding.UTF8.GetByteCount(line) > LongestLine);
        if (!tooLong && Ascii.IsValid(text))
        {
            return ("7bit", text);
        }
        return !tooLong && eightBit
            ? ("8bit", text)
            : (
                "base64",
                Convert.ToBase64String(
                    Encoding.UTF8.GetBytes(text),
                    Base64FormattingOptions.InsertLineBreaks
                )
            );
    }

    private static string Lines(string text) =>
        text.ReplaceLineEndings("\n").Replace("\n", "\r\n", StringComparison.Ordinal);

    private static string Mailbox(MailAddress address)
    {
        var name = OneLine(address.DisplayName);
        if (name.Length == 0)
        {
            return $"<{address.Address}>";
        }
        var shown =
            Ascii.IsValid(name) && !name.Contains("=?", StringComparison.Ordinal)
                ? $"\"{name.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\""
                : Words(name);
        return $"{shown} <{address.Address}>";
    }

    /// <summary>Text in the head: as it is if it is ASCII, otherwise as encoded words, each of whole characters.</summary>
    private static string Words(string text)
    {
        text = OneLine(text);
        if (
            Ascii.IsValid(text)
            && text.Length <= LongestLine - 20
            && !text.Contains("=?", StringComparison.Ordinal)
        )
        {
            return text;
        }
        var words = new List<string>();
        var word = new List<byte>();
        foreach (var rune in text.EnumerateRunes())
        {
            if (word.Count + rune.Utf8SequenceLength > WordBytes)
            {
                Close();
            }
            word.AddRange(Encoding.UTF8.GetBytes(rune.ToString()));
        }
        Close();
        return string.Join("\r\n ", words);

        void Close()
        {
            words.Add($"=?utf-8?B?{Convert.ToBase64String(word.ToArray())}?=");
            word.Clear();
        }
    }

    /// <summary>Nobody gets a line of their own into the head.</summary>
    private static string OneLine(string text) =>
        new([.. text.Select(c => char.IsControl(c) ? ' ' : c)]);
}
