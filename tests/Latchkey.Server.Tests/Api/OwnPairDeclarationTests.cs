using System.Security.Cryptography.X509Certificates;
using Latchkey.Cli.Server;
using Latchkey.Server.Api.Declaration;
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

    private string Pkcs12 => Path.Combine(Database.Folder, $"{Mark}.p12");

    private string NextSecret => Path.Combine(Database.Folder, $"{Mark}-next.key");

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

    [Fact]
    public async Task The_pair_that_waits_comes_with_the_one_that_signs_and_neither_key_is_needed_again()
    {
        var (first, second) = await PairsAsync();
        var text = File(first, $"file: {Mark}.key", Next(second));

        (await RunAsync(text)).ShouldBe(ExitCodes.Done, _errors.ToString());
        System.IO.File.Delete(Secret);
        System.IO.File.Delete(NextSecret);
        (await RunAsync(text, planOnly: true)).ShouldBe(ExitCodes.Done, _errors.ToString());

        _output.ToString().ShouldContain("No difference:");
        var set = await SetAsync();
        set.Active!.Certificate.ShouldBe(KeyPairs.Der(first));
        set.Next!.Certificate.ShouldBe(KeyPairs.Der(second));
        set.SwitchAt.ShouldBeNull();
    }

    [Fact]
    public async Task Where_nothing_signs_a_key_is_made_here_and_the_pair_that_waits_goes_on_waiting()
    {
        var (_, second) = await PairsAsync();
        var text = File(null, "", Next(second)).Replace("active: true", "active: false");

        (await RunAsync(text)).ShouldBe(ExitCodes.Done, _errors.ToString());

        _output.ToString().ShouldContain("key_pair: \"made here");
        var set = await SetAsync();
        set.Active!.Uploaded.ShouldBeFalse();
        set.Next!.Certificate.ShouldBe(KeyPairs.Der(second));
    }

    [Fact]
    public async Task A_switch_is_planned_for_the_time_that_the_file_says_and_moved_with_it()
    {
        var (first, second) = await PairsAsync();
        var at = new DateTimeOffset(
            DateTimeOffset.UtcNow.UtcDateTime.Date.AddDays(30),
            TimeSpan.Zero
        );

        (await RunAsync(File(first, $"file: {Mark}.key", Next(second, at)))).ShouldBe(
            ExitCodes.Done,
            _errors.ToString()
        );
        (await SetAsync()).SwitchAt.ShouldBe(at);
        (await RunAsync(File(first, $"file: {Mark}.key", Next(second, at.AddDays(1))))).ShouldBe(
            ExitCodes.Done,
            _errors.ToString()
        );

        _output.ToString().ShouldContain("next_key_pair.switch_at: ");
        var set = await SetAsync();
        set.SwitchAt.ShouldBe(at.AddDays(1));
        set.Active!.RetireAt.ShouldBe(at.AddDays(1) + CertificateRotation.Overlap);
    }

    [Fact]
    public async Task A_time_said_more_finely_than_it_is_kept_is_no_difference_afterwards()
    {
        var (first, second) = await PairsAsync();
        var day = DateTimeOffset.UtcNow.UtcDateTime.Date.AddDays(30);
        var text = File(
            first,
            $"file: {Mark}.key",
            Next(second, new DateTimeOffset(day, TimeSpan.Zero).AddTicks(1234567))
        );

        (await RunAsync(text)).ShouldBe(ExitCodes.Done, _errors.ToString());
        (await RunAsync(text, planOnly: true)).ShouldBe(ExitCodes.Done, _errors.ToString());

        _output.ToString().ShouldContain("No difference:");
    }

    [Fact]
    public async Task Of_a_file_that_is_older_than_its_switch_the_next_pair_signs_in_an_empty_installation()
    {
        var (first, second) = await PairsAsync();
        var text = File(
            first,
            $"file: {Mark}.key",
            Next(second, DateTimeOffset.UtcNow.AddHours(-1))
        );

        (await RunAsync(text)).ShouldBe(ExitCodes.Done, _errors.ToString());
        (await RunAsync(text, planOnly: true)).ShouldBe(ExitCodes.Done, _errors.ToString());

        _output.ToString().ShouldContain("No difference:");
        var set = await SetAsync();
        set.Active!.Certificate.ShouldBe(KeyPairs.Der(second));
        set.Former.ShouldHaveSingleItem().Certificate.ShouldBe(KeyPairs.Der(first));
    }

    [Fact]
    public async Task A_time_that_has_passed_switches_nothing_where_another_pair_signs()
    {
        var (first, second) = await PairsAsync();
        await RunAsync(File(first, $"file: {Mark}.key"));
        var past = DateTimeOffset.UtcNow.AddHours(-1);

        (await RunAsync(File(first, $"file: {Mark}.key", Next(second, past)))).ShouldBe(
            ExitCodes.Refused
        );

        _errors.ToString().ShouldContain($"{Document}:8: ");
        (await SetAsync()).Next.ShouldBeNull();
    }

    [Fact]
    public async Task While_one_waits_another_is_refused()
    {
        var (first, second) = await PairsAsync();
        await RunAsync(File(first, $"file: {Mark}.key", Next(second)));
        var third = KeyPairs.Make();
        await System.IO.File.WriteAllTextAsync(NextSecret, third.PrivateKey, Ct);

        (await RunAsync(File(first, $"file: {Mark}.key", Next(third.Certificate)))).ShouldBe(
            ExitCodes.Refused
        );

        _errors.ToString().ShouldContain($"{Document}:8: ");
        (await SetAsync()).Next!.Certificate.ShouldBe(KeyPairs.Der(second));
    }

    [Fact]
    public async Task The_pair_that_signs_does_not_wait_too()
    {
        var (first, _) = await PairsAsync();

        (await RunAsync(File(first, $"file: {Mark}.key", Next(first)))).ShouldBe(ExitCodes.Refused);

        _errors.ToString().ShouldContain($"{Document}:8: This certificate is here already.");
    }

    [Fact]
    public async Task A_PKCS12_file_and_its_password_are_taken_and_not_needed_again_where_the_certificate_is_named()
    {
        var certificate = await Pkcs12Async("opens it");
        var text = InFile(
            $"certificate: {certificate}, pkcs12: {{ file: {Mark}.p12 }}, password: {{ file: {Mark}.password }}"
        );

        (await RunAsync(text)).ShouldBe(ExitCodes.Done, _errors.ToString());
        System.IO.File.Delete(Pkcs12);
        (await RunAsync(text, planOnly: true)).ShouldBe(ExitCodes.Done, _errors.ToString());

        _output.ToString().ShouldContain("No difference:");
        var signing = (await SetAsync()).Active!;
        (signing.Uploaded, Convert.ToBase64String(signing.Certificate)).ShouldBe(
            (true, certificate)
        );
    }

    [Fact]
    public async Task The_certificate_in_a_PKCS12_file_need_not_be_named()
    {
        var certificate = await Pkcs12Async("opens it");
        var text = InFile($"pkcs12: {{ file: {Mark}.p12 }}, password: {{ file: {Mark}.password }}");

        (await RunAsync(text)).ShouldBe(ExitCodes.Done, _errors.ToString());
        (await RunAsync(text, planOnly: true)).ShouldBe(ExitCodes.Done, _errors.ToString());

        _output.ToString().ShouldContain("No difference:");
        Convert.ToBase64String((await SetAsync()).Active!.Certificate).ShouldBe(certificate);
    }

    [Fact]
    public async Task A_variable_holds_a_PKCS12_file_in_base64()
    {
        var certificate = await Pkcs12Async(null);
        var variable = $"LATCHKEY_TEST_{Mark}";
        Environment.SetEnvironmentVariable(
            variable,
            Convert.ToBase64String(await System.IO.File.ReadAllBytesAsync(Pkcs12, Ct))
        );

        (await RunAsync(InFile($"pkcs12: {{ env: {variable} }}"))).ShouldBe(
            ExitCodes.Done,
            _errors.ToString()
        );

        Convert.ToBase64String((await SetAsync()).Active!.Certificate).ShouldBe(certificate);
    }

    [Fact]
    public async Task A_file_at_the_start_names_PKCS12_files_beside_itself()
    {
        var certificate = await Pkcs12Async("opens it");
        var problems = new DeclarationProblems();

        await WithAsync<DeclarationService, DeclarationPlan?>(declarations =>
            declarations.RunAsync(
                InFile($"pkcs12: {{ file: {Mark}.p12 }}, password: {{ file: {Mark}.password }}"),
                MetadataFiles.In(Database.Folder),
                problems,
                apply: true,
                Ct
            )
        );

        problems.All.ShouldBeEmpty();
        Convert.ToBase64String((await SetAsync()).Active!.Certificate).ShouldBe(certificate);
    }

    [Theory]
    [InlineData(
        "pkcs12: { file: MARK.p12 }, password: { file: MARK.other }",
        "The password does not open the private key."
    )]
    [InlineData(
        "pkcs12: { file: MARK.p12 }, password: { env: LATCHKEY_NOBODY_SETS_THIS }",
        "The password “env:LATCHKEY_NOBODY_SETS_THIS” of this key pair was not found"
    )]
    [InlineData(
        "pkcs12: { file: nowhere.p12 }",
        "The PKCS#12 file “file:nowhere.p12” was not found"
    )]
    [InlineData("pkcs12: { env: PATH }", "“env:PATH” is not base64")]
    [InlineData(
        "pkcs12: { file: MARK.p12 }, private_key: { file: MARK.key }",
        "“private_key” and “pkcs12” both say where the key is"
    )]
    [InlineData("pkcs12: { file: MARK.other }", "This file is neither PEM nor PKCS#12.")]
    [InlineData(
        "certificate: OTHER, pkcs12: { file: MARK.p12 }, password: { file: MARK.password }",
        "The private key belongs to another certificate."
    )]
    public async Task What_is_wrong_with_a_PKCS12_file_is_a_problem_of_its_line_and_nothing_is_made(
        string pair,
        string sentence
    )
    {
        await Pkcs12Async("opens it");
        await System.IO.File.WriteAllTextAsync(Path.ChangeExtension(Pkcs12, "other"), "else", Ct);
        var other = Convert.ToBase64String(KeyPairs.Der(KeyPairs.Make().Certificate));

        (
            await RunAsync(
                InFile(
                    pair.Replace("MARK", Mark, StringComparison.Ordinal)
                        .Replace("OTHER", other, StringComparison.Ordinal)
                )
            )
        ).ShouldBe(ExitCodes.Refused);

        _errors.ToString().ShouldContain($"{Document}:7: {sentence}");
        (await SendAsync("GET", $"/applications/{Mark}")).Status.ShouldBe(404);
    }

    /// <summary>A PKCS#12 file beside the declaration, and its password in another.</summary>
    /// <returns>Its certificate, base64 of DER.</returns>
    private async Task<string> Pkcs12Async(string? password)
    {
        var (certificate, key) = KeyPairs.Make();
        using var pair = X509Certificate2.CreateFromPem(certificate, key);
        await System.IO.File.WriteAllBytesAsync(
            Pkcs12,
            pair.Export(X509ContentType.Pkcs12, password),
            Ct
        );
        await System.IO.File.WriteAllTextAsync(
            Path.ChangeExtension(Pkcs12, "password"),
            password + "\n",
            Ct
        );
        return Convert.ToBase64String(pair.RawData);
    }

    private string InFile(string pair) =>
        File(null, "").TrimEnd() + $"\n    key_pair: {{ {pair} }}\n";

    /// <summary>Two certificates whose private keys lie beside the file.</summary>
    private async Task<(string First, string Second)> PairsAsync()
    {
        var (first, second) = (KeyPairs.Make(), KeyPairs.Make());
        await System.IO.File.WriteAllTextAsync(Secret, first.PrivateKey, Ct);
        await System.IO.File.WriteAllTextAsync(NextSecret, second.PrivateKey, Ct);
        return (first.Certificate, second.Certificate);
    }

    private string Next(string certificate, DateTimeOffset? at = null) =>
        $"next_key_pair: {{ certificate: {Convert.ToBase64String(KeyPairs.Der(certificate))}, private_key: {{ file: {Mark}-next.key }}{(at is { } time ? $", switch_at: \"{time.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'}\"" : "")} }}";

    private string File(string? certificate, string reference, string next = "")
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
                {{next}}
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
