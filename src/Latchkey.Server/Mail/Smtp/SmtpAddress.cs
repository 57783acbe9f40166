using System.Globalization;
using System.Net;

namespace Latchkey.Server.Mail.Smtp;

/// <summary>How the connection to a mail server is kept from being read.</summary>
internal enum SmtpSecurity
{
    /// <summary>TLS from the first byte (RFC 8314 section 3.3), usually on port 465.</summary>
    Tls,

    /// <summary>STARTTLS (RFC 3207), and nothing is sent if the server does not offer it.</summary>
    StartTls,

    /// <summary>In the clear: for a relay on this machine or in a closed network.</summary>
    None,
}

/// <summary>A mail server and how to get in: <c>smtp://user:password@host:587</c>, <c>smtps://host</c>, <c>smtp://host:25?tls=off</c>.</summary>
internal sealed record SmtpAddress(
    string Host,
    int Port,
    SmtpSecurity Security,
    string? Username = null,
    string? Password = null
)
{
    public const string Expected =
        "smtp://user:password@host:587 (STARTTLS), smtps://user:password@host:465 (TLS from the start), or smtp://host:25?tls=off for a relay without TLS";

    /// <summary>The server without its password, for pages and messages.</summary>
    public string Shown => string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");

    /// <summary>Whether what is sent stays on this machine.</summary>
    public bool IsLoopback =>
        Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(Host, out var address) && IPAddress.IsLoopback(address));

    // A record would print its password.
    public override string ToString() => Shown;

    /// <summary>Reads an address; null if it is none. The text may hold a password: it is in no message.</summary>
    public static SmtpAddress? Parse(string text)
    {
        if (
            !Uri.TryCreate(text, UriKind.Absolute, out var uri)
            || uri.Scheme is not ("smtp" or "smtps")
            || uri.Host.Length == 0
            || uri.AbsolutePath.Trim('/').Length > 0
            || uri.Fragment.Length > 0
        )
        {
            return null;
        }
        SmtpSecurity? security = (uri.Scheme, uri.Query) switch
        {
            ("smtps", "") => SmtpSecurity.Tls,
            ("smtp", "") => SmtpSecurity.StartTls,
            ("smtp", "?tls=off") => SmtpSecurity.None,
            _ => null,
        };
        if (security is not { } known)
        {
            return null;
        }
        var user = uri.UserInfo.Split(':', 2);
        if (user[0].Length > 0 && user.Length == 1)
        {
            return null;
        }
        return new SmtpAddress(
            uri.Host.Trim('[', ']'),
            uri.Port > 0 && !uri.IsDefaultPort ? uri.Port : DefaultPort(known),
            known,
            user[0].Length == 0 ? null : Uri.UnescapeDataString(user[0]),
            user.Length < 2 ? null : Uri.UnescapeDataString(user[1])
        );
    }

    public static int DefaultPort(SmtpSecurity security) =>
        security switch
        {
            SmtpSecurity.Tls => 465,
            SmtpSecurity.StartTls => 587,
            _ => 25,
        };
}
