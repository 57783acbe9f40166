using System.Text.RegularExpressions;
using Latchkey.Testing;
using Latchkey.Testing.Browsers;
using Microsoft.Playwright;

namespace Latchkey.Browser.Tests.Flows;

/// <summary>People come in: by an invitation that arrives as a mail, and by a file that is checked first.</summary>
public sealed partial class From_an_invitation_and_a_file(
    From_an_invitation_and_a_file.Place place,
    Chromium chromium
) : IClassFixture<From_an_invitation_and_a_file.Place>
{
    private const string Password = "a long enough passphrase";

    [Theory]
    [InlineData(Look.Light, "ada")]
    [InlineData(Look.Phone, "bea")]
    [InlineData(Look.WithoutScripts, "cid")]
    public async Task Somebody_is_invited_chooses_a_password_and_signs_in(Look look, string name)
    {
        await using var walk = await SignedInAsync(look);
        await walk.GoAsync("/admin/users/new");
        await walk.FillAsync("username", name);
        await walk.FillAsync("email", name + "@example.test");
        await walk.SubmitAsync();
        await walk.ExamineAsync();

        await using var ada = await Walk.StartAsync(chromium, place.Server, look);
        var invitation = await LinkAsync(name);
        await ada.GoAsync(invitation);
        await ChoosePasswordAsync(ada, Password);
        await ada.SignInAsync(name, Password);
        await ada.ExamineAsync();

        // And once more, having forgotten it.
        await using var later = await Walk.StartAsync(chromium, place.Server, look);
        await later.GoAsync("/sign-in");
        await later.ClickAsync(later.Page.Locator("a[href='/forgot-password']"));
        await later.ExamineAsync();
        await later.FillAsync("username", name + "@example.test");
        await later.SubmitAsync();
        await later.ExamineAsync();
        await later.GoAsync(await LinkAsync(name, after: invitation));
        await ChoosePasswordAsync(later, "another long passphrase");
        await later.SignInAsync(name, "another long passphrase");

        walk.Findings.Concat(ada.Findings).Concat(later.Findings).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(Look.Dark, "fay")]
    [InlineData(Look.Phone, "gil")]
    [InlineData(Look.WithoutScripts, "hal")]
    public async Task A_file_is_checked_then_imported(Look look, string name)
    {
        using var folder = new TemporaryFolder();
        await using var walk = await SignedInAsync(look);
        var file = folder.File("users.csv");
        await File.WriteAllTextAsync(
            file,
            $"Username,Email,Department\n{name},{name}@example.test,Research\n{name}2,nowhere,Sales\n",
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
        await walk.GoAsync($"/admin/users?q={name}");
        await Assertions.Expect(walk.Page.Locator("tbody tr")).ToHaveCountAsync(1);
        walk.Findings.ShouldBeEmpty();
    }

    private async Task<Walk> SignedInAsync(Look look)
    {
        var walk = await Walk.StartAsync(chromium, place.Server, look);
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

    /// <summary>The link in a mail to somebody, as a path.</summary>
    /// <param name="name">The mailbox.</param>
    /// <param name="after">One that came before; null for the first.</param>
    private async Task<string> LinkAsync(string name, string? after = null)
    {
        string? link = null;
        await Wait.UntilAsync(
            async () =>
            {
                foreach (var file in Directory.GetFiles(place.Mails.Path, "*.eml"))
                {
                    var mail = await File.ReadAllTextAsync(file);
                    if (
                        mail.Contains($"{name}@example.test", StringComparison.Ordinal)
                        && Link().Match(mail) is { Success: true } found
                        && new Uri(found.Value).PathAndQuery is var path
                        && path != after
                    )
                        link = path;
                }
                return link is not null;
            },
            () => $"No mail comes to {name}."
        );
        return link!;
    }

    [GeneratedRegex(@"http\S+/set-password\?key=[\w-]{43}", RegexOptions.None, 1000)]
    private static partial Regex Link();

    /// <summary>One server for all, with the mails that it sends.</summary>
    public sealed class Place : IAsyncLifetime
    {
        public ServerProcess Server { get; private set; } = null!;

        public TemporaryFolder Mails { get; } = new();

        public async ValueTask InitializeAsync() =>
            Server = await ServerProcess.StartAsync(
                new ServerSetup
                {
                    Bootstrap = $$"""
                    users:
                      - { username: root, email: root@example.test, password: {{Password}} }
                    administrators: [root]
                    """,
                    Environment = new Dictionary<string, string>(StringComparer.Ordinal)
                    {
                        ["LATCHKEY_MAIL_FOLDER"] = Mails.Path,
                    },
                }
            );

        public async ValueTask DisposeAsync()
        {
            await Server.DisposeAsync();
            Mails.Dispose();
        }
    }
}
