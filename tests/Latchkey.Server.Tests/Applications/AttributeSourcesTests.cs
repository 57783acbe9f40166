using Latchkey.Saml.Metadata;
using Latchkey.Server.Applications;
using Latchkey.Server.Directory;

namespace Latchkey.Server.Tests.Applications;

public sealed class AttributeSourcesTests
{
    private static readonly User Ada = new()
    {
        Username = "ada",
        NormalizedUsername = "ADA",
        Email = "ada@example.test",
        FirstName = "Ada",
        LastName = "Lovelace",
        Department = "",
        Attributes = new Dictionary<string, IReadOnlyList<string>>
        {
            ["team"] = ["engines", "", "numbers"],
        },
        SecurityStamp = "1",
        CreatedAt = default,
        UpdatedAt = default,
    };

    [Theory]
    [InlineData("email", "ada@example.test")]
    [InlineData("username", "ada")]
    [InlineData("displayname", "Ada Lovelace")]
    [InlineData("manager", "charles@example.test")]
    [InlineData("custom:team", "engines|numbers")]
    [InlineData("custom:none", "")]
    [InlineData("department", "")]
    [InlineData("company", "")]
    public void J_66_A_source_gives_what_the_user_has(string source, string expected) =>
        string.Join('|', AttributeSources.Values(Ada, source, "charles@example.test"))
            .ShouldBe(expected);

    [Fact]
    public void Every_source_of_the_list_is_known() =>
        AttributeSources.All.ShouldAllBe(source => AttributeSources.IsKnown(source));

    [Theory]
    [InlineData("urn:oid:0.9.2342.19200300.100.1.3", null, "email")]
    [InlineData("mail", null, "email")]
    [InlineData("Given Name", null, "firstname")]
    [InlineData("urn:oid:2.5.4.4", "sn", "lastname")]
    [InlineData(
        "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
        null,
        "email"
    )]
    [InlineData("x-17", "displayName", "displayname")]
    public void What_a_service_provider_asks_for_is_understood(
        string name,
        string? friendlyName,
        string source
    ) =>
        WellKnownAttributes
            .RowFor(new RequestedAttribute(name, null, friendlyName))!
            .ShouldBe(new AttributeMapping(name, AttributeKind.User, source));

    [Fact]
    public void Roles_and_groups_are_understood_as_groups() =>
        WellKnownAttributes
            .RowFor(new RequestedAttribute("memberOf"))!
            .Kind.ShouldBe(AttributeKind.Groups);

    [Fact]
    public void What_nobody_can_know_is_left_to_the_administrator() =>
        WellKnownAttributes.RowFor(new RequestedAttribute("cubicle")).ShouldBeNull();
}
