using Latchkey.Server.Applications;
using Latchkey.Server.Insights;
using Latchkey.Server.SignIn;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Latchkey.Server.Tests.Storage;

public abstract class GroupCommitTests(TestDatabase database)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_submitted_is_there_when_the_call_returns()
    {
        var (session, application) = await SessionAsync();
        var participant = Rows.Participant(session, application);
        var happened = new Event
        {
            At = new(2026, 3, 1, 12, 0, 0, 123, 456, TimeSpan.FromHours(2)),
            Type = EventTypes.SsoAuth,
            Success = true,
            ReferenceCode = "ABCDEFGH",
            FindingCode = "F",
            ActorId = Guid.CreateVersion7(),
            ActorName = "Ada Lovelace",
            TargetType = "application",
            TargetId = application.Id,
            TargetName = "Wiki",
            ApplicationId = application.Id,
            ClientIp = "192.0.2.1",
            UserAgent = "Firefox",
            Details = """{"idp_initiated":false}""",
        };

        var result = await database.Commits.SubmitAsync(
            new()
            {
                Events = [happened],
                Participant = participant,
                Answered = Rows.Answered(application),
            },
            Ct
        );

        result.AlreadyAnswered.ShouldBeFalse();
        await using var db = database.Open();
        var stored = await db.Events.AsNoTracking().SingleAsync(e => e.Id == happened.Id, Ct);
        stored.ShouldBeEquivalentTo(happened);
        (
            await db.SessionParticipants.AsNoTracking().SingleAsync(p => p.Id == participant.Id, Ct)
        ).ShouldBeEquivalentTo(participant);
    }

    [Fact]
    public async Task Of_a_request_that_was_answered_before_nothing_is_written()
    {
        var (session, application) = await SessionAsync();
        var first = Answer(session, application, "_again");
        var second = Answer(session, application, "_again");

        (await database.Commits.SubmitAsync(first, Ct)).AlreadyAnswered.ShouldBeFalse();
        (await database.Commits.SubmitAsync(second, Ct)).AlreadyAnswered.ShouldBeTrue();

        await using var db = database.Open();
        var ids = new[] { first.Participant!.Id, second.Participant!.Id };
        (
            await db
                .SessionParticipants.Where(p => ids.Contains(p.Id))
                .Select(p => p.Id)
                .ToListAsync(Ct)
        ).ShouldBe([first.Participant.Id]);
        (await db.Events.CountAsync(e => e.Id == second.Events[0].Id, Ct)).ShouldBe(0);
    }

    [Fact]
    public async Task Of_many_answers_to_one_request_at_once_exactly_one_counts()
    {
        var (session, application) = await SessionAsync();

        var results = await Task.WhenAll(
            Enumerable
                .Range(0, 40)
                .Select(_ =>
                    database.Commits.SubmitAsync(Answer(session, application, "_race"), Ct)
                )
        );

        results.Count(r => !r.AlreadyAnswered).ShouldBe(1);
        await using var db = database.Open();
        (await db.SessionParticipants.CountAsync(p => p.SessionId == session.Id, Ct)).ShouldBe(1);
    }

    [Fact]
    public async Task A_commit_that_cannot_be_written_does_not_take_its_neighbours_with_it()
    {
        var (session, application) = await SessionAsync();
        var orphan = Rows.Session(Rows.User("nobody"));
        var good = Enumerable
            .Range(0, 60)
            .Select(_ => new Commit { Participant = Rows.Participant(session, application) })
            .ToList();
        var bad = new Commit { Participant = Rows.Participant(orphan, application) };

        var failing = database.Commits.SubmitAsync(bad, Ct);
        await Task.WhenAll(good.Select(c => database.Commits.SubmitAsync(c, Ct)));

        await Should.ThrowAsync<System.Data.Common.DbException>(() => failing);
        await using var db = database.Open();
        (await db.SessionParticipants.CountAsync(p => p.SessionId == session.Id, Ct)).ShouldBe(60);
    }

    [Fact]
    public async Task Two_nodes_write_beside_each_other()
    {
        await using var other = database.AnotherNode();
        var type = "two_nodes";

        await Task.WhenAll(
            Enumerable
                .Range(0, 200)
                .Select(i =>
                    (
                        i % 2 == 0 ? database.Commits : other.GetRequiredService<GroupCommit>()
                    ).SubmitAsync(new() { Events = [Rows.Event(type)] }, Ct)
                )
        );

        await using var db = database.Open();
        (await db.Events.CountAsync(e => e.Type == type, Ct)).ShouldBe(200);
    }

    [Fact]
    public async Task What_was_taken_is_written_before_the_end()
    {
        var node = database.AnotherNode();
        var commits = node.GetRequiredService<GroupCommit>();
        var pending = Enumerable
            .Range(0, 300)
            .Select(_ => commits.SubmitAsync(new() { Events = [Rows.Event("drained")] }, Ct))
            .ToArray();

        await node.DisposeAsync();

        await Task.WhenAll(pending);
        await using var db = database.Open();
        (await db.Events.CountAsync(e => e.Type == "drained", Ct)).ShouldBe(300);
    }

    [Fact]
    public async Task Writing_goes_on_after_a_failure()
    {
        var (_, application) = await SessionAsync();
        var orphan = Rows.Session(Rows.User("nobody"));
        await Should.ThrowAsync<System.Data.Common.DbException>(() =>
            database.Commits.SubmitAsync(
                new() { Participant = Rows.Participant(orphan, application) },
                Ct
            )
        );

        await database.Commits.SubmitAsync(new() { Events = [Rows.Event("afterwards")] }, Ct);

        await using var db = database.Open();
        (await db.Events.CountAsync(e => e.Type == "afterwards", Ct)).ShouldBe(1);
    }

    private static Commit Answer(Session session, Application application, string id) =>
        new()
        {
            Events = [Rows.Event()],
            Participant = Rows.Participant(session, application),
            Answered = Rows.Answered(application, id),
        };

    private async Task<(Session, Application)> SessionAsync()
    {
        var name = Guid.NewGuid().ToString("N");
        var user = Rows.User(name);
        var session = Rows.Session(user);
        var application = Rows.Application(name);
        await using var db = database.Open();
        db.AddRange(user, session, application);
        await db.SaveChangesAsync(Ct);
        return (session, application);
    }
}

public sealed class GroupCommitOnSqlite(SqliteDatabase database)
    : GroupCommitTests(database),
        IClassFixture<SqliteDatabase>;

public sealed class GroupCommitOnPostgreSql(PostgreSqlDatabase database)
    : GroupCommitTests(database),
        IClassFixture<PostgreSqlDatabase>;
