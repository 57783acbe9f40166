using Latchkey.Server.Insights;
using Latchkey.Server.SignIn;
using Latchkey.Server.SingleSignOn;
using Npgsql;
using NpgsqlTypes;

namespace Latchkey.Server.Storage;

/// <summary>
/// Groups of commits on PostgreSQL: one round trip a group. Every column travels as one array, so the statements stay the same whatever
/// the size of the group (the server plans them once), and a batch without an explicit transaction is one.
/// </summary>
internal sealed class PostgresCommitWriter(NpgsqlDataSource source) : ICommitWriter
{
    // What was answered before keeps its commit's other rows out; only PostgreSQL can know it at the moment of writing.
    private static readonly string Sql = $"""
        WITH answered AS (
            INSERT INTO answered_requests ({Names(CommitColumns.AnsweredRequests)})
            SELECT * FROM unnest($1::uuid[], $2::text[], $3::timestamptz[])
            ON CONFLICT DO NOTHING
            RETURNING application_id, request_id
        ), joined AS (
            INSERT INTO session_participants ({Names(CommitColumns.SessionParticipants)})
            SELECT {Names(CommitColumns.SessionParticipants, "p.")}
            FROM unnest($4::uuid[], $5::uuid[], $6::uuid[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::text[], $13::timestamptz[], $14::uuid[], $15::text[])
                AS p({Names(
            CommitColumns.SessionParticipants
        )}, answered_application_id, answered_request_id)
            WHERE p.answered_request_id IS NULL
                OR (p.answered_application_id, p.answered_request_id) IN (SELECT application_id, request_id FROM answered)
        ), recorded AS (
            INSERT INTO events ({Names(CommitColumns.Events)})
            SELECT {Names(CommitColumns.Events, "e.")}
            FROM unnest($16::uuid[], $17::timestamptz[], $18::text[], $19::boolean[], $20::text[], $21::text[], $22::uuid[], $23::text[], $24::text[], $25::uuid[], $26::text[], $27::uuid[], $28::text[], $29::text[], $30::text[], $31::uuid[], $32::text[])
                AS e({Names(CommitColumns.Events)}, answered_application_id, answered_request_id)
            WHERE e.answered_request_id IS NULL
                OR (e.answered_application_id, e.answered_request_id) IN (SELECT application_id, request_id FROM answered)
        )
        SELECT application_id, request_id FROM answered
        """;

    public async Task<CommitResult[]> WriteAsync(IReadOnlyList<Commit> commits)
    {
        // The same request twice in one group: the first is the answer.
        var seen = new HashSet<(Guid, string)>();
        var written = commits
            .Where(c => c.Answered is not { } a || seen.Add((a.ApplicationId, a.RequestId)))
            .ToArray();

        await using var command = source.CreateCommand(Sql);
        AddAnswered(
            command,
            [.. written.Where(c => c.Answered is not null).Select(c => c.Answered!)]
        );
        AddParticipants(command, [.. written.Where(c => c.Participant is not null)]);
        AddEvents(command, [.. written.SelectMany(c => c.Events.Select(e => (c.Answered, e)))]);

        var answered = new HashSet<(Guid, string)>();
        await using (var reader = await command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                answered.Add((reader.GetGuid(0), reader.GetString(1)));
            }
        }
        var results = new CommitResult[commits.Count];
        for (var i = 0; i < results.Length; i++)
        {
            // Removing it makes a second commit for the same request a repetition.
            results[i] =
                commits[i].Answered is { } a && !answered.Remove((a.ApplicationId, a.RequestId))
                    ? CommitResult.Repeated
                    : CommitResult.Written;
        }
        return results;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static void AddAnswered(NpgsqlCommand to, AnsweredRequest[] rows)
    {
        Add(to, NpgsqlDbType.Uuid, rows, r => r.ApplicationId);
        Add(to, NpgsqlDbType.Text, rows, r => r.RequestId);
        Add(to, NpgsqlDbType.TimestampTz, rows, r => r.ExpiresAt.UtcDateTime);
    }

    private static void AddParticipants(NpgsqlCommand to, Commit[] rows)
    {
        void Column<T>(NpgsqlDbType type, Func<SessionParticipant, T> value) =>
            Add(to, type, rows, c => value(c.Participant!));

        Column(NpgsqlDbType.Uuid, p => p.Id);
        Column(NpgsqlDbType.Uuid, p => p.SessionId);
        Column(NpgsqlDbType.Uuid, p => p.ApplicationId);
        Column(NpgsqlDbType.Text, p => p.SpEntityId);
        Column(NpgsqlDbType.Text, p => p.SessionIndex);
        Column(NpgsqlDbType.Text, p => p.NameId);
        Column(NpgsqlDbType.Text, p => p.NameIdFormat);
        Column(NpgsqlDbType.Text, p => p.NameQualifier);
        Column(NpgsqlDbType.Text, p => p.SpNameQualifier);
        Column(NpgsqlDbType.TimestampTz, p => p.CreatedAt.UtcDateTime);
        Add(to, NpgsqlDbType.Uuid, rows, c => c.Answered?.ApplicationId);
        Add(to, NpgsqlDbType.Text, rows, c => c.Answered?.RequestId);
    }

    private static void AddEvents(NpgsqlCommand to, (AnsweredRequest? Answered, Event Event)[] rows)
    {
        void Column<T>(NpgsqlDbType type, Func<Event, T> value) =>
            Add(to, type, rows, r => value(r.Event));

        Column(NpgsqlDbType.Uuid, e => e.Id);
        Column(NpgsqlDbType.TimestampTz, e => e.At.UtcDateTime);
        Column(NpgsqlDbType.Text, e => e.Type);
        Column(NpgsqlDbType.Boolean, e => e.Success);
        Column(NpgsqlDbType.Text, e => e.ReferenceCode);
        Column(NpgsqlDbType.Text, e => e.FindingCode);
        Column(NpgsqlDbType.Uuid, e => e.ActorId);
        Column(NpgsqlDbType.Text, e => e.ActorName);
        Column(NpgsqlDbType.Text, e => e.TargetType);
        Column(NpgsqlDbType.Uuid, e => e.TargetId);
        Column(NpgsqlDbType.Text, e => e.TargetName);
        Column(NpgsqlDbType.Uuid, e => e.ApplicationId);
        Column(NpgsqlDbType.Text, e => e.ClientIp);
        Column(NpgsqlDbType.Text, e => e.UserAgent);
        Column(NpgsqlDbType.Text, e => e.Details);
        Add(to, NpgsqlDbType.Uuid, rows, r => r.Answered?.ApplicationId);
        Add(to, NpgsqlDbType.Text, rows, r => r.Answered?.RequestId);
    }

    private static void Add<TRow, T>(
        NpgsqlCommand to,
        NpgsqlDbType type,
        TRow[] rows,
        Func<TRow, T> value
    ) =>
        to.Parameters.Add(
            new NpgsqlParameter<T[]>
            {
                NpgsqlDbType = NpgsqlDbType.Array | type,
                TypedValue = Array.ConvertAll(rows, row => value(row)),
            }
        );

    private static string Names(CommitColumns table, string prefix = "") =>
        string.Join(", ", table.Columns.Select(c => prefix + c));
}
