using Latchkey.Server.Certificates;
using Latchkey.Server.Tests.SingleSignOn;

namespace Latchkey.Server.Tests.Certificates;

/// <summary>Every signature is counted for the certificate that it was made with (rule I6).</summary>
[Trait("Rule", "I6")]
public abstract class SignatureCountTests(TestIdentityProvider host)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_sign_in_counts_its_two_signatures_and_writes_them_down_later()
    {
        var sp = new TestServiceProvider(host.Clock);
        var user = await host.AddUserAsync();
        var made = await host.AddApplicationAsync(sp, null, user);
        var browser = await host.SignedInAsync(user);
        for (var i = 0; i < 3; i++)
        {
            sp.Accept(await browser.OpenAsync($"/saml2/{sp.Slug}", "none"), null);
        }
        var before = await host.Queries.ActiveCertificateAsync(made.Id);

        await host.Service<SignatureCounts>().FlushAsync(Ct);
        await host.Service<SignatureCounts>().FlushAsync(Ct);

        before!.Signatures.ShouldBe(0);
        (await host.Queries.ActiveCertificateAsync(made.Id))!.Signatures.ShouldBe(6);
    }

    public sealed class OnSqlite(SqliteIdentityProvider host)
        : SignatureCountTests(host),
            IClassFixture<SqliteIdentityProvider>;

    public sealed class OnPostgreSql(PostgreSqlIdentityProvider host)
        : SignatureCountTests(host),
            IClassFixture<PostgreSqlIdentityProvider>;
}
