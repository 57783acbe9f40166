using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Latchkey.Cli.Server;
using Latchkey.Saml.Metadata;
using Latchkey.Saml.Protocol;
using Latchkey.Server.Api.Tokens;
using Latchkey.Server.Applications;
using Latchkey.Server.Certificates;
using Latchkey.Server.Directory;
using Latchkey.Server.Roles;
using Latchkey.Server.Tests.Storage;
using Latchkey.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Latchkey.Server.Tests.Api;

/// <summary>An organisation with everything in it, written to a file by the command line and made again from it elsewhere.</summary>
public abstract class RoundTripTests(TestDatabase from, TestDatabase into) : IAsyncLifetime
{
    private const string Variable = "LATCHKEY_PASSWORD_GRACE";
    private const string MailVariable = "LATCHKEY_MAIL_PASSWORD";
    private const string KeyVariable = "LATCHKEY_PRIVATE_KEY_OWN_PAIR";
    private const string NextKeyVariable = "LATCHKEY_NEXT_PRIVATE_KEY_OWN_PAIR";

    // Variables are of the whole process: both engines use the same pairs.
    private static readonly (string Certificate, string PrivateKey) s_pair = KeyPairs.Make();
    private static readonly (string Certificate, string PrivateKey) s_next = KeyPairs.Make();

    private static readonly Uri s_address = new("http://127.0.0.1:8080");

    private readonly StringWriter _output = new();
    private readonly StringWriter _errors = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        Environment.SetEnvironmentVariable(Variable, "only for a test, not short");
        Environment.SetEnvironmentVariable(MailVariable, "only for a test");
        Environment.SetEnvironmentVariable(KeyVariable, s_pair.PrivateKey);
        Environment.SetEnvironmentVariable(NextKeyVariable, s_next.PrivateKey);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _output.Dispose();
        _errors.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task An_organisation_goes_to_a_file_and_back_without_a_difference()
    {
        await using var first = await StartAsync(from);
        await FillAsync(first);
        var file = new FileInfo(Path.Combine(from.Folder, "organization.yaml"));
        var token = await TokenAsync(first);

        // Out, and nothing would change where it came from.
        (await ExportAsync(first, token, file)).ShouldBe(ExitCodes.Done, _errors.ToString());
        var text = await File.ReadAllTextAsync(file.FullName, Ct);
        (await PlanAsync(first, token, file)).ShouldBe(ExitCodes.Done, _errors.ToString());
        _output.ToString().ShouldStartWith("No difference:");

        // Into an empty installation, and out again.
        await using var second = await StartAsync(into);
        var other = await TokenAsync(second);
        (await ApplyAsync(second, other, file)).ShouldBe(ExitCodes.Done, _errors.ToString());
        var again = new FileInfo(Path.Combine(into.Folder, "organization.yaml"));
        (await ExportAsync(second, other, again)).ShouldBe(ExitCodes.Done, _errors.ToString());
        (await File.ReadAllTextAsync(again.FullName, Ct)).ShouldBe(text);

        // No secret is in the file, and the one it names was used.
        text.ShouldContain($"env: {Variable}");
        text.ShouldContain($"env: {MailVariable}");
        text.ShouldContain($"env: {KeyVariable}");
        text.ShouldContain($"env: {NextKeyVariable}");
        text.ShouldNotContain("-----BEGIN");
        text.ShouldNotContain(s_pair.PrivateKey.Split('\n')[1]);
        text.ShouldNotContain(s_next.PrivateKey.Split('\n')[1]);
        text.ShouldNotContain("only for a test");
        await using var db = into.Open();
        (await db.Users.SingleAsync(u => u.Username == "grace", Ct)).PasswordHash.ShouldNotBeNull();
        (await db.ApplicationCertificates.CountAsync(Ct)).ShouldBe(3);
        // The pair of one's own signs here too, and the one that follows it waits for the same day; the other application has a key made here.
        var own = await db
            .ApplicationCertificates.Where(c => c.Uploaded)
            .OrderBy(c => c.SignsFrom)
            .Select(c => c.Certificate)
            .ToListAsync(Ct);
        own.Count.ShouldBe(2);
        own[0].ShouldBe(KeyPairs.Der(s_pair.Certificate));
        own[1].ShouldBe(KeyPairs.Der(s_next.Certificate));
        (await db.ScheduledStates.CountAsync(Ct)).ShouldBe(2);
        // What was planned for a time that had passed had come already.
        (await db.Users.SingleAsync(u => u.Username == "left", Ct)).State.ShouldBe(
            UserState.Suspended
        );
    }

