using Latchkey.Server.Certificates;
using Latchkey.Server.Storage;
using Latchkey.Testing;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;

namespace Latchkey.Server.Tests.Storage;

/// <summary>Key pairs from before it was written down which of them were made elsewhere.</summary>
public sealed class FormerUploadsTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Engine.Sqlite)]
    [InlineData(Engine.PostgreSql)]
    public async Task What_cannot_have_been_made_here_is_known_as_uploaded_after_the_migration(
        Engine engine
    )
    {
        using var folder = new TemporaryFolder();
        await using var postgres =
            engine == Engine.PostgreSql ? await PostgresDatabase.CreateAsync() : null;
        await using var node = new ServiceCollection()
            .AddLogging()
            .AddStorage(
                DatabaseAddress.Parse(postgres?.Address ?? folder.File("latchkey.db"), folder.Path)
            )
            .AddSingleton(TimeProvider.System)
            .AddSingleton<SignatureCounts>()
            .BuildServiceProvider();
        await using var db = await node.GetRequiredService<IDbContextFactory<LatchkeyDbContext>>()
            .CreateDbContextAsync(Ct);
        await db.GetService<IMigrator>().MigrateAsync("20261130301000_ApplicationSearchOrder", Ct);
        var application = Rows.Application();
        db.Applications.Add(application);
        ApplicationCertificate Stored(TimeSpan ago, Func<DateTimeOffset, DateTimeOffset> end) =>
            new()
            {
                ApplicationId = application.Id,
                Certificate = [1],
                ProtectedPrivateKey = [1],
                NotBefore = Rows.Now - ago,
                NotAfter = end(Rows.Now - ago),
                CreatedAt = Rows.Now,
            };
        var madeHere = new CertificateService(
            new EphemeralDataProtectionProvider(),
            node.GetRequiredService<SignatureCounts>(),
            new KeyPairMaker(),
            TimeProvider.System
        ).Create(application, new KeyChoice(KeyKind.P256));
        var madeSlowly = Stored(TimeSpan.FromMinutes(5.8), start => start.AddYears(3));
        var ofAYear = Stored(TimeSpan.FromMinutes(5), start => start.AddYears(1));
        var ofYesterday = Stored(TimeSpan.FromDays(1), start => start.AddYears(3));
        var ofThisMoment = Stored(TimeSpan.Zero, start => start.AddYears(3));
        db.ApplicationCertificates.AddRange(
            madeHere,
            madeSlowly,
            ofAYear,
            ofYesterday,
            ofThisMoment
        );
        await db.SaveChangesAsync(Ct);

        await node.GetRequiredService<DatabaseStart>().RunAsync(cancellationToken: Ct);

        var uploaded = await db
            .ApplicationCertificates.Where(c => c.Uploaded)
            .Select(c => c.Id)
            .ToListAsync(Ct);
        uploaded.ShouldBe([ofAYear.Id, ofYesterday.Id, ofThisMoment.Id], ignoreOrder: true);
    }
}
