using System.Globalization;
using Latchkey.Server.Settings;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Latchkey.Server.Storage;

/// <summary>Where the database is, from <c>LATCHKEY_DATABASE</c>: the path of a SQLite file or a <c>postgres://</c> address.</summary>
internal sealed record DatabaseAddress
{
    private DatabaseAddress(StorageEngine engine, string connectionString, string shown)
    {
        Engine = engine;
        ConnectionString = connectionString;
        Shown = shown;
    }

    public StorageEngine Engine { get; }

    public string ConnectionString { get; }

    /// <summary>The address without its password, for messages.</summary>
    public string Shown { get; }

    /// <summary>The SQLite file; null on PostgreSQL.</summary>
    public string? SqliteFile => Engine == StorageEngine.Sqlite ? Shown : null;

    public override string ToString() => Shown;

    /// <summary>Reads the setting's value; a relative path counts from <paramref name="folder"/>.</summary>
    public static DatabaseAddress Parse(string value, string folder)
    {
        if (
            value.StartsWith("postgres://", StringComparison.OrdinalIgnoreCase)
            || value.StartsWith("postgresql://", StringComparison.OrdinalIgnoreCase)
        )
        {
            return ParsePostgres(value);
        }
        if (
            value.Contains("://", StringComparison.Ordinal)
            || value.Contains('=', StringComparison.Ordinal)
        )
        {
            throw Refused("is neither a file path nor an address that begins with postgres://");
        }
        return ForFile(Path.GetFullPath(value, Path.GetFullPath(folder)));
    }

    public static DatabaseAddress ForFile(string path) =>
        new(
            StorageEngine.Sqlite,
            new SqliteConnectionStringBuilder
            {
                DataSource = path,
                ForeignKeys = true,
                // How long a command waits for another writer.
                DefaultTimeout = 30,
            }.ToString(),
            path
        );

    private static DatabaseAddress ParsePostgres(string value)
    {
        if (!Uri.TryCreate(value, UriKind.Absolute, out var uri))
        {
            throw Refused("is not a complete address");
        }
        var name = Uri.UnescapeDataString(uri.AbsolutePath.TrimStart('/'));
        if (name.Length == 0 || name.Contains('/', StringComparison.Ordinal))
        {
            throw Refused("names no database after the host");
        }
        var settings = new NpgsqlConnectionStringBuilder
        {
            Host = uri.Host.Length == 0 ? "localhost" : uri.Host.Trim('[', ']'),
            Port = uri.IsDefaultPort || uri.Port < 0 ? 5432 : uri.Port,
            Database = name,
            ApplicationName = "Latchkey",
            // The statements of a sign-in are few and always the same: the server plans each once.
            MaxAutoPrepare = 64,
            AutoPrepareMinUsages = 2,
        };
        var user = uri.UserInfo.Split(':', 2);
        if (user[0].Length > 0)
        {
            settings.Username = Uri.UnescapeDataString(user[0]);
        }
        if (user.Length == 2)
        {
            settings.Password = Uri.UnescapeDataString(user[1]);
        }
        foreach (var (key, text) in Query(uri))
        {
            Apply(settings, key, text);
        }
        var shown = string.Create(
            CultureInfo.InvariantCulture,
            $"postgres://{settings.Host}:{settings.Port}/{name}"
        );
        return new(StorageEngine.PostgreSql, settings.ConnectionString, shown);
    }

    private static IEnumerable<(string Key, string Value)> Query(Uri uri) =>
        uri
            .Query.TrimStart('?')
            .Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('=', 2))
            .Select(pair =>
                (
                    Uri.UnescapeDataString(pair[0]),
                    Uri.UnescapeDataString(pair.ElementAtOrDefault(1) ?? "")
                )
            );

    /// <summary>libpq's names are what people copy from their provider; everything else is taken by Npgsql's.</summary>
    private static void Apply(NpgsqlConnectionStringBuilder settings, string key, string value)
    {
        try
        {
            switch (key)
            {
                // A folder: the server's unix socket.
                case "host":
                    settings.Host = value;
                    break;
                case "sslmode":
                    settings.SslMode = Enum.Parse<SslMode>(
                        value.Replace("-", "", StringComparison.Ordinal),
                        ignoreCase: true
                    );
                    break;
                case "sslrootcert":
                    settings.RootCertificate = value;
                    break;
                case "connect_timeout":
                    settings.Timeout = int.Parse(value, CultureInfo.InvariantCulture);
                    break;
                case "application_name":
                    settings.ApplicationName = value;
                    break;
                default:
                    settings[key] = value;
                    break;
            }
        }
        catch (Exception e)
            when (e
                    is ArgumentException
                        or FormatException
                        or OverflowException
                        or InvalidCastException
            )
        {
            throw Refused(
                $"has a parameter '{key}' with a value that PostgreSQL's driver does not know"
            );
        }
    }

    // The value itself is not repeated: it may hold a password.
    private static StartRefusedException Refused(string what) =>
        new(
            $"LATCHKEY_DATABASE {what}; expected a file path such as ./data/latchkey.db, or postgres://user:password@host:5432/database."
        );
}
