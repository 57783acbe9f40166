using System.Net;
using System.Text.RegularExpressions;
using AngleSharp.Html.Parser;
using Latchkey.Server.Roles;
using Latchkey.Server.Settings.Setup;
using Latchkey.Server.SignIn.Passwords;
using Latchkey.Server.Tests.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Latchkey.Server.Tests.Settings;

public abstract partial class SetupTests(TestDatabase database) : IAsyncLifetime
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string CodeFile => Path.Combine(database.Folder, SetupCode.FileName);

    public async ValueTask InitializeAsync()
    {
        await using var db = database.Open();
        await db.Applications.ExecuteDeleteAsync(Ct);
        await db.Groups.ExecuteDeleteAsync(Ct);
        await db.Users.ExecuteDeleteAsync(Ct);
        File.Delete(CodeFile);
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task The_code_makes_the_first_administrator_once_and_signs_them_in()
    {
        await using var server = await TestServer.StartAsync(database);
        var code = CodeIn(server.Console);

        using var led = await server.Client.GetAsync(new Uri("/admin", UriKind.Relative), Ct);
        led.Headers.Location!.OriginalString.ShouldBe("/setup");
        using var made = await SendAsync(server, code.ToLowerInvariant().Replace("-", " "));

        made.StatusCode.ShouldBe(HttpStatusCode.Found);
        made.Headers.GetValues("Set-Cookie")
            .ShouldContain(c => c.StartsWith("latchkey=", StringComparison.Ordinal));
        await using var db = database.Open();
        (await db.Users.SingleAsync(Ct)).Role.ShouldBe(Role.Owner);
        File.Exists(CodeFile).ShouldBeFalse();
        (await db.Settings.AnyAsync(s => s.Name == "setup_code_hash", Ct)).ShouldBeFalse();
        using var again = await server.Client.GetAsync(new Uri("/setup", UriKind.Relative), Ct);
        again.Headers.Location!.OriginalString.ShouldBe("/admin");
    }

    [Theory]
    [InlineData(nameof(Role.Owner))]
    [InlineData(nameof(Role.Administrator))]
    public async Task Where_a_file_made_an_administrator_already_nobody_is_asked_for_a_code(
        string role
    )
    {
        await using (var db = database.Open())
        {
            db.Users.Add(
                new()
                {
                    Username = "root",
                    NormalizedUsername = "ROOT",
                    Email = "root@example.test",
                    SecurityStamp = "1",
                    Role = Enum.Parse<Role>(role),
                    CreatedAt = DateTimeOffset.UnixEpoch,
                    UpdatedAt = DateTimeOffset.UnixEpoch,
                }
            );
            await db.SaveChangesAsync(Ct);
        }
        await using var server = await TestServer.StartAsync(database);

        using var led = await server.Client.GetAsync(new Uri("/admin", UriKind.Relative), Ct);

        led.Headers.Location!.OriginalString.ShouldStartWith("/sign-in");
        server.Console.ShouldNotContain("Setup code");
    }

    [Fact]
    public async Task A_wrong_code_gets_one_calm_sentence_and_makes_nobody()
    {
        await using var server = await TestServer.StartAsync(database);

        using var answer = await SendAsync(server, "AAAA-BBBB-CCCC-DDDD");

        var page = await answer.Content.ReadAsStringAsync(Ct);
        page.ShouldContain("That is not the setup code.");
        await using var db = database.Open();
        (await db.Users.AnyAsync(Ct)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_weak_password_is_refused_beside_its_field_and_the_code_stays()
    {
        await using var server = await TestServer.StartAsync(database);
        var code = CodeIn(server.Console);

        using var refused = await SendAsync(server, code, password: "short");
        using var made = await SendAsync(server, code);

        (await refused.Content.ReadAsStringAsync(Ct)).ShouldContain("Use at least 12 characters.");
        made.StatusCode.ShouldBe(HttpStatusCode.Found);
    }

    [Fact]
    public async Task Guessing_is_slowed_down()
    {
        await using var server = await TestServer.StartAsync(database);
        var setup = server.Services.GetRequiredService<SetupService>();

        var codes = new List<string>();
        for (var i = 0; i < 12; i++)
        {
            var outcome = await setup.CompleteAsync("guess", new(), "192.0.2.1", Ct);
            codes.Add(outcome.Problems[0].Code);
        }

        codes.Take(10).ShouldAllBe(c => c == "setup-code-wrong");
        codes.Skip(10).ShouldAllBe(c => c == "setup-too-many-tries");
    }

    [Fact]
    public async Task The_file_is_for_its_owner_alone_and_a_second_start_shows_the_same_code()
    {
        string first;
        await using (var server = await TestServer.StartAsync(database))
        {
            first = CodeIn(server.Console);
        }
        await using var second = await TestServer.StartAsync(database);

        CodeIn(second.Console).ShouldBe(first);
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(CodeFile).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    [Fact]
    public async Task The_demo_organisation_is_made_once_with_passwords_that_open_it()
    {
        var variables = new Dictionary<string, string>
        {
            ["LATCHKEY_DEMO"] = "1",
            ["LATCHKEY_DEMO_APPLICATION"] = "http://127.0.0.1:8081",
        };
        await using var first = await TestServer.StartAsync(database, variables);
        await using var second = await TestServer.StartAsync(database, variables);

        var password = DemoPassword().Match(first.Console).Groups["password"].Value;
        var verified = await first
            .Services.GetRequiredService<PasswordService>()
            .VerifyAsync("ada", password, new(System.Net.IPAddress.Loopback), Ct);
        verified.Verdict.ShouldBe(PasswordVerdict.Correct);
        second.Console.ShouldBeEmpty();
        await using var db = database.Open();
        (await db.Users.CountAsync(Ct)).ShouldBe(3);
        var sample = await db.Applications.SingleAsync(Ct);
        sample.AcsEndpoints[0].Location.ShouldBe("http://127.0.0.1:8081/signin-saml2");
        sample.Active.ShouldBeTrue();
    }

    private static string CodeIn(string console) => Code().Match(console).Groups["code"].Value;

    private static async Task<HttpResponseMessage> SendAsync(
        TestServer server,
        string code,
        string password = "correct horse battery"
    )
    {
        using var page = await server.Client.GetAsync(new Uri("/setup", UriKind.Relative), Ct);
        var html = await page.Content.ReadAsStringAsync(Ct);
        page.StatusCode.ShouldBe(HttpStatusCode.OK, html);
        var token = new HtmlParser()
            .ParseDocument(html)
            .QuerySelector("input[name=__token]")!
            .GetAttribute("value")!;
        using var request = new HttpRequestMessage(HttpMethod.Post, "/setup")
        {
            Content = new FormUrlEncodedContent(
                new Dictionary<string, string>
                {
                    ["Input.Code"] = code,
                    ["Input.Username"] = "root",
                    ["Input.Email"] = "root@example.test",
                    ["Input.Password"] = password,
                    ["__token"] = token,
                }
            ),
        };
        foreach (var cookie in page.Headers.GetValues("Set-Cookie"))
        {
            request.Headers.Add("Cookie", cookie.Split(';')[0]);
        }
        return await server.Client.SendAsync(request, Ct);
    }

    [GeneratedRegex(
        "^Setup code: (?<code>[A-Z0-9-]+)$",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Code();

    [GeneratedRegex(
        @"^\s+ada\s+(?<password>\S+)$",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex DemoPassword();
}

public sealed class SetupOnSqlite(SqliteDatabase database)
    : SetupTests(database),
        IClassFixture<SqliteDatabase>;

public sealed class SetupOnPostgreSql(PostgreSqlDatabase database)
    : SetupTests(database),
        IClassFixture<PostgreSqlDatabase>;
