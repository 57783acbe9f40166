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
        _statements ??= new Statements(address);
        var results = new CommitResult[commits.Count];
        try
        {
            _statements.Begin.Run();
            for (var i = 0; i < commits.Count; i++)
            {
                results[i] = Write(_statements, commits[i]);
            }
            _statements.End.Run();
        }
        catch (SqliteException)
        {
            // Closing the connection undoes what it began; one that failed in the middle is not trusted with the next group.
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

    private static CommitResult Write(Statements to, Commit commit)
    {
        if (commit.Answered is { } answered && !to.Answer(answered))
        {
            return CommitResult.Repeated;
        }
        if (commit.Participant is { } participant)
        {
            to.Join(participant);
        }
        foreach (var happened in commit.Events)
        {
            to.Record(happened);
        }
        return CommitResult.Written;
    }

    private sealed class Statements : IDisposable
    {
        private readonly SqliteConnection _connection;
        private readonly SqliteStatement _answer;
        private readonly SqliteStatement _join;
        private readonly SqliteStatement _record;

        public Statements(DatabaseAddress address)
        {
            _connection = SqliteSettings.OpenOwn(address, writes: true);
            Begin = new(_connection, "BEGIN IMMEDIATE");
            End = new(_connection, "COMMIT");
            _answer = Insert(CommitColumns.AnsweredRequests, " ON CONFLICT DO NOTHING");
            _join = Insert(CommitColumns.SessionParticipants);
            _record = Insert(CommitColumns.Events);
        }

        public SqliteStatement Begin { get; }

        public SqliteStatement End { get; }

        public bool Answer(AnsweredRequest r) =>
            _answer.Id(r.ApplicationId).Text(r.RequestId).Instant(r.ExpiresAt).Run() == 1;

        public void Join(SessionParticipant p) =>
            _join
                .Id(p.Id)
                .Id(p.SessionId)
                .Id(p.ApplicationId)
                .Text(p.SpEntityId)
                .Text(p.SessionIndex)
                .Text(p.NameId)
                .Text(p.NameIdFormat)
                .Text(p.NameQualifier)
                .Text(p.SpNameQualifier)
                .Instant(p.CreatedAt)
                .Run();

        public void Record(Event e) =>
            _record
                .Id(e.Id)
                .Instant(e.At)
                .Text(e.Type)
                .Flag(e.Success)
                .Text(e.ReferenceCode)
                .Text(e.FindingCode)
                .Id(e.ActorId)
                .Text(e.ActorName)
                .Text(e.TargetType)
                .Id(e.TargetId)
                .Text(e.TargetName)
                .Id(e.ApplicationId)
                .Text(e.ClientIp)
                .Text(e.UserAgent)
                .Text(e.Details)
                .Run();

        public void Dispose()
        {
            Begin.Dispose();
            End.Dispose();
            _answer.Dispose();
            _join.Dispose();
            _record.Dispose();
            _connection.Dispose();
        }

        private SqliteStatement Insert(CommitColumns table, string suffix = "")
        {
            var values = string.Join(", ", table.Columns.Select(_ => "?"));
            return new(
                _connection,
                $"INSERT INTO {table.Table} ({string.Join(", ", table.Columns)}) VALUES ({values}){suffix}"
            );
        }
    }
}
