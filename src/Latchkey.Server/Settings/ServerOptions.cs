using System.Net;
using Latchkey.Server.Mail;
using Latchkey.Server.Storage;

namespace Latchkey.Server.Settings;

/// <summary>How this server was started: everything that comes from the environment. Read once, never changed.</summary>
internal sealed record ServerOptions
{
    /// <summary>The address users and service providers know; the only source of entity IDs and endpoints.</summary>
    public required Uri PublicUrl { get; init; }

    /// <summary>Where to listen, as Kestrel's address.</summary>
    public required string Listen { get; init; }

    public required DatabaseAddress Database { get; init; }

    /// <summary>The folder for what is not in the database: the SQLite file, its key file, the setup code.</summary>
    public required string DataFolder { get; init; }

    /// <summary>The key from the environment or a file; null if it is to be made beside the SQLite file.</summary>
    public byte[]? MasterKey { get; init; }

    /// <summary>Reverse proxies whose X-Forwarded-For and X-Forwarded-Proto count.</summary>
    public IReadOnlyList<IPNetwork> TrustedProxies { get; init; } = [];

    /// <summary>A declarative set-up applied at each start.</summary>
    public string? BootstrapFile { get; init; }

    /// <summary>How mail leaves, as far as the environment says it.</summary>
    public MailEnvironment Mail { get; init; } = new();

    /// <summary>A folder with connectors of the administrator's own; null for none.</summary>
    public string? ConnectorsFolder { get; init; }

    /// <summary>Whether an empty database gets the demo organisation.</summary>
    public bool Demo { get; init; }

    /// <summary>The sample application's address, connected in the demo organisation.</summary>
    public Uri? DemoApplication { get; init; }

    public bool IsHttps => PublicUrl.Scheme == Uri.UriSchemeHttps;

    /// <summary>The absolute address of one of our own paths, without a slash at the end of the host.</summary>
    public string Address(string path)
    {
        if (path.Length > 0 && path[0] != '/')
        {
            throw new ArgumentException("A path begins with a slash.", nameof(path));
        }
        return PublicUrl.AbsoluteUri.TrimEnd('/') + path;
    }
}
