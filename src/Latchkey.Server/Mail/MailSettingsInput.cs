using System.Globalization;
using System.Net.Mail;
using Latchkey.Server.Mail.Smtp;
using Latchkey.Server.Problems;

namespace Latchkey.Server.Mail;

/// <summary>How mail leaves, as somebody typed it.</summary>
internal sealed class MailSettingsInput
{
    private const int LongestText = 256;

    public string? Host { get; set; }
    public string? Port { get; set; }
    public SmtpSecurity Security { get; set; } = SmtpSecurity.StartTls;
    public string? Username { get; set; }

    /// <summary>Empty keeps the one there is.</summary>
    public string? Password { get; set; }

    public string? From { get; set; }
    public string? FromName { get; set; }

    public static MailSettingsInput Of(MailSettings settings, SavedMail? saved) =>
        new()
        {
            Host = saved?.Host,
            Port = saved?.Host is null ? null : saved.Port.ToString(CultureInfo.InvariantCulture),
            Security = saved?.Security ?? SmtpSecurity.StartTls,
            Username = saved?.Username,
            From = settings.From.Address,
            FromName = settings.From.DisplayName,
        };

    /// <summary>What is to be stored, or what is wrong with it.</summary>
    public SavedMail Read(SavedMail? before, List<Problem> problems)
    {
        var host = Text(Host, "host", problems);
        if (host is not null && Uri.CheckHostName(host) == UriHostNameType.Unknown)
        {
            problems.Add(new Problem("mail-host-invalid", "host"));
        }
        var port = SmtpAddress.DefaultPort(Security);
        if (
            !string.IsNullOrWhiteSpace(Port)
            && (
                !int.TryParse(Port, NumberStyles.None, CultureInfo.InvariantCulture, out port)
                || port is < 1 or > 65535
            )
        )
        {
            problems.Add(new Problem("mail-port-invalid", "port"));
        }
        var username = Text(Username, "username", problems);
        var from = Text(From, "from", problems);
        if (from is not null && MailRecipients.Deliverable(from) is null)
        {
            problems.Add(new Problem("email-invalid", "from"));
        }
        // A password is for whom it was typed: another server must not be told it (it would be a way to read it).
        var same = before?.Host == host && before?.Port == port && before?.Username == username;
        var password = string.IsNullOrEmpty(Password) ? (same ? before?.Password : null) : Password;
        if (username is not null && password is null)
        {
            problems.Add(new Problem("mail-password-missing", "password"));
        }
        if (
            username is not null
            && host is not null
            && Security == SmtpSecurity.None
            && !new SmtpAddress(host, port, Security).IsLoopback
        )
        {
            problems.Add(new Problem("mail-password-in-the-clear", "security"));
        }
        return new SavedMail(
            host,
            port,
            Security,
            username,
            username is null ? null : password,
            from,
            Text(FromName, "from_name", problems)
        );
    }

    private static string? Text(string? text, string where, List<Problem> problems)
    {
        text = text?.Trim();
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }
        if (text.Length > LongestText)
        {
            problems.Add(new Problem("text-too-long", where, LongestText));
        }
        if (text.Any(char.IsControl))
        {
            problems.Add(new Problem("text-unprintable", where));
        }
        return text;
    }
}
