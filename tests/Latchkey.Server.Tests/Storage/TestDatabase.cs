using Latchkey.Server.Settings;
using Latchkey.Server.Storage;
using Latchkey.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Latchkey.Server.Tests.Storage;

/// <summary>An empty, migrated database of its own on one engine, with the services that stand on it; gone after the test class.</summary>
public abstract class TestDatabase(Engine engine) : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private PostgresDatabase? _postgres;
    private ServiceProvider? _services;

    public Engine Engine => engine;

    /// <summary>As <c>LATCHKEY_DATABASE</c> takes it.</summary>
    public string Address => _postgres?.Address ?? _folder.File("latchkey.db");

    /// <summary>A folder for the test's files.</summary>
    public string Folder => _folder.Path;

    internal IServiceProvider Services => _services!;

    internal GroupCommit Commits => Services.GetRequiredService<GroupCommit>();

    internal LatchkeyDbContext Open() =>
        Services.GetRequiredService<IDbContextFactory<LatchkeyDbContext>>().CreateDbContext();

    /// <summary>A second set of services on the same database, as another node has them.</summary>
    internal ServiceProvider AnotherNode() =>
        new ServiceCollection()
            .AddLogging()
            .AddStorage(DatabaseAddress.Parse(Address, Folder))
            .BuildServiceProvider();

    public async ValueTask InitializeAsync()
    {
        if (engine == Engine.PostgreSql)
        {
            _postgres = await MigratedDatabases.CopyAsync();
        }
        else
        {
            await MigratedDatabases.CopyAsync(Address);
        }
        _services = AnotherNode();
        await _services.GetRequiredService<DatabaseStart>().RunAsync();
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_services is not null)
        {
            await _services.DisposeAsync();
        }
        if (_postgres is not null)
        {
            await _postgres.DisposeAsync();
        }
        _folder.Dispose();
    }
}

public sealed class SqliteDatabase() : TestDatabase(Engine.Sqlite);

public sealed class PostgreSqlDatabase() : TestDatabase(Engine.PostgreSql);