    [Fact]
    public async Task What_is_wrong_with_a_setting_is_a_problem_of_its_line_and_nothing_is_kept()
    {
        await using var server = await StartAsync(into);
        var file = new FileInfo(Path.Combine(into.Folder, "settings.yaml"));
        await File.WriteAllTextAsync(
            file.FullName,
            """
            settings:
              events: { days: 777 }
              sessions:
                idle_minutes: 1
            mail_templates:
              - template: welcome
                body: "{nobody}"
            password_policies:
              - name: Weak
                rules: { min_length: 1 }
            """,
            Ct
        );

        (await ApplyAsync(server, await TokenAsync(server), file)).ShouldBe(ExitCodes.Refused);

        _errors.ToString().ShouldContain($"{file}:4: ");
        await using var db = into.Open();
        (await db.Settings.AnyAsync(s => s.Value == "777", Ct)).ShouldBeFalse();
    }

    [Fact]
    public async Task Of_a_file_that_fails_at_its_end_nothing_at_all_is_kept()
    {
        await using var server = await StartAsync(into);
        var token = await TokenAsync(server);
        // An auditor's account is not an owner's to lose: the last owner steps down, found only while it is applied.
        var file = new FileInfo(Path.Combine(into.Folder, "fails.yaml"));
        await File.WriteAllTextAsync(
            file.FullName,
            "users:\n  - { username: early, email: early@example.test }\n  - { username: root, role: none }\n",
            Ct
        );

        (await ApplyAsync(server, token, file)).ShouldBe(ExitCodes.Refused);

        _errors.ToString().ShouldStartWith($"{file}:3: ");
        await using var db = into.Open();
        (await db.Users.AnyAsync(u => u.Username == "early", Ct)).ShouldBeFalse();
        (await db.Events.AnyAsync(e => e.TargetName == "early", Ct)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_new_user_whose_password_is_not_there_is_a_problem_of_its_line()
    {
        await using var server = await StartAsync(into);
        var file = new FileInfo(Path.Combine(into.Folder, "unset.yaml"));
        await File.WriteAllTextAsync(
            file.FullName,
            "users:\n  - username: nobody\n    email: nobody@example.test\n    password: { env: LATCHKEY_NOT_SET }\n",
            Ct
        );

        (await PlanAsync(server, await TokenAsync(server), file)).ShouldBe(ExitCodes.Refused);

        _errors.ToString().ShouldContain($"{file}:4: ");
        _errors.ToString().ShouldContain("env:LATCHKEY_NOT_SET");
    }

    private static async Task FillAsync(TestServer server)
    {
        await using var scope = server.Services.CreateAsyncScope();
        var applications = scope.ServiceProvider.GetRequiredService<ApplicationService>();
        var file = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N") + ".yaml");
        await File.WriteAllTextAsync(
            file,
            Declared
                .Replace("SOON", InDays(30), StringComparison.Ordinal)
                .Replace("LATER", InDays(60), StringComparison.Ordinal),
            Ct
        );
        var errors = new StringWriter();
        var done = await new ApplyCommand(TextWriter.Null, errors, server.Transport()).RunAsync(
            new FileInfo(file),
            new ServerAddress(s_address, await TokenAsync(server)),
            planOnly: false,
            Ct
        );
        done.ShouldBe(ExitCodes.Done, errors.ToString());
        var groups = scope.ServiceProvider.GetRequiredService<GroupService>();
        var users = scope.ServiceProvider.GetRequiredService<UserService>();
        var certificate = Certificate();
        var made = await applications.CreateAsync(
            new ApplicationInput
            {
                Slug = "everything",
                Label = "Everything: \"quoted\" – ünïcode 🙂",
                Description = "Two\nlines",
                Color = "plum",
                Categories = ["work", "a b"],
                Hidden = true,
                IdpEntityId = "urn:example:idp",
                SpEntityId = "https://app.example.test/sp?x=1",
                AcsEndpoints =
                [
                    new(SamlBindings.Post, "https://app.example.test/acs", 3, true),
                    new(SamlBindings.Artifact, "https://app.example.test/art", 7, false),
                ],
                SloEndpoints =
                [
                    new Endpoint(
                        SamlBindings.Redirect,
                        "https://app.example.test/slo",
                        "https://app.example.test/slo-done"
                    ),
                ],
                SpSigningCertificates = [certificate],
                SpEncryptionCertificates = [certificate],
                EncryptAssertions = true,
                ContentEncryption = Latchkey.Saml.Issuing.ContentEncryption.Aes128Gcm,
                KeyEncryption = Latchkey.Saml.Issuing.KeyEncryption.RsaOaepSha256,
                WantAssertionsSigned = true,
                RequiredAttributes = ["mail"],
                RequireSignedRequests = true,
                ClockSkewSeconds = 60,
                AssertionLifetimeSeconds = 120,
                SessionLifetimeMinutes = 30,
                AuthnContext = new(
                    null,
                    [new("otp", "urn:oasis:names:tc:SAML:2.0:ac:classes:TimeSyncToken")]
                ),
                AnswerFailures = true,
                NameIdSource = "expression:lower(email)",
                NameIdFormat = NameIdFormats.Persistent,
                Sign = Latchkey.Saml.Issuing.SignedParts.Response,
                SignatureAlgorithm = Latchkey.Saml.Keys.SignatureAlgorithm.RsaSha512,
                // Mixed, as the page can order them.
                Attributes =
                [
                    new("fixed", AttributeKind.Constant, "1", AttributeNameFormats.Basic, "Fixed"),
                    new("mail", AttributeKind.User, "email", AttributeNameFormats.Uri, "Mail"),
                    new("name", AttributeKind.Expression, "upper(lastname)"),
                    new("groups", AttributeKind.Groups, Groups: new("aws-*", ",", "role")),
                    new("how", AttributeKind.AuthnMethods),
                ],
                DefaultRelayState = "/start",
                LoginUrl = "https://app.example.test/login",
                DeclareRedirectEndpoint = false,
                Logo =
                    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==",
                GroupIds = [(await groups.FindByNameAsync("Laboratory", Ct))!.Id],
                UserIds = [(await users.FindByUsernameAsync("grace", Ct))!.Id],
                Active = true,
            },
            Ct
        );
        made.Problems.ShouldBeEmpty();
        var own = await applications.CreateAsync(
            new ApplicationInput
            {
                Slug = "own-pair",
                Label = "Own pair",
                SpEntityId = "urn:example:own",
                AcsEndpoints = ApplicationInput.AcsFrom(["https://own.example.test/acs"]),
            },
            Ct
        );
        var rotation = scope.ServiceProvider.GetRequiredService<CertificateRotation>();
        (
            await rotation.AddOwnAsync(
                own.Value!.Id,
                new(s_pair.Certificate + s_pair.PrivateKey, null, null),
                Ct
            )
        ).Problems.ShouldBeEmpty();
        await applications.ActivateAsync(own.Value!.Id, Ct);
        (
            await rotation.AddOwnAsync(
                own.Value!.Id,
                new(s_next.Certificate + s_next.PrivateKey, null, null),
                Ct
            )
        ).Problems.ShouldBeEmpty();
        (
            await rotation.SwitchAsync(
                own.Value!.Id,
                DateTimeOffset.Parse(InDays(20), System.Globalization.CultureInfo.InvariantCulture),
                Ct
            )
        ).Problems.ShouldBeEmpty();
    }

    private const string Declared = """
        custom_attributes:
          - { name: floor, label: Floor, description: "Which one", type: number }
        users:
          - username: grace
            email: grace@example.test
            firstname: Grace
            displayname: "Grace: \"the\" Hopper"
            manager: zoe
            schedule: [{ state: suspended, at: "SOON" }, { state: activated, at: "LATER", mail: true, mail_to: desk@example.test }]
            password: { env: LATCHKEY_PASSWORD_GRACE }
            attributes: { floor: "3", keys: [a, "yes", "#b"] }
            addresses: [{ kind: work, street: "1 Main St", country: GB }]
            phone_numbers: [{ kind: mobile, number: "+44 1" }]
            role: help_desk
          - { username: zoe, email: zoe@example.test, state: suspended }
          - { username: left, email: left@example.test, state: activated, schedule: [{ state: suspended, at: "2020-01-31T18:00:00Z" }] }
        groups:
          - name: Laboratory
            description: "Who works: there"
            members: [grace]
            rule: { match: any, conditions: [{ attribute: "custom:floor", operator: is, value: "3" }, { attribute: company, operator: is_not_empty }] }
            attributes: [{ name: lab, type: boolean, value: "true" }]
          - { name: Empty }
        applications:
          - { kind: bookmark, slug: docs, label: Docs, login_url: "https://docs.example.test/", groups: [Empty], active: true }
          - { slug: chat, connector: slack, connector_variables: { domain: example }, users: [zoe] }
        settings:
          portal: { profile_editable: true, help_name: Desk, help_address: "mailto:desk@example.test", accent: "#123456" }
          sessions: { idle_minutes: 45, keeps_cookie: true }
          sign_in: { everybody: true, enrolment_days: 21, groups: [Laboratory], applications: [chat] }
          users: { import: staged }
          events: { days: 400 }
          mail: { host: smtp.example.test, security: tls, username: sso, password: { env: LATCHKEY_MAIL_PASSWORD }, from: sso@example.test, from_name: "Sso: desk" }
        mail_templates:
          - { template: welcome, subject: "Hi {name}", body: "One\n\nTwo", contact: "" }
        password_policies:
          - { name: Laboratory, position: 1, groups: [Laboratory], rules: { min_length: 16, expiry_days: 90, count_from: "2026-01-01T00:00:00Z" } }
          - { name: Second, groups: [Empty] }
          - { name: Default, rules: { history: 3 } }
        """;

    private static string InDays(int days) =>
        DateTimeOffset.UtcNow.AddDays(days).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", null);

    private static string Certificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest(
            "CN=sp",
            key,
            HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1
        );
        using var certificate = request.CreateSelfSigned(
            DateTimeOffset.UtcNow,
            DateTimeOffset.UtcNow.AddYears(1)
        );
        return Convert.ToBase64String(certificate.RawData);
    }

    private static Task<TestServer> StartAsync(TestDatabase database) =>
        TestServer.StartAsync(database);

    /// <summary>Of the owner "root", whom both installations have.</summary>
    private static async Task<string> TokenAsync(TestServer server)
    {
        await using var scope = server.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserService>();
        var root =
            await users.FindByUsernameAsync("root", Ct)
            ?? (
                await users.CreateAsync(
                    new UserInput
                    {
                        Username = "root",
                        Email = "root@example.test",
                        Role = Latchkey.Server.Roles.Role.Owner,
                    },
                    Ct
                )
            ).Value!;
        var tokens = scope.ServiceProvider.GetRequiredService<ApiTokenService>();
        return (await tokens.CreateAsync("test", root.Id, Ct)).Value!.Secret;
    }

    private Task<int> ExportAsync(TestServer server, string token, FileInfo file) =>
        new ExportCommand(_output, _errors, server.Transport()).RunAsync(
            new ServerAddress(s_address, token),
            file,
            passwords: true,
            Ct
        );

    private Task<int> PlanAsync(TestServer server, string token, FileInfo file) =>
        RunAsync(server, token, file, planOnly: true);

    private Task<int> ApplyAsync(TestServer server, string token, FileInfo file) =>
        RunAsync(server, token, file, planOnly: false);

    private Task<int> RunAsync(TestServer server, string token, FileInfo file, bool planOnly) =>
        new ApplyCommand(_output, _errors, server.Transport()).RunAsync(
            file,
            new ServerAddress(s_address, token),
            planOnly,
            Ct
        );
}

public sealed class RoundTripOnSqlite(SqliteDatabase from, RoundTripOnSqlite.Second into)
    : RoundTripTests(from, into),
        IClassFixture<SqliteDatabase>,
        IClassFixture<RoundTripOnSqlite.Second>
{
    public sealed class Second() : TestDatabase(Engine.Sqlite);
}

public sealed class RoundTripOnPostgreSql(
    PostgreSqlDatabase from,
    RoundTripOnPostgreSql.Second into
)
    : RoundTripTests(from, into),
        IClassFixture<PostgreSqlDatabase>,
        IClassFixture<RoundTripOnPostgreSql.Second>
{
    public sealed class Second() : TestDatabase(Engine.PostgreSql);
}
