using System.Text;
using Latchkey.Saml.Issuing;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Responses;
using Latchkey.Saml.Tests.Issuing;
using Latchkey.Saml.Tests.Keys;

namespace Latchkey.Saml.Tests.Responses;

/// <summary>What an assertion may say beside the usual: written, signed, read back.</summary>
public sealed class AssertionVarietyTests
{
    [Fact]
    public void Restrictions_locality_and_authorities_are_written_and_read()
    {
        VerifiedAssertion read = Read(
            SampleResponses.Ada.Assertion with
            {
                OneTimeUse = true,
                ProxyRestriction = new ProxyRestriction(1, ["urn:a", "urn:b"]),
                SubjectLocality = new SubjectLocality("192.0.2.1", "host.example.test"),
                AuthenticatingAuthorities = ["urn:first", "urn:second"],
            }
        );

        read.OneTimeUse.ShouldBeTrue();
        read.ProxyRestriction!.Count.ShouldBe(1);
        read.ProxyRestriction.Audiences.ShouldBe(["urn:a", "urn:b"]);
        read.SubjectLocality.ShouldBe(new SubjectLocality("192.0.2.1", "host.example.test"));
        read.AuthenticatingAuthorities.ShouldBe(["urn:first", "urn:second"]);
        read.SessionNotOnOrAfter.ShouldBe(SampleResponses.Now.AddHours(8));
    }

    [Fact]
    public void What_is_not_said_is_not_read()
    {
        VerifiedAssertion read = Read(SampleResponses.Ada.Assertion);

        read.OneTimeUse.ShouldBeFalse();
        read.ProxyRestriction.ShouldBeNull();
        read.SubjectLocality.ShouldBeNull();
        read.AuthenticatingAuthorities.ShouldBeEmpty();
    }

    /// <summary>Format, NameQualifier, SPNameQualifier.</summary>
    public static TheoryData<string?, string?, string?> NameIds =>
        new()
        {
            { NameIdFormats.Persistent, "https://id.example.test", "https://wiki.example.test" },
            { NameIdFormats.Transient, null, null },
            { NameIdFormats.EmailAddress, null, null },
            { NameIdFormats.Unspecified, null, null },
            { "urn:example:staff-number", null, "urn:x" },
            { null, null, null },
        };

    [Theory]
    [MemberData(nameof(NameIds))]
    public void P8_A_NameID_of_any_format_is_written_and_read(
        string? format,
        string? qualifier,
        string? spQualifier
    )
    {
        NameId nameId = new(" value <&> ", format, qualifier, spQualifier);

        Read(SampleResponses.Ada.Assertion with { NameId = nameId }).NameId.ShouldBe(nameId);
    }

    [Fact]
    public void Subject_id_pairwise_id_and_methods_travel_as_attributes()
    {
        VerifiedAssertion read = Read(
            SampleResponses.Ada.Assertion with
            {
                Attributes =
                [
                    SubjectIdentifiers.Create(AttributeNames.SubjectId, "ada-1", "example.test"),
                    SubjectIdentifiers.Create(
                        AttributeNames.PairwiseId,
                        "mfrggzdfmztwq===",
                        "example.test"
                    ),
                    new SamlAttribute(
                        AttributeNames.AuthenticationMethods,
                        ["pwd", "otp"],
                        AttributeNameFormats.Uri
                    ),
                ],
            }
        );

        SubjectIdentifiers
            .Find(read.Attributes, AttributeNames.SubjectId)
            .ShouldBe("ada-1@example.test");
        SubjectIdentifiers
            .Find(read.Attributes, AttributeNames.PairwiseId)
            .ShouldBe("mfrggzdfmztwq===@example.test");
        read.Attributes[2].Values.ShouldBe(["pwd", "otp"]);
        read.Attributes[0].NameFormat.ShouldBe(AttributeNameFormats.Uri);
    }

    [Theory]
    [InlineData("ada@example.test", true)]
    [InlineData("A=-9@1.b-C", true)]
    [InlineData("-ada@example.test", false)]
    [InlineData("ada@.test", false)]
    [InlineData("ada@", false)]
    [InlineData("@example.test", false)]
    [InlineData("ada", false)]
    [InlineData("a@b@c", false)]
    [InlineData("ada.lovelace@example.test", false)]
    [InlineData("adé@example.test", false)]
    public void A_subject_identifier_has_the_form_of_its_profile(string value, bool valid) =>
        SubjectIdentifiers.IsValid(value).ShouldBe(valid);

    [Fact]
    public void A_subject_identifier_is_at_most_127_characters_on_either_side()
    {
        string longest = new('a', 127);

        SubjectIdentifiers.IsValid($"{longest}@{longest}").ShouldBeTrue();
        SubjectIdentifiers.IsValid($"{longest}a@{longest}").ShouldBeFalse();
        Should.Throw<ArgumentException>(() =>
            SubjectIdentifiers.Create(AttributeNames.SubjectId, longest, longest + "a")
        );
    }

    [Fact]
    public void Two_subject_identifiers_are_none()
    {
        SamlAttribute one = SubjectIdentifiers.Create(AttributeNames.SubjectId, "a", "b");

        SubjectIdentifiers.Find([one, one], AttributeNames.SubjectId).ShouldBeNull();
        SubjectIdentifiers.Find([], AttributeNames.SubjectId).ShouldBeNull();
    }

    [Fact]
    public void P5_Two_OneTimeUse_are_refused() =>
        ReceivedResponses
            .Unsigned.With(
                "</saml:Conditions>",
                "<saml:OneTimeUse/><saml:OneTimeUse/></saml:Conditions>"
            )
            .SignAssertion()
            .Validate()
            .ShouldBeRefusedFor("element-unexpected");

    private static VerifiedAssertion Read(AssertionToIssue assertion)
    {
        var verdict = Encoding
            .UTF8.GetString(
                ResponseWriter.Write(
                    SampleResponses.Ada with
                    {
                        Assertion = assertion,
                    },
                    TestKeys.IdentityProvider,
                    SignedParts.AssertionAndResponse,
                    SignatureAlgorithm.RsaSha256
                )
            )
            .Validate();
        verdict.ShouldBeAccepted();
        return verdict.Value!;
    }
}
