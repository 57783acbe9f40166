using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;
using Latchkey.Server.Applications.Catalogue;

namespace Latchkey.Server.Tests.Applications.Catalogue;

/// <summary>The files as files: every one can be read, and the published schema says of each what our reader says.</summary>
public sealed class ConnectorFilesTests
{
    private static readonly JsonSchema s_schema = JsonSchema.FromFile(ShippedConnectors.Schema);

    public static TheoryData<string> Slugs => ShippedConnectors.Slugs;

    [Fact]
    public void All_185_service_providers_of_the_facts_are_there() =>
        ShippedConnectors.All.Count.ShouldBe(185);

    [Theory]
    [MemberData(nameof(Slugs))]
    public void A_file_matches_the_schema(string slug)
    {
        using var file = JsonDocument.Parse(
            File.ReadAllText(Path.Combine(ShippedConnectors.Folder, $"{slug}.json"))
        );
        var result = s_schema.Evaluate(
            file.RootElement,
            new EvaluationOptions { OutputFormat = OutputFormat.List }
        );
        var errors = (result.Details ?? [])
            .Where(d => d.Errors is not null)
            .SelectMany(d => d.Errors!.Select(e => $"{d.InstanceLocation}: {e.Value}"));
        result.IsValid.ShouldBeTrue(string.Join('\n', errors));
    }

    [Theory]
    [InlineData("certificate.form")]
    [InlineData("modes.jit")]
    public void The_schema_refuses_a_word_of_no_list(string path)
    {
        var file = JsonNode.Parse(
            File.ReadAllText(Path.Combine(ShippedConnectors.Folder, "slack.json"))
        )!;
        var parts = path.Split('.');
        file[parts[0]]![parts[1]] = "perhaps";
        s_schema.Evaluate(JsonSerializer.SerializeToElement(file)).IsValid.ShouldBeFalse();
    }

    [Fact]
    public void The_schemas_words_are_the_readers_words()
    {
        var schema = JsonNode.Parse(File.ReadAllText(ShippedConnectors.Schema))!;
        Words(schema["properties"]!["categories"]!["items"]!)
            .ShouldBe(ConnectorWords.Categories, ignoreOrder: true);
        Words(schema["properties"]!["certificate"]!["properties"]!["form"]!)
            .ShouldBe(ConnectorWords.CertificateForms.Keys, ignoreOrder: true);
        Words(schema["properties"]!["fields"]!["items"]!["properties"]!["field"]!)
            .ShouldBe(ConnectorWords.Fields.Keys, ignoreOrder: true);
        Words(schema["properties"]!["status"]!)
            .ShouldBe(ConnectorWords.Status.Keys, ignoreOrder: true);
        Words(schema["$defs"]!["known"]!).ShouldBe(ConnectorWords.Known.Keys, ignoreOrder: true);
    }

    [Fact]
    [Trait("Rule", "S1-04")]
    public void What_rests_on_old_guides_only_is_beta() =>
        ShippedConnectors.All.Values.Count(c => c.Beta).ShouldBe(117);

    [Fact]
    [Trait("Rule", "S0-09")]
    [Trait("Rule", "J-05")]
    public void Every_connector_links_its_vendor() =>
        ShippedConnectors
            .All.Values.Where(c => c.VendorPage is null)
            .Select(c => c.Slug)
            .ShouldBeEmpty();

    [Fact]
    [Trait("Rule", "S0-21")]
    [Trait("Rule", "J-56")]
    [Trait("Rule", "J-57")]
    [Trait("Rule", "S0-23")]
    public void Every_connector_records_its_modes_and_its_evidence() =>
        ShippedConnectors
            .All.Values.Where(c => c.Evidence.Sources.Count == 0 || c.Evidence.Checked.Year < 2026)
            .Select(c => c.Slug)
            .ShouldBeEmpty();

    private static IEnumerable<string> Words(JsonNode node) =>
        node["enum"]!.AsArray().Select(word => word!.GetValue<string>());
}
