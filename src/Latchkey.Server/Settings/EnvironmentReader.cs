using System.Globalization;
using System.Net;
using System.Net.Mail;
using Latchkey.Server.Mail;
using Latchkey.Server.Mail.Smtp;
using Latchkey.Server.Storage;

namespace Latchkey.Server.Settings;

/// <summary>Makes <see cref="ServerOptions"/> of the LATCHKEY_* variables. What is wrong stops the start with a sentence that names it.</summary>
internal sealed class EnvironmentReader
{
    private const string Prefix = "LATCHKEY_";

    private static readonly string[] Names =
    [
        "LATCHKEY_PUBLIC_URL",
        "LATCHKEY_LISTEN",
        "LATCHKEY_DATABASE",
        "LATCHKEY_DATA",
        "LATCHKEY_MASTER_KEY",
        "LATCHKEY_TRUSTED_PROXIES",
        "LATCHKEY_BOOTSTRAP_FILE",
        "LATCHKEY_SMTP",
        "LATCHKEY_MAIL_FROM",
        "LATCHKEY_MAIL_FOLDER",
        "LATCHKEY_CONNECTORS",
        "LATCHKEY_DEMO",
        "LATCHKEY_DEMO_APPLICATION",
    ];

    /// <summary>These may hold a secret, so the value can come from a file: the name with _FILE.</summary>
    private static readonly string[] Secrets =
    [
        "LATCHKEY_DATABASE",
        "LATCHKEY_MASTER_KEY",
        "LATCHKEY_SMTP",
    ];

    private readonly Dictionary<string, string> _values;

    private EnvironmentReader(IEnumerable<KeyValuePair<string, string>> variables) =>
        _values = variables
            .Where(v =>
                v.Key.StartsWith(Prefix, StringComparison.Ordinal)
                // Variables of the test suites, which the servers they start inherit.
                && !v.Key.StartsWith("LATCHKEY_TEST_", StringComparison.Ordinal)
                && v.Value.Length > 0
            )
            .ToDictionary(v => v.Key, v => v.Value);

    public static ServerOptions Read(IEnumerable<KeyValuePair<string, string>> variables) =>
        new EnvironmentReader(variables).Read();

    public static IEnumerable<KeyValuePair<string, string>> ProcessVariables() =>
        Environment
            .GetEnvironmentVariables()
            .Cast<System.Collections.DictionaryEntry>()
            .Select(v => new KeyValuePair<string, string>((string)v.Key, (string?)v.Value ?? ""));

    private ServerOptions Read()
    {
        RefuseUnknownNames();
        var publicUrl = PublicUrl();
        var folder = Path.GetFullPath(Text("LATCHKEY_DATA") ?? "data");
        return new ServerOptions
        {
            PublicUrl = publicUrl,
            Listen = Listen(publicUrl),
            DataFolder = folder,
            Database = Text("LATCHKEY_DATABASE") is { } address
                ? DatabaseAddress.Parse(address, ".")
                : DatabaseAddress.ForFile(Path.Combine(folder, "latchkey.db")),
            MasterKey = MasterKey(),
            TrustedProxies = TrustedProxies(),
            BootstrapFile = BootstrapFile(),
            Mail = Mail(),
            ConnectorsFolder = ConnectorsFolder(),
            Demo = Flag("LATCHKEY_DEMO"),
            DemoApplication = DemoApplication(),
        };
    }

    private void RefuseUnknownNames()
    {
        var known = Names.Concat(Secrets.Select(s => s + "_FILE")).ToArray();
        foreach (var name in _values.Keys.Except(known).Order(StringComparer.Ordinal))
        {
            var nearest = known.MinBy(k => EditDistance.Between(k, name))!;
            throw new StartRefusedException(
                $"{name} is not a setting of Latchkey; did you mean {nearest}?"
            );
        }
    }

    private string? Text(string name)
    {
        var value = _values.GetValueOrDefault(name);
        if (!Secrets.Contains(name) || _values.GetValueOrDefault(name + "_FILE") is not { } file)
        {
            return value;
        }
        if (value is not null)
        {
            throw new StartRefusedException(
                $"{name} and {name}_FILE are both set; set one of them."
            );
        }
        try
        {
            return File.ReadAllText(file).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartRefusedException(
                $"{name}_FILE names the file '{file}', which cannot be read: {e.Message.TrimEnd('.')}.",
                e
            );
        }
    }

    private Uri PublicUrl()
    {
        var value = Text("LATCHKEY_PUBLIC_URL") ?? "http://127.0.0.1:8080";
        if (
            !Uri.TryCreate(value, UriKind.Absolute, out var url)
            || (url.Scheme != Uri.UriSchemeHttps && url.Scheme != Uri.UriSchemeHttp)
            || url.PathAndQuery != "/"
            || url.Fragment.Length > 0
            || url.UserInfo.Length > 0
        )
        {
            throw new StartRefusedException(
                $"LATCHKEY_PUBLIC_URL is '{value}'; expected the address users open, a scheme and host with nothing after it, such as https://id.example.com."
            );
        }
        if (url.Scheme == Uri.UriSchemeHttp && !url.IsLoopback)
        {
            throw new StartRefusedException(
                $"LATCHKEY_PUBLIC_URL is '{value}'; expected https, because passwords would travel in the clear (http is taken for this machine's own addresses only)."
            );
        }
        return url;
    }

