using Latchkey.Testing;
using Latchkey.Web.Texts;

namespace Latchkey.Server.Tests.Applications.Catalogue;

/// <summary>The public pages say what the files say. After a wanted change: LATCHKEY_TEST_RECORD=1 ./test.sh --only Server.</summary>
public sealed class ConnectorDocumentsTests(SqliteIdentityProvider host)
    : IClassFixture<SqliteIdentityProvider>
{
    private static readonly string s_folder = Path.Combine([
        Repository.Root,
        .. ConnectorDocuments.Folder.Split('/'),
    ]);

    [Fact]
    public void Every_page_is_as_fresh_as_its_file()
    {
        var wanted = new ConnectorDocuments(host.Service<ITexts>()).All();
        if (Environment.GetEnvironmentVariable("LATCHKEY_TEST_RECORD") == "1")
        {
            Record(wanted);
        }
        var written = System
            .IO.Directory.EnumerateFiles(s_folder, "*.md")
            .ToDictionary(path => Path.GetFileName(path), File.ReadAllText, StringComparer.Ordinal);
        written
            .Keys.Order(StringComparer.Ordinal)
            .ShouldBe(wanted.Keys.Order(StringComparer.Ordinal));
        wanted
            .Where(page => written[page.Key] != page.Value)
            .Select(page => page.Key)
            .ShouldBeEmpty();
    }

    private static void Record(IReadOnlyDictionary<string, string> pages)
    {
        System.IO.Directory.CreateDirectory(s_folder);
        foreach (var old in System.IO.Directory.EnumerateFiles(s_folder, "*.md"))
        {
            File.Delete(old);
        }
        foreach (var (name, text) in pages)
        {
            File.WriteAllText(Path.Combine(s_folder, name), text);
        }
    }
}
