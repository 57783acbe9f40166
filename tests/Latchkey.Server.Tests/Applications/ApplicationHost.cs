using Latchkey.Saml.Metadata;
using Latchkey.Server.Applications;
using Latchkey.Server.Certificates;
using Latchkey.Server.Directory;
using Latchkey.Server.Insights;
using Latchkey.Server.Settings;
using Latchkey.Server.SignIn;
using Latchkey.Server.Storage;
using Latchkey.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Latchkey.Server.Tests.Applications;

/// <summary>The whole server in this process on one engine, with an administrator, and a clock that stands still.</summary>
public abstract class ApplicationHost(Engine engine) : IAsyncLifetime
{
    public const string Origin = "https://id.example.test";

    private readonly TemporaryFolder _folder = new();
    private PostgresDatabase? _postgres;
    private WebApplication? _app;
    private int _count;

    public FakeTimeProvider Clock { get; } = new(new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero));

    internal ApplicationQueries Queries => Service<ApplicationQueries>();

    internal CertificateService Certificates => Service<CertificateService>();

    internal T Service<T>()
        where T : notnull => _app!.Services.GetRequiredService<T>();

    public async ValueTask InitializeAsync()
    {
        if (engine == Engine.PostgreSql)
            _postgres = await PostgresDatabase.CreateAsync();
        var options = EnvironmentReader.Read(
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["LATCHKEY_PUBLIC_URL"] = Origin,
                ["LATCHKEY_DATABASE"] = _postgres?.Address ?? _folder.File("latchkey.db"),
                ["LATCHKEY_DATA"] = _folder.Path,
                ["LATCHKEY_MASTER_KEY"] = Convert.ToBase64String(new byte[32]),
            }
        );
        _app = Program.Build(
            [],
            options,
            builder =>
            {
                builder.WebHost.UseTestServer(server => server.BaseAddress = new Uri(Origin));
                builder.Services.AddSingleton<TimeProvider>(Clock);
                builder.Logging.SetMinimumLevel(LogLevel.Error);
            }
        );
        await ServerStart.RunAsync(_app.Services, TextWriter.Null, CancellationToken.None);
        await _app.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_app is not null)
            await _app.DisposeAsync();
        if (_postgres is not null)
            await _postgres.DisposeAsync();
        _folder.Dispose();
    }

    internal LatchkeyDbContext Open() =>
        Service<IDbContextFactory<LatchkeyDbContext>>().CreateDbContext();

    /// <summary>Asks the service in a scope of its own, as a request does.</summary>
    internal async Task<TResult> AskAsync<TResult>(Func<ApplicationService, Task<TResult>> ask)
    {
        await using var scope = _app!.Services.CreateAsyncScope();
        return await ask(scope.ServiceProvider.GetRequiredService<ApplicationService>());
    }

    /// <summary>Enough for an application of its own.</summary>
    internal ApplicationInput Input()
    {
        var number = Interlocked.Increment(ref _count);
        return new ApplicationInput
        {
            Label = $"Application {number}",
            SpEntityId = $"urn:example:sp:{number}",
            AcsEndpoints = ApplicationInput.AcsFrom([$"https://sp{number}.example.test/acs"]),
        };
    }

    internal async Task<Application> AddAsync(ApplicationInput? input = null)
    {
        var outcome = await AskAsync(service => service.CreateAsync(input ?? Input()));
        outcome.Problems.ShouldBeEmpty();
        return outcome.Value!;
    }

    internal async Task<Group> GroupAsync(string? name = null, params User[] members)
    {
        name ??= $"Group {Interlocked.Increment(ref _count)}";
        await using var db = Open();
        var group = new Group
        {
            Name = name,
            NormalizedName = name.ToUpperInvariant(),
            CreatedAt = Clock.GetUtcNow(),
            UpdatedAt = Clock.GetUtcNow(),
        };
        db.Groups.Add(group);
        foreach (var member in members)
        {
            db.GroupMembers.Add(
                new GroupMember
                {
                    GroupId = group.Id,
                    UserId = member.Id,
                    AddedAt = Clock.GetUtcNow(),
                }
            );
        }
        await db.SaveChangesAsync();
        return group;
    }

    internal async Task<User> UserAsync(
        string? name = null,
        UserState state = UserState.Activated,
        bool administrator = false
    )
    {
        name ??= $"user{Interlocked.Increment(ref _count)}";
        await using var db = Open();
        var user = new User
        {
            Username = name,
            NormalizedUsername = name.ToUpperInvariant(),
            Email = $"{name}@example.test",
            State = state,
            IsAdministrator = administrator,
            SecurityStamp = Guid.NewGuid().ToString("N"),
            CreatedAt = Clock.GetUtcNow(),
            UpdatedAt = Clock.GetUtcNow(),
        };
        db.Users.Add(user);
        await db.SaveChangesAsync();
        return user;
    }

    internal async Task<IReadOnlyList<Event>> EventsOfAsync(Guid applicationId)
    {
        await using var db = Open();
        return await db
            .Events.Where(e => e.ApplicationId == applicationId)
            .OrderBy(e => e.Id)
            .ToListAsync();
    }

    /// <summary>A browser in which an administrator is signed in.</summary>
    internal async Task<AdminBrowser> BrowserAsync()
    {
        var user = await UserAsync(administrator: true);
        var session = await Service<SessionService>()
            .StartAsync(
                user,
                AuthnMethods.Password,
                null,
                null,
                TestContext.Current.CancellationToken
            );
        var cookie = $"{Service<SignInCookies>().SessionName}={session.Secret}";
        return new AdminBrowser(_app!.GetTestServer().CreateHandler(), cookie);
    }

    /// <summary>A client that is nobody.</summary>
    internal HttpClient Stranger() => _app!.GetTestClient();
}

public sealed class SqliteApplicationHost() : ApplicationHost(Engine.Sqlite);

public sealed class PostgreSqlApplicationHost() : ApplicationHost(Engine.PostgreSql);