    private string Listen(Uri publicUrl)
    {
        if (Text("LATCHKEY_LISTEN") is not { } value)
        {
            // Behind a proxy the public port is the proxy's; ours is then 8080.
            var port = publicUrl.Scheme == Uri.UriSchemeHttp ? publicUrl.Port : 8080;
            return string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");
        }
        var text = value.StartsWith("http://", StringComparison.Ordinal)
            ? value["http://".Length..]
            : value;
        if (
            !IPEndPoint.TryParse(text, out var endpoint)
            || !text.Contains(':', StringComparison.Ordinal)
        )
        {
            throw new StartRefusedException(
                $"LATCHKEY_LISTEN is '{value}'; expected an IP address and a port, such as 127.0.0.1:8080 or 0.0.0.0:8080."
            );
        }
        return $"http://{endpoint}";
    }

    private byte[]? MasterKey()
    {
        if (Text("LATCHKEY_MASTER_KEY") is not { } value)
        {
            return null;
        }
        // Whether by value or by file: the name that was set is the one to correct.
        var name = _values.ContainsKey("LATCHKEY_MASTER_KEY")
            ? "LATCHKEY_MASTER_KEY"
            : "LATCHKEY_MASTER_KEY_FILE";
        return Keys.MasterKey.Parse(value)
            ?? throw new StartRefusedException(
                $"{name} holds no master key; expected 32 random bytes in base64, as `openssl rand -base64 32` prints them."
            );
    }

    private List<IPNetwork> TrustedProxies()
    {
        var networks = new List<IPNetwork>();
        foreach (
            var part in (Text("LATCHKEY_TRUSTED_PROXIES") ?? "").Split(
                [',', ' '],
                StringSplitOptions.RemoveEmptyEntries
            )
        )
        {
            if (IPAddress.TryParse(part, out var address))
            {
                networks.Add(new IPNetwork(address, address.GetAddressBytes().Length * 8));
            }
            else if (IPNetwork.TryParse(part, out var network))
            {
                networks.Add(network);
            }
            else
            {
                throw new StartRefusedException(
                    $"LATCHKEY_TRUSTED_PROXIES has '{part}'; expected IP addresses or networks separated by commas, such as 10.0.0.5, 10.1.0.0/16."
                );
            }
        }
        return networks;
    }

    private string? BootstrapFile()
    {
        if (Text("LATCHKEY_BOOTSTRAP_FILE") is not { } value)
        {
            return null;
        }
        var path = Path.GetFullPath(value);
        return File.Exists(path)
            ? path
            : throw new StartRefusedException(
                $"LATCHKEY_BOOTSTRAP_FILE names the file '{value}', which does not exist."
            );
    }

    private MailEnvironment Mail() =>
        new()
        {
            Smtp = Text("LATCHKEY_SMTP") is { } smtp
                ? SmtpAddress.Parse(smtp)
                    // The value itself is not repeated: it may hold a password.
                    ?? throw new StartRefusedException(
                        $"LATCHKEY_SMTP is no address of a mail server; expected {SmtpAddress.Expected}."
                    )
                : null,
            Folder = Text("LATCHKEY_MAIL_FOLDER") is { } folder ? Path.GetFullPath(folder) : null,
            From = Text("LATCHKEY_MAIL_FROM") is { } from
                ? MailAddress.TryCreate(from, out var sender)
                && MailRecipients.Deliverable(sender.Address) is not null
                    ? sender
                    : throw new StartRefusedException(
                        $"LATCHKEY_MAIL_FROM is '{from}'; expected an address, with a name or without, such as Example Sign-in <no-reply@example.com>."
                    )
                : null,
        };

    private string? ConnectorsFolder()
    {
        if (Text("LATCHKEY_CONNECTORS") is not { } value)
        {
            return null;
        }
        var path = Path.GetFullPath(value);
        return System.IO.Directory.Exists(path)
            ? path
            : throw new StartRefusedException(
                $"LATCHKEY_CONNECTORS names the folder '{value}', which does not exist."
            );
    }

    private Uri? DemoApplication()
    {
        if (Text("LATCHKEY_DEMO_APPLICATION") is not { } value)
        {
            return null;
        }
        return
            Uri.TryCreate(value, UriKind.Absolute, out var url)
            && (
                url.Scheme == Uri.UriSchemeHttps
                || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback)
            )
            && url.PathAndQuery == "/"
            ? url
            : throw new StartRefusedException(
                $"LATCHKEY_DEMO_APPLICATION is '{value}'; expected the sample application's address, such as http://127.0.0.1:8081."
            );
    }

    private bool Flag(string name) =>
        Text(name) switch
        {
            null or "0" or "false" => false,
            "1" or "true" => true,
            var other => throw new StartRefusedException($"{name} is '{other}'; expected 1 or 0."),
        };
}
