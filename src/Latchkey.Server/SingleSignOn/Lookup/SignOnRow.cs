using System.Text.Json;
using Latchkey.Server.SignIn;
using Latchkey.Server.Storage;

namespace Latchkey.Server.SingleSignOn.Lookup;

/// <summary>What one query finds for a sign-in, as it is stored. It judges nothing.</summary>
/// <param name="Current">The session of that secret with its user, alive or not; null if there is none.</param>
/// <param name="Access">What grants the application to that user.</param>
internal sealed record SignOnRow(
    Guid ApplicationId,
    long ApplicationVersion,
    CurrentSession? Current,
    GrantedAccess Access
)
{
    /// <summary>
    /// The query. On SQLite the first parameter is the application's slug and the second the hash of the session's secret. On PostgreSQL they are arrays with one
    /// entry for each sign-in, and the first column says which of them, counted from 1. At most one row for each: both are unique.
    /// </summary>
    public static string Query(StorageEngine engine) =>
        engine == StorageEngine.Sqlite
            ? $"""
                SELECT {Columns("json_group_array")}
                FROM applications a
                LEFT JOIN sessions s ON s.token_hash = ?2
                LEFT JOIN users u ON u.id = s.user_id
                WHERE a.slug = ?1 AND a.kind = 'Saml'
                """
            : $"""
                SELECT asked.number, {Columns("json_agg")}
                FROM unnest($1::text[], $2::bytea[]) WITH ORDINALITY AS asked(slug, hash, number)
                JOIN applications a ON a.slug = asked.slug AND a.kind = 'Saml'
                LEFT JOIN sessions s ON s.token_hash = asked.hash
                LEFT JOIN users u ON u.id = s.user_id
                """;

    private static string Columns(string names) =>
        $"""
            a.id, a.version,
            CAST((
                SELECT {names}(g.name)
                FROM application_groups granted
                JOIN group_members m ON m.group_id = granted.group_id AND m.user_id = s.user_id
                JOIN groups g ON g.id = granted.group_id
                WHERE granted.application_id = a.id
            ) AS TEXT),
            EXISTS (
                SELECT 1 FROM application_users single
                WHERE single.application_id = a.id AND single.user_id = s.user_id
            ),
            {SessionColumns.List("s.")},
            {UserColumns.List("u.")}
            """;

    /// <summary>Reads the columns in their order.</summary>
    public static SignOnRow Read(ref StoredRow row, byte[] hash)
    {
        var (id, version) = (row.Id(), row.Long());
        var (groups, individually) = (Names(row.TextOrNull()), row.Flag());
        CurrentSession? current = null;
        if (!row.IsNull)
        {
            var session = SessionColumns.Read(ref row, hash);
            current = new(session, UserColumns.Read(ref row));
        }
        return new(id, version, current, new(groups, individually));
    }

    private static string[] Names(string? json)
    {
        if (json is null or "[]")
            return [];
        var names = JsonSerializer.Deserialize<string[]>(json)!;
        Array.Sort(names, StringComparer.Ordinal);
        return names;
    }
}
