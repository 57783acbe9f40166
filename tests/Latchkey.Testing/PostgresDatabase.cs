using Npgsql;

namespace Latchkey.Testing;

/// <summary>A database of its own in the cluster that <c>test.sh</c> started; dropped at the end.</summary>
public sealed class PostgresDatabase : IAsyncDisposable
{
    private readonly Uri _cluster;
    private readonly string _name;

    private PostgresDatabase(Uri cluster, string name)
    {
        _cluster = cluster;
        _name = name;
    }

    /// <summary>A <c>postgres://</c> address as <c>LATCHKEY_DATABASE</c> takes it.</summary>
    public string Address =>
        new UriBuilder(_cluster) { Path = _name }
            .Uri
            .AbsoluteUri;

    /// <summary>The same for Npgsql.</summary>
    public string ConnectionString => ConnectionStringFor(_name);

    /// <summary>Creates one.</summary>
    /// <param name="copyOf">The database it begins as, to which nothing may be connected; null for an empty one.</param>
    public static async Task<PostgresDatabase> CreateAsync(PostgresDatabase? copyOf = null)
    {
        var address =
            Environment.GetEnvironmentVariable("LATCHKEY_TEST_POSTGRES")
            ?? throw new InvalidOperationException(
                "LATCHKEY_TEST_POSTGRES is not set. Run the tests through ./test.sh, or start a cluster with build/postgres.sh."
            );
        var database = new PostgresDatabase(new Uri(address), "t" + Guid.NewGuid().ToString("N"));
        await database.OnClusterAsync(
            $"create database {database._name}"
                + (copyOf is null ? "" : $" template {copyOf._name}")
        );
        return database;
    }

    public async ValueTask DisposeAsync() =>
        await OnClusterAsync($"drop database if exists {_name} with (force)");

    private async Task OnClusterAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(
            ConnectionStringFor(_cluster.AbsolutePath.Trim('/'))
        );
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        // The only variable parts are names made above of hexadecimal digits.
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    private string ConnectionStringFor(string database)
    {
        var credentials = _cluster.UserInfo.Split(':', 2);
        return new NpgsqlConnectionStringBuilder
        {
            Host = _cluster.Host,
            Port = _cluster.Port > 0 ? _cluster.Port : 5432,
            Username = Uri.UnescapeDataString(credentials[0]),
            Password = credentials.Length > 1 ? Uri.UnescapeDataString(credentials[1]) : null,
            Database = database,
            Pooling = false,
        }.ConnectionString;
    }
}
