using Latchkey.Server.Insights;
using Latchkey.Server.SignIn;
using Latchkey.Server.SingleSignOn;
using Microsoft.Data.Sqlite;

namespace Latchkey.Server.Storage;

/// <summary>Groups of commits on SQLite: one connection that stays open, prepared statements, one transaction a group. A statement costs microseconds, the flush at the end milliseconds.</summary>
internal sealed class SqliteCommitWriter(DatabaseAddress address) : ICommitWriter
{
    private Statements? _statements;

    public Task<CommitResult[]> WriteAsync(IReadOnlyList<Commit> commits)
    {
        _statements ??= new Statements(address.ConnectionString);
        var results = new CommitResult[commits.Count];
        try
        {
            using var transaction = _statements.Connection.BeginTransaction(deferred: false);
            for (var i = 0; i < commits.Count; i++)
            {
                results[i] = Write(_statements, commits[i], transaction);
            }
            transaction.Commit();
        }
        catch (SqliteException)
        {
            // A connection that failed in the middle is not trusted with the next group.
            _statements.Dispose();
            _statements = null;
            throw;
        }
        return Task.FromResult(results);
    }

    public ValueTask DisposeAsync()
    {
        _statements?.Dispose();
        return ValueTask.CompletedTask;
    }

    private static CommitResult Write(Statements to, Commit commit, SqliteTransaction transaction)
    {
        if (commit.Answered is { } answered && !to.Answer(answered, transaction))
        {
            return CommitResult.Repeated;
        }
        if (commit.Participant is { } participant)
        {
            to.Join(participant, transaction);
        }
        foreach (var happened in commit.Events)
        {
            to.Record(happened, transaction);
        }
        return CommitResult.Written;
    }

    private sealed class Statements : IDisposable
    {
        private readonly SqliteCommand _answer;
        private readonly SqliteCommand _join;
        private readonly SqliteCommand _record;

        public Statements(string connectionString)
        {
            Connection = new SqliteConnection(connectionString);
            Connection.Open();
            SqliteSettings.Apply(Connection);
            _answer = Insert(CommitColumns.AnsweredRequests, " ON CONFLICT DO NOTHING");
            _join = Insert(CommitColumns.SessionParticipants);
            _record = Insert(CommitColumns.Events);
        }

        public SqliteConnection Connection { get; }

        public bool Answer(AnsweredRequest r, SqliteTransaction transaction) =>
            Run(
                _answer,
                transaction,
                r.ApplicationId,
                r.RequestId,
                Instants.ToMicroseconds(r.ExpiresAt)
            ) == 1;

        public void Join(SessionParticipant p, SqliteTransaction transaction) =>
            Run(
                _join,
                transaction,
                p.Id,
                p.SessionId,
                p.ApplicationId,
                p.SpEntityId,
                p.SessionIndex,
                p.NameId,
                p.NameIdFormat,
                p.NameQualifier,
                p.SpNameQualifier,
                Instants.ToMicroseconds(p.CreatedAt)
            );

        public void Record(Event e, SqliteTransaction transaction) =>
            Run(
                _record,
                transaction,
                e.Id,
                Instants.ToMicroseconds(e.At),
                e.Type,
                e.Success,
                e.ReferenceCode,
                e.FindingCode,
                e.ActorId,
                e.ActorName,
                e.TargetType,
                e.TargetId,
                e.TargetName,
                e.ApplicationId,
                e.ClientIp,
                e.UserAgent,
                e.Details
            );

        public void Dispose()
        {
            _answer.Dispose();
            _join.Dispose();
            _record.Dispose();
            Connection.Dispose();
        }

        private SqliteCommand Insert(CommitColumns table, string suffix = "")
        {
            var command = Connection.CreateCommand();
            var names = table.Columns.Select((_, i) => $"$p{i}").ToArray();
            command.CommandText =
                $"INSERT INTO {table.Table} ({string.Join(", ", table.Columns)}) VALUES ({string.Join(", ", names)}){suffix}";
            foreach (var name in names)
            {
                command.Parameters.Add(new SqliteParameter(name, null));
            }
            command.Prepare();
            return command;
        }

        private static int Run(
            SqliteCommand command,
            SqliteTransaction transaction,
            params ReadOnlySpan<object?> values
        )
        {
            command.Transaction = transaction;
            for (var i = 0; i < values.Length; i++)
            {
                command.Parameters[i].Value = values[i] ?? DBNull.Value;
            }
            return command.ExecuteNonQuery();
        }
    }
}
