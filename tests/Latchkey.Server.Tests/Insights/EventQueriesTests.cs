using Latchkey.Server.Insights;
using Latchkey.Server.Tests.SignIn;

namespace Latchkey.Server.Tests.Insights;

public abstract class EventQueriesTests(TestIdentityProvider server)
{
    private static readonly DateTimeOffset Noon = new(2026, 2, 1, 12, 0, 0, TimeSpan.Zero);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private EventQueries Queries => server.Service<EventQueries>();

    [Fact]
    public async Task The_pages_of_the_record_hold_every_event_once_newest_first()
    {
        var type = NewType();
        // Most share a moment, as the steps of one sign-in do; their identifiers tell the order.
        var written = new List<Event>();
        for (var i = 0; i < 23; i++)
        {
            written.Add(Event(type, Noon.AddSeconds(i / 9)));
        }
        await WriteAsync([.. written]);

        var seen = new List<Guid>();
        string? after = null;
        var pages = 0;
        do
        {
            var page = await Queries.ListAsync(new EventQuery { Type = type }, after, 5, Ct);
            seen.AddRange(page.Rows.Select(e => e.Id));
            after = page.Next;
            pages++;
        } while (after is not null && pages < 10);

        pages.ShouldBe(5);
        seen.ShouldBe([
            .. written.OrderByDescending(e => e.At).ThenByDescending(e => e.Id).Select(e => e.Id),
        ]);
    }

    [Fact]
    public async Task Identifiers_of_one_moment_are_in_the_order_of_their_text()
    {
        var type = NewType();
        // One in each place where an order by bytes, by parts and by text could differ.
        string[] ids =
        [
            "00000000-0000-7000-8000-0000000000ff",
            "00000000-0000-7000-8000-00000000ff00",
            "00000000-0000-7000-80ff-000000000000",
            "00000000-0000-7000-ff00-000000000000",
            "00000000-0000-70ff-8000-000000000000",
            "00000000-00ff-7000-8000-000000000000",
            "00000000-ff00-7000-8000-000000000000",
            "000000ff-0000-7000-8000-000000000000",
            "7f000000-0000-7000-8000-000000000000",
            "ff000000-0000-7000-8000-000000000000",
        ];
        await WriteAsync([.. ids.Select(id => Event(type, Noon, Guid.Parse(id)))]);

        var seen = new List<string>();
        string? after = null;
        do
        {
            var page = await Queries.ListAsync(new EventQuery { Type = type }, after, 1, Ct);
            seen.AddRange(page.Rows.Select(e => e.Id.ToString()));
            after = page.Next;
        } while (after is not null && seen.Count < 20);

        seen.ShouldBe([.. ids.Reverse()]);
    }

    [Fact]
    public async Task Events_that_happen_meanwhile_do_not_move_the_pages()
    {
        var type = NewType();
        var old = Enumerable.Range(0, 4).Select(i => Event(type, Noon.AddMinutes(i))).ToArray();
        await WriteAsync(old);
        var first = await Queries.ListAsync(new EventQuery { Type = type }, null, 2, Ct);

        await WriteAsync(Event(type, Noon.AddHours(1)));

        var second = await Queries.ListAsync(new EventQuery { Type = type }, first.Next, 2, Ct);
        second.Rows.Select(e => e.Id).ShouldBe([old[1].Id, old[0].Id]);
        second.Next.ShouldBeNull();
    }

    [Fact]
    public async Task A_place_that_never_was_is_the_beginning()
    {
        var type = NewType();
        await WriteAsync(Event(type, Noon));
        var page = await Queries.ListAsync(new EventQuery { Type = type }, "nonsense", 5, Ct);
        page.Rows.Count.ShouldBe(1);
    }

    [Fact]
    public async Task After_an_event_that_was_removed_the_list_goes_on_by_its_time()
    {
        var type = NewType();
        var (older, newer) = (Event(type, Noon.AddHours(-1)), Event(type, Noon.AddHours(1)));
        await WriteAsync(older, newer);
        var removed = Guid.CreateVersion7(Noon).ToString();
        var page = await Queries.ListAsync(new EventQuery { Type = type }, removed, 5, Ct);
        page.Rows.Select(e => e.Id).ShouldBe([older.Id]);
    }

    [Fact]
    public async Task The_record_can_be_narrowed_to_failures()
    {
        var type = NewType();
        var failed = new Event
        {
            At = Noon,
            Type = type,
            Success = false,
        };
        await WriteAsync(failed, Event(type, Noon));
        (await FoundAsync(new() { Type = type, Success = false })).ShouldBe([failed.Id]);
    }

    [Fact]
    public async Task The_record_can_be_narrowed_to_days()
    {
        var type = NewType();
        var (before, on, after) = (
            Event(type, Noon.AddDays(-1)),
            Event(type, Noon),
            Event(type, Noon.AddDays(1))
        );
        await WriteAsync(before, on, after);
        var day = new DateTimeOffset(Noon.Date, TimeSpan.Zero);
        (
            await FoundAsync(
                new()
                {
                    Type = type,
                    From = day,
                    Until = day.AddDays(1),
                }
            )
        ).ShouldBe([on.Id]);
    }

    [Fact]
    public async Task The_record_of_a_user_is_what_they_did_and_what_was_done_to_them()
    {
        var (type, user) = (NewType(), Guid.CreateVersion7());
        var did = new Event
        {
            At = Noon,
            Type = type,
            Success = true,
            ActorId = user,
        };
        var suffered = new Event
        {
            At = Noon,
            Type = type,
            Success = true,
            TargetType = "user",
            TargetId = user,
        };
        await WriteAsync(did, suffered, Event(type, Noon));
        (await FoundAsync(new() { Type = type, UserId = user })).ShouldBe(
            [did.Id, suffered.Id],
            ignoreOrder: true
        );
    }

