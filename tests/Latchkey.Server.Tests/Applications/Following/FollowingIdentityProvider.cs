using Latchkey.Server.Applications;
using Latchkey.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Latchkey.Server.Tests.Applications.Following;

/// <summary>May fetch from loopback, where the tests' service providers publish.</summary>
public sealed class FollowingOnSqlite() : TestIdentityProvider(Engine.Sqlite)
{
    protected override void Adjust(IServiceCollection services) =>
        services.AddSingleton(PublishedMetadata.Reachable);
}

public sealed class FollowingOnPostgreSql() : TestIdentityProvider(Engine.PostgreSql)
{
    protected override void Adjust(IServiceCollection services) =>
        services.AddSingleton(PublishedMetadata.Reachable);
}
