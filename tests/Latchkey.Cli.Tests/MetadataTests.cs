using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Latchkey.Saml.Metadata;
using Latchkey.Saml.Protocol;

namespace Latchkey.Cli.Tests;

/// <summary><c>latchkey saml metadata</c>: what it says, what is missing, what to beware of.</summary>
public sealed class MetadataTests(Parties parties) : IClassFixture<Parties>
{
    [Fact]
    public async Task It_says_who_and_where()
    {
        var run = await ShowAsync(Parties.IdentityProvider(Parties.Issuer, parties.Key));

        run.Output.ShouldContain("HTTP-Redirect https://idp.example.test/sso");
    }

    [Fact]
    public async Task Usable_metadata_ends_with_0()
    {
        (await ShowAsync(Parties.IdentityProvider(Parties.Issuer, parties.Key))).Code.ShouldBe(0);
    }

    [Fact]
    public async Task A_missing_signing_key_is_named()
    {
        (await ShowAsync(Parties.IdentityProvider(Parties.Issuer))).Output.ShouldContain(
            "a usable signing key"
        );
    }

    [Fact]
    public async Task M2_Metadata_that_is_over_is_shown_and_ends_with_1()
    {
        var run = await ShowAsync(
            Parties.IdentityProvider(Parties.Issuer, parties.Key) with
            {
                ValidUntil = Parties.Time.AddDays(-1),
            }
        );

        (run.Code, run.Output).ShouldSatisfyAllConditions(
            r => r.Code.ShouldBe(1),
            r => r.Output.ShouldContain("The metadata ended on 2026-02-28"),
            r => r.Output.ShouldContain(Parties.Issuer)
        );
    }

    [Fact]
    public async Task Metadata_that_ends_soon_is_warned_about()
    {
        var run = await ShowAsync(
            Parties.IdentityProvider(Parties.Issuer, parties.Key) with
            {
                ValidUntil = Parties.Time.AddDays(10),
            }
        );

        run.Output.ShouldContain("The metadata ends on 2026-03-11");
    }

    [Fact]
    public async Task A_certificate_that_ended_is_warned_about()
    {
        var file = parties.Write("idp-now.xml", Parties.Metadata(Parties.Issuer, parties.Key));

        var run = await Run.Latchkey("saml", "metadata", file, "--now", "2040-01-01T00:00:00Z");

        run.Output.ShouldContain("A certificate ended on 2035-03-01");
    }

    [Fact]
    public async Task S3_A_weak_key_is_warned_about()
    {
        using var weak = RSA.Create(1024);
        using var certificate = new CertificateRequest(
            "CN=weak",
            weak,
            HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1
        ).CreateSelfSigned(Parties.Time, Parties.Time.AddYears(1));
        var entity = Parties.IdentityProvider(Parties.Issuer, parties.Key);

        var run = await ShowAsync(
            entity with
            {
                IdentityProvider = entity.IdentityProvider! with
                {
                    SigningCertificates = [certificate.RawData],
                },
            }
        );

        run.Output.ShouldContain("metadata-key-refused");
    }

    [Fact]
    public async Task I3_Plain_http_to_elsewhere_is_left_out_with_a_warning()
    {
        var xml = Encoding
            .UTF8.GetString(Parties.Metadata(Parties.Issuer, parties.Key))
            .Replace(
                "</md:IDPSSODescriptor>",
                $"<md:SingleSignOnService Binding=\"{SamlBindings.Post}\" Location=\"http://idp.example.test/\"/></md:IDPSSODescriptor>",
                StringComparison.Ordinal
            );

        var run = await Run.Latchkey("saml", "metadata", parties.Write("http.xml", xml));

        run.Output.ShouldContain("metadata-endpoint-address");
    }

    [Fact]
    public async Task Plain_http_on_this_machine_is_warned_about()
    {
        var entity = Parties.IdentityProvider("http://localhost:5000", parties.Key);

        (await ShowAsync(entity)).Output.ShouldContain(
            "Plain http, for tests on one machine only: http://localhost:5000/sso"
        );
    }

    [Fact]
    public async Task Of_several_entities_each_has_a_line()
    {
        var run = await Run.Latchkey("saml", "metadata", Federation());

        run.Lines[..2].ShouldBe(["IdP       https://one.test", "IdP       https://two.test"]);
    }

    [Fact]
    public async Task Of_several_entities_one_is_shown_in_full()
    {
        var run = await Run.Latchkey(
            "saml",
            "metadata",
            Federation(),
            "--entity-id",
            "https://two.test"
        );

        run.Output.ShouldContain("https://two.test/sso");
    }

    [Fact]
    public async Task An_entity_that_is_not_there_is_unusable()
    {
        var run = await Run.Latchkey("saml", "metadata", Federation(), "--entity-id", "x");

        run.Code.ShouldBe(2);
    }

