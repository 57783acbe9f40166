using Latchkey.Server.Applications.Catalogue;
using Latchkey.Server.Problems;
using Latchkey.Server.Settings;
using Latchkey.Testing;
using Latchkey.Web.Texts;
using Microsoft.Extensions.Logging.Abstractions;

namespace Latchkey.Server.Tests.Applications.Catalogue;

/// <summary>The administrator's own folder, LATCHKEY_CONNECTORS.</summary>
public sealed class OwnConnectorsTests(SqliteIdentityProvider host)
    : IClassFixture<SqliteIdentityProvider>,
        IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_of_the_same_slug_takes_the_place_of_the_shipped_one()
    {
        Write(
            "slack.json",
            s =>
                s.Replace(
                    "\"name\": \"Slack\"",
                    "\"name\": \"Our Slack\"",
                    StringComparison.Ordinal
                )
        );
        Catalogue().Find("slack")!.Name.ShouldBe("Our Slack");
    }

    [Fact]
    public void A_file_with_a_fault_is_left_out_and_told_of()
    {
        Write("slack.json", s => s.Replace("\"modes\"", "\"mods\"", StringComparison.Ordinal));
        var catalogue = Catalogue();
        catalogue.Find("slack")!.Name.ShouldBe("Slack");
        catalogue.Problems.ShouldContain(p =>
            p.File == "slack.json" && p.Problem.Code == "connector-key-unknown"
        );
    }

    [Fact]
    public void What_is_dropped_in_is_there_at_the_next_look()
    {
        var catalogue = Catalogue();
        catalogue.Find("wiki").ShouldBeNull();
        Write(
            "wiki.json",
            s => s.Replace("\"slug\": \"slack\"", "\"slug\": \"wiki\"", StringComparison.Ordinal)
        );
        catalogue.Refresh();
        catalogue.Find("wiki").ShouldNotBeNull();
    }

    [Fact]
    public void A_key_that_stands_twice_is_told_of_in_words()
    {
        Write(
            "slack.json",
            s =>
                s.Replace(
                    "\"name\": \"Slack\",",
                    "\"name\": \"Slack\", \"name\": \"Twice\",",
                    StringComparison.Ordinal
                )
        );
        var problem = Catalogue().Problems.Single().Problem;

        host.Service<ITexts>().Say(problem).ShouldBe("The file has the key “name” a second time.");
    }

    [Fact]
    public void A_folder_that_goes_away_leaves_the_shipped_ones_and_is_told_of()
    {
        Write("slack.json", s => s.Replace("\"Slack\"", "\"Ours\"", StringComparison.Ordinal));
        var catalogue = Catalogue();
        catalogue.Find("slack")!.Name.ShouldBe("Ours");

        System.IO.Directory.Move(_folder.Path, _folder.Path + ".away");
        catalogue.Refresh();

        catalogue.Find("slack")!.Name.ShouldBe("Slack");
        catalogue.Problems.Single().Problem.Code.ShouldBe("connector-folder-unreadable");

        System.IO.Directory.Move(_folder.Path + ".away", _folder.Path);
        catalogue.Refresh();
        catalogue.Find("slack")!.Name.ShouldBe("Ours");
    }

    [Theory]
    [InlineData("end_of_support", "END OF SUPPORT", "mends Wiki no more")]
    [InlineData("end_of_life", "END OF LIFE", "has ended Wiki")]
    [Trait("Rule", "J-56")]
    public async Task What_its_vendor_ends_is_labelled_and_warned_of(
        string status,
        string label,
        string warning
    )
    {
        var slug = status.Replace('_', '-');
        var file = File.ReadAllText(Path.Combine(ShippedConnectors.Folder, "slack.json"))
            .Replace("\"slug\": \"slack\"", $"\"slug\": \"{slug}\"", StringComparison.Ordinal)
            .Replace("\"name\": \"Slack\"", "\"name\": \"Wiki\"", StringComparison.Ordinal)
            .Replace("\"stable\"", $"\"{status}\"", StringComparison.Ordinal);
        await File.WriteAllTextAsync(
            Path.Combine(host.Connectors, $"{slug}.json"),
            file,
            TestContext.Current.CancellationToken
        );
        var browser = await host.BrowserAsync();
        await browser.OpenAsync("/admin/applications/catalogue?q=wiki");
        browser.Text($"#connector-{slug}").ShouldContain(label);

        await browser.ClickAsync($"#connector-{slug}");

        browser.Text(".alert-warning").ShouldContain(warning);
    }

    [Theory]
    [InlineData("<svg viewBox=\"0 0 24 24\"><path d=\"M0 0h24v24z\"/></svg>", "M0 0h24v24z")]
    [InlineData("<svg viewBox=\"0 0 24 24\"><script>x</script><path d=\"M0 0\"/></svg>", null)]
    [InlineData("<svg viewBox=\"0 0 24 24\"><path d=\"M0 0&quot; onload=x\"/></svg>", null)]
    public void Nothing_of_a_logo_is_used_but_its_one_path(string svg, string? path) =>
        ConnectorLogo.Path(System.Text.Encoding.UTF8.GetBytes(svg)).ShouldBe(path);

    private void Write(string file, Func<string, string> change) =>
        File.WriteAllText(
            _folder.File(file),
            change(File.ReadAllText(Path.Combine(ShippedConnectors.Folder, "slack.json")))
        );

    private ConnectorCatalogue Catalogue() =>
        new(
            host.Service<ServerOptions>() with
            {
                ConnectorsFolder = _folder.Path,
            },
            host.Service<ITexts>(),
            NullLogger<ConnectorCatalogue>.Instance
        );
}
