using Latchkey.Saml.Metadata;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Requests;
using Latchkey.Saml.Tests.Responses;

namespace Latchkey.Saml.Tests.Requests;

/// <summary>Responses go to registered places only (rule I1).</summary>
public sealed class AssertionConsumerServicesTests
{
    private static readonly IndexedEndpoint[] Registered =
    [
        new(SamlBindings.Artifact, "https://sp.example.test/artifact", 0, true),
        new(SamlBindings.Post, "https://sp.example.test/one", 1, false),
        new(SamlBindings.Post, "https://sp.example.test/two?x=1", 2),
        new(SamlBindings.Post, "https://sp.example.test/three", 3),
    ];

    private static AuthnRequest Request(
        string? url = null,
        int? index = null,
        string? binding = null
    ) =>
        new()
        {
            Id = "_x",
            IssueInstant = DateTimeOffset.UnixEpoch,
            Issuer = "sp",
            AssertionConsumerServiceUrl = url,
            AssertionConsumerServiceIndex = index,
            ProtocolBinding = binding,
        };

    [Fact]
    public void I1_By_address() =>
        Resolve(Request(url: "https://sp.example.test/three")).ShouldBe(3);

    [Fact]
    public void I1_By_index() => Resolve(Request(index: 1)).ShouldBe(1);

    [Fact]
    public void I1_By_default_the_first_that_is_not_marked_otherwise() =>
        Resolve(Request()).ShouldBe(2);

    [Fact]
    public void I1_By_default_the_one_marked_so() =>
        AssertionConsumerServices
            .Default([Registered[1], Registered[2] with { IsDefault = true }])!
            .Index.ShouldBe(2);

    [Theory]
    [InlineData("https://sp.example.test/two")]
    [InlineData("https://sp.example.test/two?x=1#f")]
    [InlineData("https://SP.example.test/three")]
    [InlineData("https://sp.example.test/three/")]
    [InlineData("https://sp.example.test/artifact")]
    [InlineData("https://evil.example.test/")]
    [InlineData("javascript:alert(1)")]
    [InlineData("")]
    public void I1_An_address_that_is_not_registered_exactly_is_refused(string url) =>
        AssertionConsumerServices
            .Resolve(Request(url: url), Registered)
            .ShouldBeRefusedFor("acs-url-unregistered");

    [Fact]
    public void I1_An_index_that_is_not_registered_is_refused() =>
        AssertionConsumerServices
            .Resolve(Request(index: 9), Registered)
            .ShouldBeRefusedFor("acs-index-unregistered");

    [Fact]
    public void I1_A_binding_that_we_do_not_send_is_refused() =>
        AssertionConsumerServices
            .Resolve(Request(binding: SamlBindings.Artifact), Registered)
            .ShouldBeRefusedFor("acs-binding-unregistered");

    [Fact]
    public void I1_Without_a_registered_place_nothing_is_sent() =>
        AssertionConsumerServices.Resolve(Request(), []).ShouldBeRefusedFor("acs-none-registered");

    private static int? Resolve(AuthnRequest request) =>
        AssertionConsumerServices.Resolve(request, Registered).Value?.Index;
}