    [Fact]
    public async Task M2_A_signature_by_the_pinned_key_is_demanded()
    {
        var signed = parties.Write(
            "signed.xml",
            MetadataWriter.Write(
                Parties.IdentityProvider(Parties.Issuer, parties.Key),
                "_signed",
                parties.Key
            )
        );
        var pinned = parties.Write("pinned.pem", parties.Key.Certificate.ExportCertificatePem());

        (
            (await Run.Latchkey("saml", "metadata", signed, "--signed-by", pinned)).Code,
            (
                await Run.Latchkey(
                    "saml",
                    "metadata",
                    parties.Write("unsigned.xml", Parties.Metadata(Parties.Issuer, parties.Key)),
                    "--signed-by",
                    pinned
                )
            ).Code
        ).ShouldBe((0, 1));
    }

    [Theory]
    [InlineData("id", "GET /entities/https%3A%2F%2Fidp.example.test ")]
    [InlineData("sha1", "GET /entities/%7Bsha1%7D")]
    public async Task M2_A_responder_is_asked_for_one_entity(string form, string asked)
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var served = ServeOnceAsync(server, "200 OK");

        var run = await Run.Latchkey(
            "saml",
            "metadata",
            $"http://{server.LocalEndpoint}",
            "--mdq",
            form,
            "--entity-id",
            Parties.Issuer
        );

        (run.Code, await served).ShouldSatisfyAllConditions(
            r => r.Code.ShouldBe(0, run.Error),
            r => r.Item2.ShouldStartWith(asked)
        );
    }

    [Theory]
    [InlineData("sha256", "x")]
    [InlineData("id", "")]
    public async Task A_query_that_cannot_be_asked_is_unusable(string form, string entityId) =>
        (
            await Run.Latchkey(
                "saml",
                "metadata",
                "https://mdq.example.test",
                "--mdq",
                form,
                "--entity-id",
                entityId
            )
        ).Code.ShouldBe(2);

    [Fact]
    public async Task A_federation_of_any_size_is_streamed()
    {
        var federation = LargeFederation();

        var run = await Run.Latchkey(
            "saml",
            "metadata",
            federation,
            "--entity-id",
            "https://idp299.test"
        );

        run.Output.ShouldContain("https://idp299.test/sso");
    }

    [Fact]
    public async Task A_federation_of_any_size_is_listed()
    {
        var run = await Run.Latchkey("saml", "metadata", LargeFederation());

        run.Lines[^1].ShouldStartWith("600 entities");
    }

    [Theory]
    [MemberData(nameof(HostileInputs.Names), MemberType = typeof(HostileInputs))]
    public async Task X2_What_is_hostile_has_a_finding(string name)
    {
        var file = parties.Write("hostile", HostileInputs.Octets(name));

        (await Run.Latchkey("saml", "metadata", file)).Code.ShouldBe(1);
    }

    [Fact]
    public async Task An_address_is_fetched_and_plain_http_is_warned_about()
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var served = ServeOnceAsync(server, "200 OK");

        var run = await Run.Latchkey("saml", "metadata", $"http://{server.LocalEndpoint}/");

        await served;
        (run.Code, run.Output).ShouldSatisfyAllConditions(
            r => r.Code.ShouldBe(0, run.Error),
            r => r.Output.ShouldStartWith("! Fetched by plain http"),
            r => r.Output.ShouldContain(Parties.Issuer)
        );
    }

    [Fact]
    public async Task An_address_without_metadata_is_unusable()
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var served = ServeOnceAsync(server, "404 Not Found");

        var run = await Run.Latchkey("saml", "metadata", $"http://{server.LocalEndpoint}/");

        await served;
        run.Code.ShouldBe(2);
    }

    private Task<Run> ShowAsync(EntityDescriptor entity) =>
        Run.Latchkey(
            "saml",
            "metadata",
            parties.Write("shown.xml", MetadataWriter.Write(entity)),
            "--now",
            Parties.Now
        );

    private string Federation() =>
        parties.Write(
            "federation.xml",
            "<md:EntitiesDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\">"
                + Encoding.UTF8.GetString(Parties.Metadata("https://one.test", parties.Key))
                + Encoding.UTF8.GetString(Parties.Metadata("https://two.test", parties.Key))
                + "</md:EntitiesDescriptor>"
        );

    // More than is read at once.
    private string LargeFederation() =>
        parties.Write(
            "large.xml",
            MetadataWriter.Write(
                new EntitiesDescriptor([
                    .. Enumerable
                        .Range(0, 600)
                        .Select(n =>
                            Parties.IdentityProvider($"https://idp{n}.test", parties.Key) with
                            {
                                Organization = new Organization(
                                    new string('x', 15_000),
                                    "Example",
                                    "https://example.test"
                                ),
                            }
                        ),
                ]),
                "_large"
            )
        );

    private async Task<string> ServeOnceAsync(TcpListener server, string status)
    {
        using var client = await server.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        await using var stream = client.GetStream();
        using var reader = new StreamReader(stream, leaveOpen: true);
        var asked = await reader.ReadLineAsync(TestContext.Current.CancellationToken) ?? "";
        while (await reader.ReadLineAsync(TestContext.Current.CancellationToken) is { Length: > 0 })
        { }
        var body = Parties.Metadata(Parties.Issuer, parties.Key);
        var head =
            $"HTTP/1.1 {status}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n";
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes(head).Concat(body).ToArray(),
            TestContext.Current.CancellationToken
        );
        return asked;
    }
}
