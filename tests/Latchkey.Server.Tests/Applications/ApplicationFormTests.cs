using Latchkey.Saml.Issuing;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Metadata;
using Latchkey.Saml.Protocol;
using Latchkey.Server.Applications;
using Latchkey.Server.Applications.Mapping;
using Latchkey.Server.Applications.Pages;

namespace Latchkey.Server.Tests.Applications;

/// <summary>A page that is opened and saved again changes nothing, whatever a file or a connector set (J-27).</summary>
public sealed class ApplicationFormTests
{
    private static readonly SigningKey s_key = SigningKey.Create(
        "wiki",
        DateTimeOffset.UnixEpoch,
        DateTimeOffset.UnixEpoch.AddYears(1)
    );

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
        new("group_names", AttributeKind.Groups, Groups: new("aws-*", ",", "role")),
        new("groups", AttributeKind.Groups),
        new("login", AttributeKind.Expression, "lower(username)"),
        new("amr", AttributeKind.AuthnMethods),
    ];

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_row_comes_back_as_it_went(int row) =>
        ApplicationForm
            .From(Wiki(), [], [])
            .ToInput(creating: false)
            .Attributes![row]
            .ShouldBe(s_rows[row]);

    [Theory]
    [InlineData("email")]
    [InlineData("custom:badge")]
    [InlineData(AttributePlan.ExpressionPrefix + "lower(username)")]
    [Trait("Rule", "J-12")]
    [Trait("Rule", "J-13")]
    public void The_source_of_the_NameID_comes_back_as_it_went(string source)
    {
        var wiki = Wiki();
        wiki.NameIdSource = source;
        ApplicationForm.From(wiki, [], []).ToInput(creating: false).NameIdSource.ShouldBe(source);
    }

    [Fact]
    [Trait("Rule", "J-27")]
    public void Every_field_comes_back_as_it_went()
    {
        var wiki = Wiki();
        (wiki.Description, wiki.Color, wiki.Hidden) = ("For all", "plum", true);
        wiki.Categories = ["Work", "Writing"];
        wiki.SpEncryptionCertificates = [Convert.ToBase64String(s_key.Certificate.RawData)];
        (wiki.EncryptAssertions, wiki.Sign) = (true, SignedParts.Response);
        (wiki.ContentEncryption, wiki.KeyEncryption) = (
            ContentEncryption.Aes128Cbc,
            KeyEncryption.RsaOaepSha256
        );
        (wiki.ClockSkewSeconds, wiki.AssertionLifetimeSeconds) = (7, 77);
        (wiki.SessionLifetimeMinutes, wiki.AnswerFailures) = (90, true);
        wiki.AuthnContext = new("urn:example:class", [new("otp", "urn:example:otp")]);
        (wiki.WantAssertionsSigned, wiki.RequiredAttributes) = (true, ["email"]);
        var before = ApplicationChanges.Snapshot(wiki);

        var problems = ApplicationRules.Fill(
            wiki,
            ApplicationForm.From(wiki, [], []).ToInput(creating: false),
            creating: false
        );

        problems.ShouldBeEmpty();
        ApplicationChanges.Snapshot(wiki).ShouldBe(before);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(0)]
    [InlineData(45)]
    public void The_end_of_the_session_comes_back_as_it_went(int? minutes)
    {
        var wiki = Wiki();
        wiki.SessionLifetimeMinutes = minutes;
        var input = ApplicationForm.From(wiki, [], []).ToInput(creating: false);
        input.SessionLifetimeMinutes.ShouldBe(minutes ?? ApplicationInput.NoSessionLifetime);
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
