using Latchkey.Cli.Server;
using Latchkey.Server.Applications;
using Latchkey.Server.Certificates;
using Latchkey.Server.Tests.Storage;

namespace Latchkey.Server.Tests.Api;

/// <summary>Key pairs of an application's own in a declaration file: the certificate stands there, the private key is only named.</summary>
[Trait("Rule", "J-38")]
public abstract class OwnPairDeclarationTests(TestDatabase database) : ApiTest(database)
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _errors = new();

    private FileInfo Document => new(Path.Combine(Database.Folder, $"{Mark}.yaml"));

    private string Secret => Path.Combine(Database.Folder, $"{Mark}.key");

    [Fact]
    public async Task A_private_key_that_is_not_there_is_a_problem_of_its_line_and_nothing_is_made()
    {
        var (certificate, _) = KeyPairs.Make();

        (await RunAsync(File(certificate, "env: LATCHKEY_NOBODY_SETS_THIS"))).ShouldBe(
            ExitCodes.Refused
        );

        _errors.ToString().ShouldContain($"{Document}:7: ");
        _errors.ToString().ShouldContain("env:LATCHKEY_NOBODY_SETS_THIS");
        (await SendAsync("GET", $"/applications/{Mark}")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task A_new_application_signs_by_its_own_pair_alone_and_needs_the_key_no_more()
    {
        var (certificate, key) = KeyPairs.Make();
        await System.IO.File.WriteAllTextAsync(Secret, key, Ct);
        var text = File(certificate, $"file: {Mark}.key");

        (await RunAsync(text)).ShouldBe(ExitCodes.Done, _errors.ToString());
        System.IO.File.Delete(Secret);
        (await RunAsync(text, planOnly: true)).ShouldBe(ExitCodes.Done, _errors.ToString());

        _output.ToString().ShouldContain("No difference:");
        var set = await SetAsync();
        set.Published.ShouldHaveSingleItem().Certificate.ShouldBe(KeyPairs.Der(certificate));
        set.Active.ShouldNotBeNull();
        (await SendAsync("GET", $"/applications/{Mark}"))["active"].GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task Another_pair_is_published_as_the_next_and_the_plan_names_both()
    {
        var (first, second) = (KeyPairs.Make(), KeyPairs.Make());
        await System.IO.File.WriteAllTextAsync(Secret, first.PrivateKey, Ct);
        await RunAsync(File(first.Certificate, $"file: {Mark}.key"));
        await System.IO.File.WriteAllTextAsync(Secret, second.PrivateKey, Ct);
        _output.GetStringBuilder().Clear();

        (await RunAsync(File(second.Certificate, $"file: {Mark}.key"))).ShouldBe(
            ExitCodes.Done,
            _errors.ToString()
        );

        var set = await SetAsync();
        set.Active!.Certificate.ShouldBe(KeyPairs.Der(first.Certificate));
        set.Next!.Certificate.ShouldBe(KeyPairs.Der(second.Certificate));
        _output.ToString().ShouldContain(CertificateText.Sha256(set.Active.Certificate));
        _output.ToString().ShouldContain(CertificateText.Sha256(set.Next.Certificate));
    }

    [Fact]
    public async Task A_key_of_another_certificate_is_refused()
    {
        await System.IO.File.WriteAllTextAsync(Secret, KeyPairs.Make().PrivateKey, Ct);

        (await RunAsync(File(KeyPairs.Make().Certificate, $"file: {Mark}.key"))).ShouldBe(
            ExitCodes.Refused
        );

        _errors.ToString().ShouldContain($"{Document}:7: ");
        (await SendAsync("GET", $"/applications/{Mark}")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task A_plan_says_where_a_key_will_be_made()
    {
        (await RunAsync(File(null, ""), planOnly: true)).ShouldBe(ExitCodes.Done);

        _output.ToString().ShouldContain("key_pair: \"made here");
    }

    private string File(string? certificate, string reference)
    {
        var pair = certificate is null
            ? ""
            : $"key_pair: {{ certificate: {Convert.ToBase64String(KeyPairs.Der(certificate))}, private_key: {{ {reference} }} }}";
        return $$"""
            applications:
              - slug: {{Mark}}
                label: {{Mark}}
                sp_entity_id: urn:{{Mark}}
                acs_urls: ["https://{{Mark}}.example/acs"]
                active: true
                {{pair}}
            """;
    }

    private async Task<int> RunAsync(string text, bool planOnly = false)
    {
        await System.IO.File.WriteAllTextAsync(Document.FullName, text, Ct);
        return await new ApplyCommand(_output, _errors, Server.Transport()).RunAsync(
            Document,
            new ServerAddress(new("http://127.0.0.1:8080"), await TokenAsync()),
            planOnly,
            Ct
        );
    }

    private Task<CertificateSet> SetAsync() =>
        WithAsync<CertificateRotation, CertificateSet>(async rotation =>
            await rotation.OfAsync(
                (
                    await WithAsync<ApplicationService, Application?>(applications =>
                        applications.FindBySlugAsync(Mark, Ct)
                    )
                )!.Id,
                Ct
            )
        );
}

public sealed class OwnPairDeclarationOnSqlite(SqliteDatabase database)
    : OwnPairDeclarationTests(database),
        IClassFixture<SqliteDatabase>;

public sealed class OwnPairDeclarationOnPostgreSql(PostgreSqlDatabase database)
    : OwnPairDeclarationTests(database),
        IClassFixture<PostgreSqlDatabase>;
