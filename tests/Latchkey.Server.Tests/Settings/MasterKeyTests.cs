using System.Security.Cryptography;
using Latchkey.Server.Settings;
using Latchkey.Server.Settings.Keys;
using Latchkey.Server.Storage;
using Latchkey.Server.Tests.Storage;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Latchkey.Server.Tests.Settings;

public sealed class MasterKeyTests
{
    private static readonly byte[] s_content = [1, 2, 3];

    [Fact]
    public void What_is_sealed_opens_with_the_same_key_and_purpose()
    {
        var key = new MasterKey(RandomNumberGenerator.GetBytes(32));

        key.Open("a", key.Seal("a", s_content)).ShouldBe(s_content);
    }

    [Fact]
    public void Another_key_another_purpose_or_a_changed_byte_opens_nothing()
    {
        var key = new MasterKey(RandomNumberGenerator.GetBytes(32));
        var changed = key.Seal("a", s_content);
        changed[^1] ^= 1;

        new MasterKey(RandomNumberGenerator.GetBytes(32))
            .Open("a", key.Seal("a", s_content))
            .ShouldBeNull();
        key.Open("b", key.Seal("a", s_content)).ShouldBeNull();
        key.Open("a", changed).ShouldBeNull();
        key.Open("a", []).ShouldBeNull();
    }
}

public abstract class KeyRingTests(TestDatabase database)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_ring_made_under_one_master_key_opens_again_under_it_and_under_no_other()
    {
        var key = RandomNumberGenerator.GetBytes(32);
        byte[] protectedBytes;
        await using (var first = await NodeAsync(key))
        {
            protectedBytes = Protector(first).Protect([42]);
        }

        await using var second = await NodeAsync(key);
        Protector(second).Unprotect(protectedBytes).ShouldBe([42]);
        await using var db = database.Open();
        (await db.DataProtectionKeys.AsNoTracking().ToListAsync(Ct)).ShouldAllBe(k =>
            k.Xml.Contains("<sealed") && !k.Xml.Contains("masterKey")
        );
        var refusal = await Should.ThrowAsync<StartRefusedException>(() =>
            NodeAsync(RandomNumberGenerator.GetBytes(32))
        );
        refusal.Message.ShouldContain("LATCHKEY_MASTER_KEY is not the master key of the database");
    }

    private static IDataProtector Protector(IServiceProvider services) =>
        services.GetRequiredService<IDataProtectionProvider>().CreateProtector("test");

    private async Task<ServiceProvider> NodeAsync(byte[] masterKey)
    {
        var options = EnvironmentReader.Read([new("LATCHKEY_DATABASE", database.Address)]) with
        {
            MasterKey = masterKey,
        };
        var services = new ServiceCollection()
            .AddLogging()
            .AddStorage(options.Database)
            .AddSettings(options)
            .BuildServiceProvider();
        await services.GetRequiredService<MasterKeySource>().OpenAsync(Ct);
        services.GetRequiredService<KeyRing>().Open();
        return services;
    }
}

public sealed class KeyRingOnSqlite(SqliteDatabase database)
    : KeyRingTests(database),
        IClassFixture<SqliteDatabase>;

public sealed class KeyRingOnPostgreSql(PostgreSqlDatabase database)
    : KeyRingTests(database),
        IClassFixture<PostgreSqlDatabase>;
