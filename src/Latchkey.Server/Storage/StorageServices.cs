using System.Data.Common;
using Latchkey.Server.Storage.Search;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Npgsql;

namespace Latchkey.Server.Storage;

internal static class StorageServices
{
    public static IServiceCollection AddStorage(
        this IServiceCollection services,
        DatabaseAddress address
    )
    {
        services.AddSingleton(address);
        if (address.Engine == StorageEngine.PostgreSql)
        {
            services.AddSingleton(_ => NpgsqlDataSource.Create(address.ConnectionString));
            services.AddSingleton<ICommitWriter, PostgresCommitWriter>();
        }
        else
        {
            services.AddSingleton<ICommitWriter, SqliteCommitWriter>();
        }
        services.AddPooledDbContextFactory<LatchkeyDbContext>(
            (provider, options) =>
                Configure(options, address, provider.GetService<NpgsqlDataSource>())
        );
        services.AddSingleton<SharedTransaction>();
        services.AddSingleton<IDbContextFactory<LatchkeyDbContext>>(provider => new ContextFactory(
            new PooledDbContextFactory<LatchkeyDbContext>(
                provider.GetRequiredService<DbContextOptions<LatchkeyDbContext>>()
            ),
            provider.GetRequiredService<SharedTransaction>()
        ));
        services.AddScoped(provider =>
            provider.GetRequiredService<IDbContextFactory<LatchkeyDbContext>>().CreateDbContext()
        );
        services.AddSingleton<GroupCommit>();
        services.AddSingleton<PostgresSearchIndex>();
        services.AddSingleton<DatabaseStart>();
        return services;
    }

    public static void Configure(
        DbContextOptionsBuilder options,
        DatabaseAddress address,
        NpgsqlDataSource? source = null,
        DbConnection? connection = null
    )
    {
        if (address.Engine == StorageEngine.Sqlite)
        {
            _ = connection is null
                ? options.UseSqlite(address.ConnectionString)
                : options.UseSqlite(connection);
            options.AddInterceptors(new SqliteSettings());
        }
        else if (connection is not null)
        {
            options.UseNpgsql(connection);
        }
        else if (source is not null)
        {
            options.UseNpgsql(source);
        }
        else
        {
            options.UseNpgsql(address.ConnectionString);
        }
        if (address.Engine == StorageEngine.PostgreSql)
        {
            options.AddInterceptors(new CleanTexts());
        }
        options.AddInterceptors(new VersionCounter());
        options.ConfigureWarnings(warnings =>
            warnings.Ignore(
                // Migrations are written by hand, without the snapshot that EF Core would compare with; a test compares instead.
                RelationalEventId.PendingModelChangesWarning,
                // What is counted or looked up to a bound has no order: any rows will do, and an order would have all of them read.
                CoreEventId.RowLimitingOperationWithoutOrderByWarning
            )
        );
    }
}
