using System.Text.RegularExpressions;
using Latchkey.Saml.Protocol;
using Latchkey.Server.Applications;
using Latchkey.Server.Certificates;
using Microsoft.Extensions.Time.Testing;

namespace Latchkey.Server.Tests.Applications;

public sealed class MetadataImportTests : IDisposable
{
    private readonly MetadataFetch _fetch = new(new FetchRules());
    private readonly MetadataImport _import;

    public MetadataImportTests() =>
        _import = new MetadataImport(
            _fetch,
            new FakeTimeProvider(new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero))
        );

    public void Dispose() => _fetch.Dispose();

    [Fact]
    [Trait("Rule", "S1-20")]
    public void The_metadata_of_node_saml_fills_everything_it_says()
    {
        var read = Only("node-saml.xml");

        read.EntityId.ShouldBe("https://wiki.example.test/saml");
        read.Label.ShouldBe("wiki.example.test");
        read.AcsEndpoints.Single().Location.ShouldBe("https://wiki.example.test/saml/acs");
        read.SigningCertificates.Count.ShouldBe(1);
        read.RequireSignedRequests.ShouldBeTrue();
        read.NameIdFormat.ShouldBe(NameIdFormats.EmailAddress);
        read.SloEndpoints.Count.ShouldBe(1);
    }

    [Fact]
    public void The_metadata_of_mod_auth_mellon_keeps_the_address_we_can_answer_at()
    {
        var read = Only("mod-auth-mellon.xml");

        read.Label.ShouldBe("Intranet");
        read.AcsEndpoints.Single()
            .Location.ShouldBe("https://intranet.example.test/mellon/postResponse");
        read.EncryptionCertificates.Count.ShouldBe(1);
        read.NameIdFormat.ShouldBe(NameIdFormats.Transient);
    }

    [Fact]
    [Trait("Rule", "J-28")]
    public void A_key_of_an_elliptic_curve_without_a_use_verifies_and_turns_no_encryption_on()
    {
        CertificateText.TryParse(TestData.Text("ec-p256.pem"), out var curve, out _).ShouldBeTrue();
        var published = Regex
            .Replace(
                TestData.Text("node-saml.xml"),
                "<ds:X509Certificate>[^<]*",
                "<ds:X509Certificate>" + curve[0],
                RegexOptions.None,
                TimeSpan.FromSeconds(1)
            )
            .Replace(" use=\"signing\"", "", StringComparison.Ordinal);

        var read = _import.Read(published).Value!.Choose().Value!;

        read.SigningCertificates.ShouldBe(curve);
        read.EncryptionCertificates.ShouldBeEmpty();
        read.Notices.Single().Code.ShouldBe("metadata-encryption-not-rsa");
    }

    [Fact]
    public void The_name_in_English_comes_before_others() =>
        Only("everything.xml").Label.ShouldBe("Time sheets");

    [Fact]
    [Trait("Rule", "J-10")]
    [Trait("Rule", "S2-12")]
    public void K_02_Several_addresses_are_kept_letter_by_letter_with_index_and_default()
    {
        var acs = Only("everything.xml").AcsEndpoints;

        acs[0].Location.ShouldBe("https://time.example.test:8443/acs?tenant=a+b!c");
        acs[1].Index.ShouldBe(7);
        acs[1].IsDefault.ShouldBe(true);
    }

    [Fact]
    public void An_address_with_an_index_that_is_taken_is_kept_under_another_and_said()
    {
        var read = Read(("https://a.example.test/acs", 1), ("https://a.example.test/second", 1));

        read.AcsEndpoints.Select(e => (e.Location, e.Index))
            .ShouldBe([("https://a.example.test/acs", 1), ("https://a.example.test/second", 2)]);
        read.Notices.Single().Code.ShouldBe("metadata-acs-index");
    }

    [Fact]
    public void An_address_that_is_listed_twice_is_kept_once_and_said()
    {
        var read = Read(("https://a.example.test/acs", 0), ("https://a.example.test/acs", 1));

        read.AcsEndpoints.Single().Index.ShouldBe(0);
        read.Notices.Single().Code.ShouldBe("metadata-acs-twice");
    }

    [Fact]
    public void A_logo_is_drawn_anew_and_kept_only_as_a_data_URI() =>
        Only("everything.xml").Logo!.ShouldStartWith(ApplicationLogo.Kept);

    [Fact]
    public void Requested_attributes_become_rows() =>
        Only("everything.xml")
            .Attributes!.Select(a => $"{a.Name}={a.Value ?? a.Kind.ToString()}")
            .ShouldBe([
                "urn:oid:0.9.2342.19200300.100.1.3=email",
                "first_name=firstname",
                "memberOf=Groups",
            ]);

    [Fact]
    public void What_was_left_out_is_said() =>
        Only("everything.xml")
            .Notices.Select(n => n.Code)
            .ShouldBe(
                ["metadata-left-out", "metadata-attribute-required-unknown"],
                ignoreOrder: true
            );

    [Fact]
    public void A_file_of_several_asks_which()
    {
        var read = _import.Read(TestData.Bytes("several.xml")).Value!;

        read.Choose().Problems.Single().Code.ShouldBe("metadata-several");
        read.Choose("https://two.example.test/sp")
            .Value!.AcsEndpoints.Single()
            .Location.ShouldBe("https://two.example.test/acs");
        read.Choose("https://three.example.test/sp")
            .Problems.Single()
            .Code.ShouldBe("metadata-entity-missing");
    }

    [Theory]
    [InlineData("identity-provider.xml", "metadata-no-service-provider")]
    [InlineData("doctype.xml", "metadata-refused")]
    [InlineData("expired.xml", "metadata-refused")]
    public void Other_files_are_refused(string file, string code) =>
        _import.Read(TestData.Bytes(file)).Problems[0].Code.ShouldBe(code);

    [Theory]
    [InlineData("", "metadata-empty")]
    [InlineData("Hello", "metadata-refused")]
    [InlineData("<html><body>Sign in</body></html>", "metadata-refused")]
    public void Other_texts_are_refused(string text, string code) =>
        _import.Read(text).Problems[0].Code.ShouldBe(code);

    [Fact]
    [Trait("Rule", "S0-12")]
    public void A_service_provider_that_speaks_SAML_1_1_alone_is_refused_with_the_version_that_is_spoken_here()
    {
        var old = TestData
            .Text("node-saml.xml")
            .Replace("SAML:2.0:protocol", "SAML:1.1:protocol", StringComparison.Ordinal);
        var problem = _import.Read(old).Problems[0];
        problem.Code.ShouldBe("metadata-refused");
        string.Join(" ", problem.Args).ShouldContain("SAML 2.0");
    }

    [Fact]
    public void More_than_a_megabyte_is_refused() =>
        _import
            .Read(new byte[MetadataImport.MaxBytes + 1])
            .Problems.Single()
            .Code.ShouldBe("metadata-too-large");

    [Fact]
    public void Pasted_text_may_have_lines_before_it_and_declare_any_encoding() =>
        _import
            .Read("\n  " + TestData.Text("node-saml.xml").Replace("?>", " encoding=\"UTF-16\"?>"))
            .Ok.ShouldBeTrue();

    private ImportedServiceProvider Read(params (string Url, int Index)[] consumers) =>
        _import
            .Read(
                $"""
                <md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="urn:example:sp">
                  <md:SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
                    {string.Concat(
                        consumers.Select(c =>
                            $"<md:AssertionConsumerService Binding=\"{SamlBindings.Post}\" Location=\"{c.Url}\" index=\"{c.Index}\"/>"
                        )
                    )}
                  </md:SPSSODescriptor>
                </md:EntityDescriptor>
                """
            )
            .Value!.Choose()
            .Value!;

    private ImportedServiceProvider Only(string file) =>
        _import.Read(TestData.Bytes(file)).Value!.Choose().Value!;
}
