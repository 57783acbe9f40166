using System.Net;
using System.Text.RegularExpressions;
using Latchkey.Testing.Browsers;

namespace Latchkey.Testing.ServiceProviders;

/// <summary>An Apache of our own with Debian's mod_auth_mellon in front of one page for each service provider.</summary>
/// <remarks>
/// Keys and metadata come from Debian's <c>mellon_create_metadata</c>. They exist before Apache runs, because the identity
/// provider has to read them first: <see cref="PrepareAsync"/>, then <see cref="StartAsync"/> with its metadata.
/// </remarks>
public sealed partial class Mellon : IAsyncDisposable
{
    private const string Modules = "/usr/lib/apache2/modules";
    private static readonly string[] Needed =
    [
        "mpm_event",
        "authn_core",
        "authz_core",
        "authz_user",
        "dir",
        "env",
        "mime",
        "include",
        "auth_mellon",
    ];

    private readonly TemporaryFolder _folder = new();
    private readonly IReadOnlyList<string> _sites;
    private ChildProcess? _apache;

    private Mellon(int port, IReadOnlyList<string> sites)
    {
        Address = new Uri($"http://localhost:{port}");
        _sites = sites;
    }

    /// <summary>Another host name than the server's 127.0.0.1, so browsers keep their cookies and SameSite rules apart.</summary>
    public Uri Address { get; }

    /// <summary>Apache's error log and output.</summary>
    public string Output =>
        _apache?.Output
        + (
            File.Exists(_folder.File("error.log"))
                ? File.ReadAllText(_folder.File("error.log"))
                : ""
        );

    /// <summary>Makes the keys and the metadata of the sites.</summary>
    public static async Task<Mellon> PrepareAsync(params string[] sites)
    {
        var mellon = new Mellon(Ports.Free(), sites);
        foreach (var site in sites)
        {
            await ChildProcess.RunAsync(
                "/usr/sbin/mellon_create_metadata",
                [mellon.EntityId(site), $"{mellon.Address.AbsoluteUri}{site}/mellon"],
                mellon._folder.Path
            );
        }
        return mellon;
    }

    public string EntityId(string site) => $"{Address.AbsoluteUri}{site}";

    /// <summary>A site's metadata as <c>mellon_create_metadata</c> wrote it.</summary>
    public string Metadata(string site) => File.ReadAllText(KeyFile(site, "xml"));

    /// <summary>The page that only those who signed in may read.</summary>
    public string PageAddress(string site) => $"{Address.AbsoluteUri}{site}/page.shtml";

    /// <summary>Where a browser signs out there and everywhere, to come back to an open page.</summary>
    public string LogoutAddress(string site) =>
        $"{Address.AbsoluteUri}{site}/mellon/logout?ReturnTo={Uri.EscapeDataString(OpenPage)}";

    /// <summary>A page that anybody may read.</summary>
    public string OpenPage => $"{Address.AbsoluteUri}open.html";

    /// <summary>Its single logout service, for both bindings.</summary>
    public string SingleLogoutAddress(string site) => $"{Address.AbsoluteUri}{site}/mellon/logout";

    /// <summary>Whether the page that only those who signed in may read is shown in this browser without a redirect.</summary>
    public async Task<bool> IsSignedInAsync(Visit visit, string site)
    {
        var answer = await visit.Context.APIRequest.GetAsync(
            PageAddress(site),
            new() { MaxRedirects = 0 }
        );
        return answer.Status == 200;
    }

