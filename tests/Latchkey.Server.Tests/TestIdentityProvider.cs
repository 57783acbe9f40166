using Latchkey.Server.Certificates;
using Latchkey.Server.Directory;
using Latchkey.Server.Directory.Accounts;
using Latchkey.Server.Directory.Import;
using Latchkey.Server.Directory.Rules;
using Latchkey.Server.Insights;
using Latchkey.Server.Mail;
using Latchkey.Server.Settings;
using Latchkey.Server.SignIn;
using Latchkey.Server.SignIn.Passwords;
using Latchkey.Server.SignIn.Sessions;
using Latchkey.Server.SingleLogout;
using Latchkey.Server.Storage;
using Latchkey.Server.Tests.Certificates;
using Latchkey.Server.Tests.SignIn;
using Latchkey.Server.Tests.Storage;
using Latchkey.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.TestHost;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Latchkey.Server.Tests;

/// <summary>The whole server in this process, on one engine, with a clock that stands still.</summary>
public abstract partial class TestIdentityProvider(Engine engine) : IAsyncLifetime
{
    public const string Password = "correct horse battery";

    private static readonly Type[] s_clocks =
    [
        typeof(MailDelivery),
        typeof(UserStateClock),
        typeof(RuleCatchUp),
        typeof(ImportClock),
        typeof(Latchkey.Server.Applications.Following.FollowingClock),
        typeof(CertificateClock),
        typeof(PasswordExpiryClock),
        typeof(BackChannelClock),
    ];

    private readonly TemporaryFolder _folder = new();
    private readonly List<WebApplication> _others = [];
    private readonly KeysMadeOnce _keys = new();
    private PostgresDatabase? _postgres;
    private WebApplication? _app;
    private int _count;

