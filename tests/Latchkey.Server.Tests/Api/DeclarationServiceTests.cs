using System.Security.Cryptography;
using Latchkey.Server.Api.Declaration;
using Latchkey.Server.Insights;
using Latchkey.Server.Roles;
using Latchkey.Server.Settings;
using Latchkey.Server.Tests.Storage;
using Latchkey.Web.Texts;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Latchkey.Server.Tests.Api;

public abstract class DeclarationServiceTests(TestDatabase database) : IAsyncLifetime
{
    private WebApplication _server = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var options = EnvironmentReader.Read([
            new("LATCHKEY_DATABASE", database.Address),
            new("LATCHKEY_DATA", database.Folder),
        ]) with
        {
            MasterKey = SHA256.HashData("test"u8),
        };
        _server = Program.Build([], options);
        await ServerStart.OpenAsync(_server.Services, Ct);
        await using var db = database.Open();
        await db.Users.ExecuteDeleteAsync(Ct);
        await db.Groups.ExecuteDeleteAsync(Ct);
        await db.Applications.ExecuteDeleteAsync(Ct);
        await db.Events.ExecuteDeleteAsync(Ct);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_declaration_is_made_true_and_applying_it_again_changes_nothing()
    {
        var first = await RunAsync(Declarations.Documented);
        var second = await RunAsync(Declarations.Documented);

        first.Actions.ShouldBe([
            "create user ada",
            "create group Engineering",
            "create application wiki",
        ]);
        second.Actions.ShouldBe([
            "unchanged user ada",
            "unchanged group Engineering",
            "unchanged application wiki",
        ]);
        await using var db = database.Open();
        (await db.Users.SingleAsync(Ct)).Role.ShouldBe(Role.Owner);
        (await db.GroupMembers.CountAsync(Ct)).ShouldBe(1);
        (await db.ApplicationGroups.CountAsync(Ct)).ShouldBe(1);
        (await db.ApplicationCertificates.CountAsync(Ct)).ShouldBe(1);
    }

    [Fact]
    public async Task A_plan_says_what_would_change_and_changes_nothing()
    {
        await RunAsync(Declarations.Documented);
        var events = await CountEventsAsync();

        var plan = await RunAsync(
            Declarations
                .Documented.Replace("label: Wiki", "label: Wiki 2")
                .Replace("Ada,", "Augusta,"),
            apply: false
        );

        plan.Changes.ShouldBe([
            "user ada firstname: Ada → Augusta",
            "application wiki label: Wiki → Wiki 2",
        ]);
        (await CountEventsAsync()).ShouldBe(events);
    }

    [Fact]
    public async Task A_password_is_only_used_when_the_user_is_made()
    {
        await RunAsync(Declarations.Documented);
        await using var db = database.Open();
        var before = (await db.Users.AsNoTracking().SingleAsync(Ct)).PasswordHash;

        await RunAsync(
            Declarations.Documented.Replace("only used when created", "another password")
        );

        (await db.Users.AsNoTracking().SingleAsync(Ct)).PasswordHash.ShouldBe(before);
    }

    [Theory]
    [InlineData("members: [ada]", "members: [ada, nobody]", 4, "no user “nobody”")]
    [InlineData("groups: [Engineering]", "groups: [Engineers]", 18, "no group “Engineers”")]
    [InlineData("administrators: [ada]", "administrators: [ada, eve]", 5, "no user “eve”")]
    [InlineData("only used when created", "short", 2, "at least")]
    [InlineData("email: ada@example.test", "email: ada", 2, "e-mail")]
    [InlineData("[https://wiki.example.test/signin-saml2]", "[javascript:1]", 10, "https")]
    [InlineData("source: email, format", "source: mail, format", 14, "mail")]
    public async Task With_a_single_problem_nothing_at_all_is_changed(
        string right,
        string wrong,
        int line,
        string sentence
    )
    {
        var result = await RunAsync(Declarations.Documented.Replace(right, wrong));

        var problem = result.Problems.ShouldHaveSingleItem();
        problem.Line.ShouldBe(line);
        problem.Text(_server.Services.GetRequiredService<ITexts>()).ShouldContain(sentence);
        (await CountEventsAsync()).ShouldBe(0);
        await using var db = database.Open();
        (await db.Users.AnyAsync(Ct)).ShouldBeFalse();
    }

    [Fact]
    public async Task Where_there_is_an_owner_a_file_makes_administrators()
    {
        await RunAsync(Declarations.Documented);

        await RunAsync(
            "users:\n  - { username: bob, email: bob@example.test }\nadministrators: [ada, bob]\n"
        );

        await using var db = database.Open();
        (await db.Users.OrderBy(u => u.Username).Select(u => u.Role).ToListAsync(Ct)).ShouldBe([
            Role.Owner,
            Role.Administrator,
        ]);
    }

    [Fact]
    public async Task Nobody_loses_the_administrators_right_by_not_being_named()
    {
        await RunAsync(Declarations.Documented);

        await RunAsync(Declarations.Documented.Replace("administrators: [ada]\n", ""));

        await using var db = database.Open();
        (await db.Users.SingleAsync(Ct)).Role.ShouldBe(Role.Owner);
    }

    [Fact]
    public async Task A_file_that_was_not_sent_along_is_never_looked_for_on_the_server()
    {
        var result = await RunAsync("applications:\n  - slug: a\n    sp_metadata: /etc/passwd\n");

        result
            .Problems.ShouldHaveSingleItem()
            .Problem.Code.ShouldBe("declaration-metadata-not-sent");
    }

    private async Task<Result> RunAsync(string text, bool apply = true)
    {
        await using var scope = _server.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<EventRecorder>().Actor = new EventActor(
            null,
            "test"
        );
        var problems = new DeclarationProblems();
        var plan = await scope
            .ServiceProvider.GetRequiredService<DeclarationService>()
            .RunAsync(text, MetadataFiles.None, problems, apply, Ct);
        return new Result(plan, problems.All);
    }

    private async Task<int> CountEventsAsync()
    {
        await using var db = database.Open();
        return await db.Events.CountAsync(Ct);
    }

    private sealed record Result(DeclarationPlan? Plan, IReadOnlyList<DeclarationProblem> Problems)
    {
        public IEnumerable<string> Actions =>
            Plan.ShouldNotBeNull(string.Join("\n", Problems))
                .Changes.Select(c => $"{c.Action} {c.Kind} {c.Name}");

        public IEnumerable<string> Changes =>
            Plan.ShouldNotBeNull(string.Join("\n", Problems))
                .Changes.SelectMany(c =>
                    c.Changes.Select(f => $"{c.Kind} {c.Name} {f.Field}: {f.From} → {f.To}")
                );
    }
}

public sealed class DeclarationServiceOnSqlite(SqliteDatabase database)
    : DeclarationServiceTests(database),
        IClassFixture<SqliteDatabase>;

public sealed class DeclarationServiceOnPostgreSql(PostgreSqlDatabase database)
    : DeclarationServiceTests(database),
        IClassFixture<PostgreSqlDatabase>;
