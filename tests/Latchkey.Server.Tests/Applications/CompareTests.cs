using Latchkey.Saml.Keys;
using Latchkey.Server.Applications;
using Latchkey.Server.Applications.Catalogue;
using Latchkey.Server.Applications.Compare;
using Latchkey.Server.Certificates;
using Latchkey.Server.Tests.Applications.Catalogue;

namespace Latchkey.Server.Tests.Applications;

/// <summary>What is set here against what the other side shows and the connector recommends (S0-10).</summary>
public sealed class CompareTests(SqliteIdentityProvider host)
    : IClassFixture<SqliteIdentityProvider>
{
    [Theory]
    [InlineData("https://a.example/x", " https://a.example/x\n", "compare.same")]
    [InlineData("https://a.example/x", "https://a.example/X", "compare.case")]
    [InlineData("https://a.example/x", "https://a.example/x/", "compare.slash-there")]
    [InlineData("https://a.example/x/", "https://a.example/x", "compare.slash-here")]
    [InlineData("https://a.example/x", "http://a.example/x", "compare.scheme")]
    [InlineData("https://a.example/x", "https://a.example/y", "compare.from")]
    public void A_difference_is_told_in_words(string here, string there, string key) =>
        Difference.Between(here, there).Key.ShouldBe(key);

    [Fact]
    public void Where_two_texts_part_is_named_with_what_follows()
    {
        var difference = Difference.Between("urn:example:sp:one", "urn:example:sp:other");
        difference.Args.ShouldBe([17, "ne", "ther"]);
    }

    [Fact]
    public void One_text_that_is_the_beginning_of_the_other_differs_at_its_end() =>
        Difference.Between("urn:a", "urn:a:b").Args.ShouldBe([6, "", ":b"]);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_fingerprint_is_recognized_in_any_writing(bool colons)
    {
        using var key = Key();
        var text = CertificateText.Sha256(key.Certificate.RawData);
        ComparedCertificate
            .Between(
                key.Certificate.RawData,
                colons ? text : text.Replace(":", "", StringComparison.Ordinal).ToLowerInvariant()
            )
            .Same.ShouldBeTrue();
    }

    [Fact]
    [Trait("Rule", "S2-28")]
    public void Another_certificate_is_named_by_its_fingerprint()
    {
        using var here = Key();
        using var there = Key();
        var difference = ComparedCertificate.Between(
            here.Certificate.RawData,
            there.Certificate.ExportCertificatePem()
        );
        (difference.Same, difference.Args[0]).ShouldBe(
            (false, CertificateText.Sha256(there.Certificate.RawData))
        );
    }

    [Fact]
    [Trait("Rule", "S0-10")]
    public async Task The_page_compares_letter_by_letter_and_saves_nothing()
    {
        var made = await host.AddAsync(host.Input() with { Active = true });
        var browser = await host.BrowserAsync();
        await browser.OpenAsync($"/admin/applications/{made.Id}/compare");
        browser.Type("#Form_SpEntityId", made.SpEntityId + "/");
        browser.Type("#Form_AcsUrl", made.AcsEndpoints[0].Location);

        await browser.ClickAsync("#compare");

        browser.Text("#found-SpEntityId").ShouldContain("ends with a slash");
        browser.Text("#found-AcsUrl").ShouldContain("letter by letter");
        browser.Text("#found-IdpEntityId").ShouldBeEmpty();
        (await host.AskAsync(s => s.FindAsync(made.Id)))!.Version.ShouldBe(made.Version);
    }

    [Fact]
    [Trait("Rule", "S0-10")]
    public async Task What_left_the_connectors_recommendation_stands_out()
    {
        var connector = ShippedConnectors.Get("slack");
        var filled = ConnectorVariables.Fill(connector, ConnectorVariables.Examples(connector));
        var made = await host.AddAsync(filled.Value! with { NameIdSource = "username" });
        await host.ChangeAsync(made, a => a.SpEntityId = "https://slack.example");
        var browser = await host.BrowserAsync();

        await browser.OpenAsync($"/admin/applications/{made.Id}/compare");

        var differing = browser
            .Page.QuerySelectorAll("#recommended tbody tr")
            .Where(row => row.QuerySelector(".lk-tag-warn") is not null)
            .Select(row => row.QuerySelector("th")!.TextContent.Trim());
        differing.ShouldBe(["SP entity ID"]);
    }

    private static SigningKey Key() =>
        SigningKey.Create(
            "compared",
            DateTimeOffset.UnixEpoch,
            DateTimeOffset.UnixEpoch.AddYears(90)
        );
}
