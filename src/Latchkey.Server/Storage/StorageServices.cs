using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
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
        services.AddScoped(provider =>
            provider.GetRequiredService<IDbContextFactory<LatchkeyDbContext>>().CreateDbContext()
        );
        services.AddSingleton<GroupCommit>();
        services.AddSingleton<DatabaseStart>();
        return services;
    }

    public static void Configure(
        DbContextOptionsBuilder options,
        DatabaseAddress address,
        NpgsqlDataSource? source = null
    )
    {
        if (address.Engine == StorageEngine.Sqlite)
        {
            options.UseSqlite(address.ConnectionString).AddInterceptors(new SqliteSettings());
        }
        else if (source is not null)
        {
            options.UseNpgsql(source);
        }
        else
        {
            options.UseNpgsql(address.ConnectionString);
        }
        options.AddInterceptors(new VersionCounter());
        options.ConfigureWarnings(warnings =>
            // Migrations are written by hand, without the snapshot that EF Core would compare with; a test compares instead.
            warnings.Ignore(RelationalEventId.PendingModelChangesWarning)
        );
    }
}
