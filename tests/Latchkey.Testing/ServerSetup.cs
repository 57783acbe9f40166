namespace Latchkey.Testing;

/// <summary>The two database engines every test of storage runs on.</summary>
public enum Engine
{
    Sqlite,
    PostgreSql,
}

/// <summary>How a <see cref="ServerProcess"/> is started.</summary>
public sealed record ServerSetup
{
    /// <summary>Chosen beforehand where others must know the address before the server runs.</summary>
    public int Port { get; init; } = Ports.Free();

    /// <summary>The host of its public address. Passkeys are bound to a name, which an IP address is not: they need <c>localhost</c>.</summary>
    public string Host { get; init; } = "127.0.0.1";

    public Engine Engine { get; init; } = Engine.Sqlite;

    /// <summary>The text of <c>LATCHKEY_BOOTSTRAP_FILE</c>; null starts an empty installation.</summary>
    public string? Bootstrap { get; init; }

    /// <summary>Files that the bootstrap refers to, by name relative to it.</summary>
    public IReadOnlyDictionary<string, string> Files { get; init; } =
        new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Further environment variables.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } =
        new Dictionary<string, string>(StringComparer.Ordinal);
}