    public FakeTimeProvider Clock { get; } = new(new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero));

    public static string Origin => "https://id.example.test";

    /// <summary>Under which address it is public.</summary>
    protected virtual string PublicUrl => Origin;

    internal T Service<T>()
        where T : notnull => _app!.Services.GetRequiredService<T>();

    internal IServiceProvider Services => _app!.Services;

    /// <summary>The administrator's own connectors; empty at first.</summary>
    internal string Connectors =>
        System.IO.Directory.CreateDirectory(_folder.File("connectors")).FullName;

    private string DatabaseFile => _folder.File("latchkey.db");

    /// <summary>What a command on the same host is told.</summary>
    internal ServerOptions Options =>
        EnvironmentReader.Read(
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["LATCHKEY_PUBLIC_URL"] = PublicUrl,
                ["LATCHKEY_DATABASE"] = _postgres?.Address ?? DatabaseFile,
                ["LATCHKEY_DATA"] = _folder.Path,
                ["LATCHKEY_CONNECTORS"] = Connectors,
                ["LATCHKEY_MASTER_KEY"] = Convert.ToBase64String(new byte[32]),
            }
        );

    public async ValueTask InitializeAsync()
    {
        if (engine == Engine.PostgreSql)
            _postgres = await MigratedDatabases.CopyAsync();
        else
            await MigratedDatabases.CopyAsync(DatabaseFile);
        _app = await StartAsync();
    }

    /// <summary>Another node on the same database, with the same clock.</summary>
    /// <returns>Its services and its way in.</returns>
    internal async Task<(
        IServiceProvider Services,
        Func<HttpMessageHandler> Handler
    )> AddNodeAsync()
    {
        var node = await StartAsync();
        _others.Add(node);
        return (node.Services, () => node.GetTestServer().CreateHandler());
    }

    private async Task<WebApplication> StartAsync()
    {
        var app = Program.Build(
            [],
            Options,
            builder =>
            {
                builder.WebHost.UseTestServer(server => server.BaseAddress = new Uri(PublicUrl));
                builder.Logging.ClearProviders();
                builder.Services.AddSingleton<TimeProvider>(Clock);
                builder.Services.AddSingleton<IStartupFilter, TestAddress>();
                // Tests do themselves, when they want to, what otherwise the clock does.
                foreach (var type in s_clocks)
                {
                    builder.Services.Remove(
                        builder.Services.Single(s => s.ImplementationType == type)
                    );
                }
                // What is shown here does not depend on how long hashing takes.
                builder.Services.AddSingleton(new SignInLimits { PasswordRounds = 1000 });
                builder.Services.AddSingleton<KeyPairMaker>(_keys);
                Adjust(builder.Services);
            }
        );
        await ServerStart.RunAsync(app.Services, TextWriter.Null, CancellationToken.None);
        await app.StartAsync();
        return app;
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (var node in _others)
            await node.DisposeAsync();
        if (_app is not null)
            await _app.DisposeAsync();
        if (_postgres is not null)
            await _postgres.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>What some tests need other than it is.</summary>
    protected virtual void Adjust(IServiceCollection services) { }

    internal LatchkeyDbContext Open() =>
        Service<IDbContextFactory<LatchkeyDbContext>>().CreateDbContext();

    /// <summary>Asks a service in a scope of its own, as a request does.</summary>
    internal async Task<TResult> AskAsync<TService, TResult>(Func<TService, Task<TResult>> ask)
        where TService : notnull
    {
        await using var scope = _app!.Services.CreateAsyncScope();
        return await ask(scope.ServiceProvider.GetRequiredService<TService>());
    }

    internal HttpMessageHandler Handler() => _app!.GetTestServer().CreateHandler();

    internal TestBrowser NewBrowser() => new(Handler(), PublicUrl);

    /// <summary>A browser in which that user is signed in.</summary>
    internal async Task<TestBrowser> SignedInAsync(User user)
    {
        var browser = NewBrowser();
        var page = await browser.OpenAsync("/sign-in");
        page = await browser.SubmitAsync(page, ("username", user.Username), ("password", Password));
        // Of whom a second step is asked: not today.
        if (page.Document.QuerySelector("#later") is not null)
            await browser.PressAsync(page, "#later");
        browser.Cookie("__Host-latchkey").ShouldNotBeNull();
        return browser;
    }

    internal async Task<User> AddUserAsync(Action<User>? adjust = null)
    {
        var name = $"ada{Interlocked.Increment(ref _count)}";
        var user = new User
        {
            Username = name,
            NormalizedUsername = name.ToUpperInvariant(),
            Email = $"{name}@example.test",
            FirstName = "Ada",
            LastName = "Lovelace",
            SecurityStamp = "1",
            CreatedAt = Clock.GetUtcNow(),
            UpdatedAt = Clock.GetUtcNow(),
        };
        user.PasswordHash = Service<IPasswordHasher<User>>().HashPassword(user, Password);
        adjust?.Invoke(user);
        await using var database = Open();
        database.Users.Add(user);
        await database.SaveChangesAsync();
        return user;
    }

    /// <summary>Ends sessions of a user as somebody does by hand, all of them or one.</summary>
    /// <returns>How many ended.</returns>
    internal Task<int> EndSessionsAsync(User user, Guid? only = null) =>
        AskAsync<SessionEnding, int>(ending =>
            ending.EndAsync(user.Id, only, but: null, CancellationToken.None)
        );

    internal async Task ChangeAsync(User user, Action<User> change)
    {
        await using var database = Open();
        change(await database.Users.SingleAsync(u => u.Id == user.Id));
        await database.SaveChangesAsync();
    }

    internal async Task<IReadOnlyList<Event>> EventsAsync(string referenceCode)
    {
        await using var database = Open();
        return await database
            .Events.AsNoTracking()
            .Where(e => e.ReferenceCode == referenceCode)
            .OrderBy(e => e.Id)
            .ToListAsync();
    }

    internal async Task<IReadOnlyList<Event>> EventsAboutAsync(User user)
    {
        await using var database = Open();
        return await database
            .Events.AsNoTracking()
            .Where(e => e.TargetId == user.Id)
            .OrderBy(e => e.Id)
            .ToListAsync();
    }

    internal async Task<IReadOnlyList<Event>> EventsOfAsync(User user)
    {
        await using var database = Open();
        return await database
            .Events.AsNoTracking()
            .Where(e => e.ActorId == user.Id)
            .OrderBy(e => e.Id)
            .ToListAsync();
    }
}

public sealed class SqliteIdentityProvider() : TestIdentityProvider(Engine.Sqlite);

public sealed class PostgreSqlIdentityProvider() : TestIdentityProvider(Engine.PostgreSql);
