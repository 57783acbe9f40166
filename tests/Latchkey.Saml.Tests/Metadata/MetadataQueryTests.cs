using Latchkey.Saml.Metadata;

namespace Latchkey.Saml.Tests.Metadata;

/// <summary>The Metadata Query Protocol, by entity ID and by its SHA-1 digest.</summary>
public sealed class MetadataQueryTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 14, 9, 26, 53, TimeSpan.Zero);
    private static readonly Uri Responder = new("https://mdq.example.test/");

    // The examples of draft-young-md-query §3.
    [Theory]
    [InlineData("http://example.org/idp", "http%3A%2F%2Fexample.org%2Fidp")]
    [InlineData("blue/green+light blue", "blue%2Fgreen%2Blight%20blue")]
    [InlineData("urn:x:söhne", "urn%3Ax%3As%C3%B6hne")]
    [InlineData("https://x.test/?a=1&b={c}#d", "https%3A%2F%2Fx.test%2F%3Fa%3D1%26b%3D%7Bc%7D%23d")]
    public void The_address_holds_the_entity_ID_percent_encoded(string entityId, string encoded) =>
        MetadataQuery
            .AddressOf(Responder, entityId)
            .AbsoluteUri.ShouldBe("https://mdq.example.test/entities/" + encoded);

    [Fact]
    public void The_address_holds_the_SHA_1_digest_in_lower_case() =>
        MetadataQuery
            .Sha1AddressOf(Responder, "http://example.org/service")
            .AbsoluteUri.ShouldBe(
                "https://mdq.example.test/entities/%7Bsha1%7D11d72e8cf351eb6c75c721e838f469677ab41bdb"
            );

    [Theory]
    [InlineData("https://mdq.example.test/base")]
    [InlineData("https://mdq.example.test/base/")]
    public void A_slash_at_the_end_of_the_base_does_not_matter(string baseUrl) =>
        MetadataQuery
            .AddressOf(new Uri(baseUrl), "x")
            .AbsoluteUri.ShouldBe("https://mdq.example.test/base/entities/x");

    [Fact]
    public void A_base_with_a_query_is_no_base() =>
        Should.Throw<ArgumentException>(() =>
            MetadataQuery.AddressOf(new Uri("https://mdq.example.test/?x=1"), "x")
        );

    [Fact]
    public void M2_The_answer_is_bound_to_the_entity_asked_for() =>
        MetadataQuery
            .Read(
                MetadataWriter.Write(MetadataRoundTripTests.ServiceProvider),
                "https://other.example.test",
                new MetadataRules { Now = Now }
            )
            .Findings.Single()
            .Code.ShouldBe("metadata-entity-missing");

    [Fact]
    public void The_answer_is_the_entity() =>
        MetadataQuery
            .Read(
                MetadataWriter.Write(MetadataRoundTripTests.ServiceProvider),
                MetadataRoundTripTests.ServiceProvider.EntityId,
                new MetadataRules { Now = Now }
            )
            .Value!.EntityId.ShouldBe(MetadataRoundTripTests.ServiceProvider.EntityId);
}