    [Fact]
    public async Task The_record_can_be_narrowed_to_an_application()
    {
        var (type, application) = (NewType(), Guid.CreateVersion7());
        var there = new Event
        {
            At = Noon,
            Type = type,
            Success = true,
            ApplicationId = application,
        };
        await WriteAsync(there, Event(type, Noon));
        (await FoundAsync(new() { Type = type, ApplicationId = application })).ShouldBe([there.Id]);
    }

    [Theory]
    [InlineData("lovel")]
    [InlineData("LOVEL")]
    public async Task The_record_is_searched_by_a_part_of_a_name(string part)
    {
        var type = NewType();
        var named = new Event
        {
            At = Noon,
            Type = type,
            Success = true,
            ActorName = "Ada Lovelace",
        };
        await WriteAsync(named, Event(type, Noon));
        (await FoundAsync(new() { Type = type, Name = part })).ShouldBe([named.Id]);
    }

    [Fact]
    public async Task A_reference_code_finds_the_steps_of_its_sign_in_in_order_J_122()
    {
        var code = ReferenceCode.New();
        Event Step(int second) =>
            new()
            {
                At = Noon.AddSeconds(second),
                Type = "step",
                Success = true,
                ReferenceCode = code,
            };
        Event[] steps = [Step(0), Step(1), Step(1), Step(2)];
        await WriteAsync(steps[2], steps[0], steps[3], steps[1], Event("step", Noon));

        (await Queries.OfCodeAsync(code, Ct))
            .Select(e => e.Id)
            .ShouldBe([.. steps.OrderBy(e => e.At).ThenBy(e => e.Id).Select(e => e.Id)]);
    }

    [Theory]
    [InlineData("K7QM2XRD", "K7QM2XRD")]
    [InlineData("k7qm 2xrd", "K7QM2XRD")]
    [InlineData(" K7QM-2XRD ", "K7QM2XRD")]
    [InlineData("K7QM2XR", null)]
    [InlineData("K7QM2XRDD", null)]
    [InlineData("K7QM2XR0", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void A_reference_code_is_read_as_people_write_it(string? typed, string? code) =>
        ReferenceCode.Read(typed).ShouldBe(code);

    [Fact]
    [Trait("Rule", "J-122")]
    public async Task The_type_of_a_step_finds_its_own_events_and_those_that_hold_it()
    {
        var code = ReferenceCode.New();
        Event Under(string type, string details) =>
            new()
            {
                At = Noon,
                Type = type,
                Success = true,
                ReferenceCode = code,
                Details = details,
            };
        var held = Under(
            EventTypes.SsoAuth,
            """{"steps":[{"type":"saml_request_received","details":{}}]}"""
        );
        var own = Under(EventTypes.SamlRequestReceived, "{}");
        // Whoever asks may choose its words; they are not a step.
        var said = Under(
            EventTypes.SsoAuth,
            """{"steps":[],"said":"\"type\":\"saml_request_received\""}"""
        );
        await WriteAsync(held, own, said, Under(EventTypes.SsoAuth, "{}"));

        var query = new EventQuery { Type = EventTypes.SamlRequestReceived, Code = code };
        var page = await Queries.ListAsync(query, null, 10, Ct);

        page.Rows.Select(e => e.Id).ShouldBe([held.Id, own.Id], ignoreOrder: true);
    }

    [Fact]
    public async Task Sign_ins_are_counted_by_day_and_outcome()
    {
        // A year nothing else writes into.
        var day = new DateTimeOffset(2031, 5, 5, 0, 0, 0, TimeSpan.Zero);
        Event SignIn(DateTimeOffset at, bool success) =>
            new()
            {
                At = at,
                Type = EventTypes.SsoAuth,
                Success = success,
            };
        await WriteAsync(
            SignIn(day, true),
            SignIn(day.AddDays(1).AddTicks(-10), true),
            SignIn(day.AddHours(3), false),
            SignIn(day.AddDays(1), true),
            SignIn(day.AddTicks(-10), true)
        );

        var counted = await Queries.SignInsByDayAsync(new DateOnly(2031, 5, 6), 2, Ct);

        counted.ShouldBe([
            new SignInDay(new DateOnly(2031, 5, 5), 2, 1),
            new SignInDay(new DateOnly(2031, 5, 6), 1, 0),
        ]);
    }

    private static string NewType() => $"test_{Guid.NewGuid():N}";

    private static Event Event(string type, DateTimeOffset at, Guid? id = null) =>
        new()
        {
            Id = id ?? Guid.CreateVersion7(),
            At = at,
            Type = type,
            Success = true,
        };

    private Task WriteAsync(params Event[] events) => server.Service<EventLog>().WriteAsync(events);

    private async Task<Guid[]> FoundAsync(EventQuery query) =>
        [.. (await Queries.ListAsync(query, null, 50, Ct)).Rows.Select(e => e.Id)];
}

public sealed class EventQueriesOnSqlite(SqliteIdentityProvider server)
    : EventQueriesTests(server),
        IClassFixture<SqliteIdentityProvider>;

public sealed class EventQueriesOnPostgreSql(PostgreSqlIdentityProvider server)
    : EventQueriesTests(server),
        IClassFixture<PostgreSqlIdentityProvider>;
