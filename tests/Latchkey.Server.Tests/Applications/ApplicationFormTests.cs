using Latchkey.Saml.Metadata;
using Latchkey.Saml.Protocol;
using Latchkey.Server.Applications;
using Latchkey.Server.Applications.Mapping;
using Latchkey.Server.Applications.Pages;

namespace Latchkey.Server.Tests.Applications;

/// <summary>A page that is opened and saved again changes nothing, whatever a file or a connector set (J-27).</summary>
public sealed class ApplicationFormTests
{
    public static TheoryData<int> Rows => [.. Enumerable.Range(0, s_rows.Length)];

    private static readonly AttributeMapping[] s_rows =
    [
        new("email", AttributeKind.User, "email"),
        new(
            "dept",
            AttributeKind.User,
            "custom:department",
            AttributeNameFormats.Uri,
            "Department"
        ),
        new("session", AttributeKind.Constant, " 3600"),
        new("group_names", AttributeKind.Groups, Groups: new("aws-*", ",")),
        new("groups", AttributeKind.Groups),
        new("login", AttributeKind.Expression, "lower(username)"),
        new("amr", AttributeKind.AuthnMethods),
    ];

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_row_comes_back_as_it_went(int row) =>
        ApplicationForm
            .From(Wiki(), [])
            .ToInput(creating: false)
            .Attributes![row]
            .ShouldBe(s_rows[row]);

    [Theory]
    [InlineData("email")]
    [InlineData("custom:badge")]
    [InlineData(AttributePlan.ExpressionPrefix + "lower(username)")]
    public void The_source_of_the_NameID_comes_back_as_it_went(string source)
    {
        var wiki = Wiki();
        wiki.NameIdSource = source;
        ApplicationForm.From(wiki, []).ToInput(creating: false).NameIdSource.ShouldBe(source);
    }

    private static Application Wiki() =>
        new()
        {
            Slug = "wiki",
            Label = "Wiki",
            IdpEntityId = "https://id.example.test/saml2/wiki",
            SpEntityId = "https://wiki.example.test",
            AcsEndpoints =
            [
                new IndexedEndpoint(SamlBindings.Post, "https://wiki.example.test/acs", 0, true),
            ],
            Attributes = s_rows,
            CreatedAt = DateTimeOffset.UnixEpoch,
            UpdatedAt = DateTimeOffset.UnixEpoch,
        };
}
