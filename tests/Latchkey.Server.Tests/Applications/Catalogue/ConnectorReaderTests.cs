using System.Text;
using Latchkey.Server.Applications.Catalogue;

namespace Latchkey.Server.Tests.Applications.Catalogue;

/// <summary>A file of the administrator's with something wrong: each fault with its line, what was expected, and the nearest word.</summary>
public sealed class ConnectorReaderTests
{
    private const string Good = """
        {
          "slug": "wiki",
          "name": "Wiki",
          "categories": ["dev"],
          "modes": { "sp_initiated": "yes" },
          "variables": [
            { "name": "team", "label": "Team", "example": "acme", "pattern": "[a-z]+", "expected": "letters" }
          ],
          "service_provider": { "entity_id": "https://{team}.example.test", "acs_urls": ["https://{team}.example.test/acs"] },
          "certificate": { "form": "pem" },
          "guide": { "basis": "general", "steps": [{ "text": "Do it.", "values": [{ "label": "URL", "value": "{{sso_url}}" }] }] },
          "evidence": { "sources": ["tried"], "checked": "2026-11-24" }
        }
        """;

    [Fact]
    public void A_whole_file_is_read()
    {
        var connector = Read(Good, out var problems);
        problems.ShouldBeEmpty();
        connector!.Variables.Single().Required.ShouldBeTrue();
    }

    [Theory]
    [InlineData("\"name\": \"Wiki\"", "\"nmae\": \"Wiki\"", 3, "connector-key-unknown", "name")]
    [InlineData("\"dev\"", "\"devs\"", 4, "connector-not-word", "dev")]
    [InlineData("\"pem\"", "\"pme\"", 10, "connector-not-word", "pem")]
    [InlineData("\"yes\"", "true", 5, "connector-not-text", "sp_initiated")]
    [InlineData("\"acme\"", "\"ACME\"", 7, "connector-example", "ACME")]
    [InlineData("[a-z]+", "(a)\\\\1", 7, "connector-pattern", "")]
    [InlineData(
        "https://{team}.example.test\"",
        "https://{tema}.example.test\"",
        9,
        "connector-variable-unknown",
        "tema"
    )]
    [InlineData("{{sso_url}}", "{{sso_ulr}}", 11, "connector-token-unknown", "sso_url")]
    [InlineData("2026-11-24", "24.11.2026", 12, "connector-not-date", "24.11.2026")]
    [InlineData("\"slug\": \"wiki\"", "\"slug\": \"other\"", 2, "connector-slug", "other")]
    [InlineData(
        "\"evidence\"",
        "\"name\": \"Twice\",\n  \"evidence\"",
        12,
        "connector-key-twice",
        "name"
    )]
    [InlineData(
        "https://{team}.example.test/acs",
        "http://{team}.example.test/acs",
        9,
        "url-not-https",
        "http://acme.example.test/acs"
    )]
    [InlineData(
        "\"certificate\"",
        "\"attributes\": [{ \"name\": \"mail\", \"source\": \"email\", \"value_pattern\": \"[a-z\" }],\n  \"certificate\"",
        10,
        "connector-pattern",
        "[a-z"
    )]
    [InlineData(
        "\"certificate\"",
        "\"attributes\": [{ \"name\": \"role\", \"source\": \"email\", \"group_attribute\": \"role\" }],\n  \"certificate\"",
        10,
        "connector-key-missing",
        "groups"
    )]
    [InlineData("[{ \"text\": \"Do it.\"", "{ \"text\": \"Do it.\"", 11, "connector-not-json", "")]
    public void A_fault_is_named_with_its_line(
        string right,
        string wrong,
        int line,
        string code,
        string says
    )
    {
        Good.ShouldContain(right);
        Read(Good.Replace(right, wrong, StringComparison.Ordinal), out var problems).ShouldBeNull();
        var problem = problems.First(p => p.Problem.Code == code);
        problem.File.ShouldBe("wiki.json");
        problem.Line.ShouldBe(line);
        string.Join(' ', problem.Problem.Args).ShouldContain(says);
    }

    [Fact]
    public void Every_fault_of_a_file_is_named_at_once()
    {
        var text = Good.Replace("\"pem\"", "\"pme\"", StringComparison.Ordinal)
            .Replace("\"nmae\"", "\"name\"", StringComparison.Ordinal)
            .Replace("\"yes\"", "\"maybe\"", StringComparison.Ordinal);
        Read(text, out var problems);
        problems.Select(p => p.Line).ShouldBe([5, 10]);
    }

    private static Connector? Read(string text, out IReadOnlyList<ConnectorProblem> problems) =>
        ConnectorReader.Read("wiki.json", Encoding.UTF8.GetBytes(text), out problems);
}