    /// <summary>Starts Apache with the identity provider's metadata for each site.</summary>
    public async Task StartAsync(IReadOnlyDictionary<string, string> identityProviders)
    {
        foreach (var site in _sites)
        {
            _folder.Write($"{site}-idp.xml", identityProviders[site]);
            // The whole environment of the request, MELLON_* among it, escaped for HTML by Apache.
            _folder.Write(
                $"www/{site}/page.shtml",
                "<!doctype html><title>in</title><pre id=\"result\"><!--#printenv --></pre>"
            );
        }
        _folder.Write("www/open.html", "<!doctype html><title>open</title><p>open</p>");
        await OpenToApacheAsync();
        var file = _folder.Write("apache.conf", Configuration());
        _apache = ChildProcess.Start(
            "/usr/sbin/apache2",
            ["-f", file, "-D", "FOREGROUND"],
            _folder.Path
        );
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        await Wait.UntilAsync(
            async () =>
            {
                if (_apache.HasExited)
                    throw new InvalidOperationException("Apache ended:\n" + Output);
                try
                {
                    using var answer = await client.GetAsync(Address);
                    return answer.StatusCode != HttpStatusCode.ServiceUnavailable;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            () => "Apache does not listen:\n" + Output
        );
    }

    /// <summary>What mellon tells the page about the user, by name; waits until the browser is there.</summary>
    public async Task<IReadOnlyDictionary<string, string>> ResultAsync(Visit visit, string site)
    {
        await visit.Page.WaitForURLAsync(PageAddress(site) + "*");
        var text = await visit.Page.Locator("#result").TextContentAsync();
        return MellonVariable()
            .Matches(text!)
            .ToDictionary(
                line => line.Groups["name"].Value,
                // mellon takes values as they stand in the XML, so &, < and > arrive escaped.
                line => WebUtility.HtmlDecode(line.Groups["value"].Value),
                StringComparer.Ordinal
            );
    }

    public async ValueTask DisposeAsync()
    {
        if (_apache is not null)
        {
            await _apache.StopAsync();
            await _apache.DisposeAsync();
        }
        _folder.Dispose();
    }

    // mellon_create_metadata's rule for file names.
    private string KeyFile(string site, string extension) =>
        _folder.File(
            RepeatedUnderscore().Replace(NotInFileName().Replace(EntityId(site), "_"), "_")
                + "."
                + extension
        );

    /// <summary>Started by root, Apache serves as www-data, which then has to read the keys.</summary>
    private async Task OpenToApacheAsync()
    {
        if (Environment.IsPrivilegedProcess)
            await ChildProcess.RunAsync("chown", ["-R", "www-data", _folder.Path], "/");
    }

    private string Configuration() =>
        $"""
            ServerRoot "{_folder.Path}"
            ServerName localhost:{Address.Port}
            Listen 127.0.0.1:{Address.Port}
            PidFile "{_folder.File("apache.pid")}"
            ErrorLog "{_folder.File("error.log")}"
            LogLevel warn auth_mellon:info
            Mutex file:{_folder.Path} default
            StartServers 1
            {(Environment.IsPrivilegedProcess ? "User www-data\nGroup www-data" : "")}
            {string.Join(
                '\n',
                Needed.Where(name => File.Exists($"{Modules}/mod_{name}.so")).Select(name =>
                    $"LoadModule {name}_module {Modules}/mod_{name}.so"
                )
            )}
            TypesConfig /dev/null
            AddType text/html .shtml
            AddOutputFilter INCLUDES .shtml
            AddDefaultCharset utf-8
            DocumentRoot "{_folder.File("www")}"
            MellonLockFile "{_folder.File("mellon.lock")}"
            MellonPostDirectory "{_folder.File("posts")}"
            <Directory "{_folder.File("www")}">
              Options +Includes
              Require all granted
            </Directory>
            {string.Join('\n', _sites.Select(Location))}
            """;

    private string Location(string site) =>
        $"""
            <Location "/{site}/">
              AuthType Mellon
              MellonEnable auth
              Require valid-user
              MellonEndpointPath /{site}/mellon
              MellonIdP IDP
              MellonVariable mellon-{site}
              # The Response comes from another site, so the cookie is SameSite=None, which browsers keep only if it is Secure;
              # on localhost they do so without TLS.
              MellonSecureCookie On
              # The Response as it came, beside what mellon made of it.
              MellonSamlResponseDump On
              MellonSPPrivateKeyFile "{KeyFile(site, "key")}"
              MellonSPCertFile "{KeyFile(site, "cert")}"
              MellonSPMetadataFile "{KeyFile(site, "xml")}"
              MellonIdPMetadataFile "{_folder.File($"{site}-idp.xml")}"
            </Location>
            """;

    [GeneratedRegex(
        @"^MELLON_(?<name>\S+?)=(?<value>.*)$",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex MellonVariable();

    [GeneratedRegex("[^0-9A-Za-z.]", RegexOptions.None, 1000)]
    private static partial Regex NotInFileName();

    [GeneratedRegex("_+", RegexOptions.None, 1000)]
    private static partial Regex RepeatedUnderscore();
}
