using System.Buffers.Text;
using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using Latchkey.Testing;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Latchkey.Bench.Scale;

/// <summary>Somebody of the crowd who is signed in.</summary>
/// <param name="Cookie">As a browser sends it.</param>
internal sealed record CrowdSession(string Username, string Cookie);

/// <summary>Signs people of the crowd in without their passwords, by rows like the one session there, and lets them in to the application by one more group.</summary>
internal static class SignedInCrowd
{
    /// <param name="engine">Where.</param>
    /// <param name="storage">An Npgsql connection string or a SQLite file path.</param>
    /// <param name="crowd">How many there are.</param>
    /// <param name="count">How many sign in, evenly spread.</param>
    public static async Task<IReadOnlyList<CrowdSession>> AddAsync(
        Engine engine,
        string storage,
        int crowd,
        int count
    )
    {
        await using DbConnection connection =
            engine == Engine.Sqlite
                ? new SqliteConnection($"Data Source={storage};Pooling=False")
                : new NpgsqlConnection(storage);
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var sessions = new List<CrowdSession>(count);
        for (var number = 0; number < count; number++)
        {
            var user = (long)number * crowd / count;
            var secret = RandomNumberGenerator.GetBytes(32);
            var username = string.Create(CultureInfo.InvariantCulture, $"crowd{user}");
            await using var command = connection.CreateCommand();
            command.CommandText = Statement(engine);
            Add(command, "hash", SHA256.HashData(secret));
            Add(command, "username", username.ToUpperInvariant());
            await command.ExecuteNonQueryAsync();
            sessions.Add(new(username, $"latchkey={Base64Url.EncodeToString(secret)}"));
        }
        await transaction.CommitAsync();
        return sessions;
    }

    private static string Statement(Engine engine)
    {
        var (id, now, end) =
            engine == Engine.Sqlite
                ? (
                    "printf('%s-7000-8000-', substr(u.id, 1, 13)) || hex(randomblob(6))",
                    "CAST(unixepoch('subsec') * 1000000 AS INTEGER)",
                    "CAST(unixepoch('subsec') * 1000000 AS INTEGER) + 86400000000"
                )
                : ("gen_random_uuid()", "now()", "now() + interval '1 day'");
        return $"""
            INSERT INTO sessions (id, token_hash, user_id, security_stamp, authn_instant, methods, created_at, expires_at, last_seen_at, idle_seconds)
                SELECT {id}, @hash, u.id, u.security_stamp, {now}, 'pwd', {now}, {end}, {now}, 86400
                FROM users u WHERE u.normalized_username = @username;
            INSERT INTO group_members (group_id, user_id, added_at, by_hand, by_rule)
                SELECT g.id, u.id, g.created_at, true, false
                FROM users u CROSS JOIN groups g
                WHERE u.normalized_username = @username AND g.normalized_name = 'EVERYBODY';
            """;
    }

    private static void Add(DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = (name, value);
        command.Parameters.Add(parameter);
    }
}
