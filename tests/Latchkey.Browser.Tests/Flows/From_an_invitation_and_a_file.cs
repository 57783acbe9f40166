using System.Text.RegularExpressions;
using Latchkey.Testing;
using Latchkey.Testing.Browsers;
using Microsoft.Playwright;

namespace Latchkey.Browser.Tests.Flows;

/// <summary>People come in: by an invitation that arrives as a mail, and by a file that is checked first.</summary>
public sealed partial class From_an_invitation_and_a_file(Chromium chromium)
{
    private const string Password = "a long enough passphrase";

    [Theory]
    [InlineData(Look.Light)]
    [InlineData(Look.Phone)]
    [InlineData(Look.WithoutScripts)]
    public async Task Somebody_is_invited_chooses_a_password_and_signs_in(Look look)
    {
        using var mails = new TemporaryFolder();
        await using var server = await StartAsync(mails);
        await using var walk = await SignedInAsync(server, look);
        await walk.GoAsync("/admin/users/new");
        await walk.FillAsync("username", "ada");
        await walk.FillAsync("email", "ada@example.test");
        await walk.SubmitAsync();
        await walk.ExamineAsync();

        await using var ada = await Walk.StartAsync(chromium, server, look);
        await ada.GoAsync(await LinkAsync(mails, 1));
        await ChoosePasswordAsync(ada, Password);
        await ada.SignInAsync("ada", Password);
        await ada.ExamineAsync();

        // And once more, having forgotten it.
        await using var later = await Walk.StartAsync(chromium, server, look);
        await later.GoAsync("/sign-in");
        await later.ClickAsync(later.Page.Locator("a[href='/forgot-password']"));
        await later.ExamineAsync();
        await later.FillAsync("username", "ada@example.test");
        await later.SubmitAsync();
        await later.ExamineAsync();
        await later.GoAsync(await LinkAsync(mails, 2));
        await ChoosePasswordAsync(later, "another long passphrase");
        await later.SignInAsync("ada", "another long passphrase");

        walk.Findings.Concat(ada.Findings).Concat(later.Findings).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(Look.Dark)]
    [InlineData(Look.Phone)]
    [InlineData(Look.WithoutScripts)]
    public async Task A_file_is_checked_then_imported(Look look)
    {
        using var folder = new TemporaryFolder();
        await using var server = await StartAsync(folder);
        await using var walk = await SignedInAsync(server, look);
        var file = folder.File("users.csv");
        await File.WriteAllTextAsync(
            file,
            "Username,Email,Department\nada,ada@example.test,Research\nbob,nowhere,Sales\n",
            TestContext.Current.CancellationToken
        );
        await walk.GoAsync("/admin/users/import");
        await walk.Page.Locator("main input[type=file]").SetInputFilesAsync(file);
        await walk.SubmitAsync();

        await UntilAsync(walk, "#import");
        await walk.ExamineAsync();
        var problem = walk.Page.Locator("tbody tr");
        await Assertions.Expect(problem).ToHaveCountAsync(1);
        await Assertions.Expect(problem).ToContainTextAsync("Email");
        await walk.ClickAsync(walk.Page.Locator("#import"));

        await UntilAsync(walk, "#to-users");
        await walk.ExamineAsync();
        await walk.GoAsync("/admin/users?q=ada");
        await Assertions.Expect(walk.Page.Locator("tbody tr")).ToHaveCountAsync(1);
        walk.Findings.ShouldBeEmpty();
    }

    private static Task<ServerProcess> StartAsync(TemporaryFolder mails) =>
        ServerProcess.StartAsync(
            new ServerSetup
            {
                Bootstrap = $$"""
                users:
                  - { username: root, email: root@example.test, password: {{Password}} }
                administrators: [root]
                """,
                Environment = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["LATCHKEY_MAIL_FOLDER"] = mails.Path,
                },
            }
        );

    private async Task<Walk> SignedInAsync(ServerProcess server, Look look)
    {
        var walk = await Walk.StartAsync(chromium, server, look);
        await walk.Page.GotoAsync("/sign-in");
        await walk.SignInAsync("root", Password);
        return walk;
    }

    private static async Task ChoosePasswordAsync(Walk walk, string password)
    {
        await walk.FillAsync("password", password);
        await walk.FillAsync("again", password);
        await walk.SubmitAsync();
        await walk.ExamineAsync();
        new Uri(walk.Page.Url).AbsolutePath.ShouldBe("/sign-in");
    }

    /// <summary>With scripts the page follows by itself; without, its reader reloads it.</summary>
    private static async Task UntilAsync(Walk walk, string selector)
    {
        for (var i = 0; i < 60; i++)
        {
            try
            {
                await walk.Page.Locator(selector).WaitForAsync(new() { Timeout = 1000 });
                return;
            }
            catch (TimeoutException) when (!walk.HasScripts)
            {
                await walk.ClickAsync(walk.Page.Locator("#reload"));
            }
            catch (TimeoutException)
            {
                // It comes.
            }
        }
        throw new InvalidOperationException($"{selector} does not come.");
    }

    /// <summary>The link in the mail of that number, as a path.</summary>
    private static async Task<string> LinkAsync(TemporaryFolder mails, int number)
    {
        for (var i = 0; i < 300; i++)
        {
            var files = Directory
                .GetFiles(mails.Path, "*.eml")
                .Order(StringComparer.Ordinal)
                .ToList();
            if (
                files.Count >= number
                && Link().Match(await File.ReadAllTextAsync(files[number - 1]))
                    is { Success: true } link
            )
            {
                return new Uri(link.Value).PathAndQuery;
            }
            await Task.Delay(100);
        }
        throw new InvalidOperationException($"Mail {number} does not come.");
    }

    [GeneratedRegex(@"http\S+/set-password\?key=[\w-]{43}", RegexOptions.None, 1000)]
    private static partial Regex Link();
}
