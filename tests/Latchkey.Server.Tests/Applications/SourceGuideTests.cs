using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Latchkey.Saml.Issuing;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Messages;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Requests;
using Latchkey.Saml.Responses;
using Latchkey.Server.Directory;
using Latchkey.Server.Tests.SignIn;

namespace Latchkey.Server.Tests.Applications;

/// <summary>
/// The guides that this product grew from, played step by step on its pages. Each ends in a Response that a validator,
/// set up as that guide's service provider by what was copied from the page, accepts.
/// </summary>
public sealed class SourceGuideTests(SqliteIdentityProvider host)
    : IClassFixture<SqliteIdentityProvider>
{
    [Fact]
    [Trait("Rule", "S2-14")]
    [Trait("Rule", "S2-17")]
    [Trait("Rule", "S2-01")]
    [Trait("Rule", "S2-02")]
    [Trait("Rule", "S2-03")]
    [Trait("Rule", "S2-04")]
    [Trait("Rule", "S2-05")]
    [Trait("Rule", "S2-06")]
    [Trait("Rule", "S2-07")]
    [Trait("Rule", "S2-08")]
    [Trait("Rule", "S2-09")]
    [Trait("Rule", "S2-10")]
    [Trait("Rule", "S2-11")]
    [Trait("Rule", "S2-12")]
    [Trait("Rule", "S2-13")]
    [Trait("Rule", "S2-16")]
    [Trait("Rule", "S2-19")]
    [Trait("Rule", "S2-21")]
    [Trait("Rule", "S2-22")]
    [Trait("Rule", "S2-26")]
    [Trait("Rule", "S2-25")]
    [Trait("Rule", "J-19")]
    public async Task TrueFoundry_by_a_custom_application()
    {
        const string Audience = "https://login.truefoundry.example/saml/acme";
        const string Consumer = "https://login.truefoundry.example/saml/acme/callback";
        var user = await host.AddUserAsync();
        var group = await host.GroupAsync("TrueFoundry users", user);
        var admin = await CustomAsync();
        admin.Type("#Form_Label", "TrueFoundry");
        admin.Type("#Form_IdpEntityId", "latchkey-truefoundry");
        admin.Type("#Form_SpEntityId", Audience);
        admin.Type("#Form_Acs_0__Url", Consumer);
        await AddAttributeAsync(admin, 0, "email", "email");
        await AddAttributeAsync(admin, 1, "sub", "id");
        admin.Tick($"#group-{group.Id:N}");
        await admin.ClickAsync("#save-activate");
        admin.Text(".lk-toast").ShouldContain("is active");
        // The steps of the guide that were forgotten most often are the defaults here.
        admin.Value("#Form_Sign").ShouldBe("assertion_and_response");
        var copied = Copied.From(admin);

        var page = await SignInByRedirectAsync(copied, user, Audience, out var request);

        var assertion = copied.Accept(page, request, Audience, Consumer, host.Clock);
        assertion
            .Attributes.Select(a => (a.Name, a.Values[0]))
            .ShouldBe([("email", user.Email), ("sub", user.Id.ToString())]);
    }

    [Fact]
    [Trait("Rule", "S2-27")]
    [Trait("Rule", "S2-18")]
    public async Task Somebody_in_none_of_the_groups_is_refused_here()
    {
        const string Audience = "https://other.truefoundry.example/saml/acme";
        var admin = await CustomAsync();
        admin.Type("#Form_Label", "TrueFoundry of others");
        admin.Type("#Form_SpEntityId", Audience);
        admin.Type("#Form_Acs_0__Url", Audience + "/callback");
        await admin.ClickAsync("#save-activate");
        var copied = Copied.From(admin);

        var page = await SignInByRedirectAsync(copied, await host.AddUserAsync(), Audience, out _);

        page.Field("SAMLResponse").ShouldBeNull();
        page.Text.ShouldContain("TrueFoundry of others");
    }

    [Fact]
    [Trait("Rule", "S4-01")]
    [Trait("Rule", "S4-02")]
    [Trait("Rule", "S4-03")]
    [Trait("Rule", "S4-04")]
    [Trait("Rule", "S4-05")]
    [Trait("Rule", "S4-06")]
    [Trait("Rule", "S4-07")]
    [Trait("Rule", "S4-08")]
    [Trait("Rule", "S4-09")]
    [Trait("Rule", "S4-10")]
    [Trait("Rule", "S4-11")]
    [Trait("Rule", "S4-12")]
    [Trait("Rule", "J-12")]
    public async Task Cloudflare_Access_with_own_certificate_one_address_for_both_and_a_person_by_name()
    {
        const string Callback = "https://acme.cloudflareaccess.example/cdn-cgi/access/callback";
        var user = await host.AddUserAsync();
        var admin = await CustomAsync();
        admin.Type("#Form_Label", "Cloudflare Access");
        admin.Type("#Form_IdpEntityId", "https://acme.cloudflareaccess.example");
        admin.Type("#Form_SpEntityId", Callback);
        admin.Type("#Form_Acs_0__Url", Callback);
        admin.Value("#Form_NameIdFormat").ShouldBe(NameIdFormats.EmailAddress);
        await AddAttributeAsync(admin, 0, "email", "email");
        admin.Type("#Form_UserSearch", user.Username);
        await admin.ClickAsync("#find-users");
        await admin.ClickAsync($"#add-user-{user.Id:N}");
        // As the guide makes it: for 1095 days, with nothing but a common name.
        var (pair, certificate) = OwnPair("acme");
        await admin.ClickAsync("#save");
        await admin.ClickAsync("#manage-certificates");
        admin.Type("#Input_Pair", pair);
        await admin.ClickAsync("#add-own");
        admin.Errors.ShouldBeEmpty();
        await admin.ClickAsync("a[href^='/admin/applications/']:not([id])");
        await admin.ClickAsync("#save-activate");
        var copied = Copied.From(admin);
        copied.Certificate.ReplaceLineEndings().Trim().ShouldBe(certificate);

        var page = await SignInByRedirectAsync(copied, user, Callback, out var request);

        var assertion = copied.Accept(page, request, Callback, Callback, host.Clock);
        assertion.Issuer.ShouldBe("https://acme.cloudflareaccess.example");
        assertion.NameId!.Value.ShouldBe(user.Email);
    }

    [Fact]
    [Trait("Rule", "S1-07")]
    [Trait("Rule", "J-60")]
    [Trait("Rule", "S1-02")]
    public async Task A_prebuilt_connector_found_by_another_name()
    {
        const string Audience = "https://auth.atlassian.com/saml/0f1e2d3c";
        const string Consumer =
            "https://auth.atlassian.com/login/callback?connection=saml-0f1e2d3c";
        var user = await host.AddUserAsync();
        var group = await host.GroupAsync("Atlassian users", user);
        var admin = await host.BrowserAsync();
        await admin.OpenAsync("/admin/applications/catalogue?q=Confluence");
        admin.Text("#connector-atlassian-cloud").ShouldContain("Confluence");
        await admin.ClickAsync("#connector-atlassian-cloud");
        admin.Type("input[name='Form.Variables[id]']", "0f1e2d3c");
        admin.Tick($"#group-{group.Id:N}");
        await admin.ClickAsync("#save-activate");
        var copied = Copied.From(admin);

        var page = await SignInByRedirectAsync(copied, user, Audience, out var request);

        copied
            .Accept(page, request, Audience, Consumer, host.Clock)
            .NameId!.Value.ShouldBe(user.Email);
    }

    private (string Pair, string Certificate) OwnPair(string commonName)
    {
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest(
            $"CN={commonName}",
            key,
            HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1
        ).CreateSelfSigned(host.Clock.GetUtcNow(), host.Clock.GetUtcNow().AddDays(1095));
        var pem = certificate.ExportCertificatePem();
        return ($"{pem}\n{key.ExportPkcs8PrivateKeyPem()}\n", pem.ReplaceLineEndings());
    }

    private async Task<AdminBrowser> CustomAsync()
    {
        var admin = await host.BrowserAsync();
        await admin.OpenAsync("/admin/applications");
        await admin.ClickAsync("#add-application-here, #add-application");
        await admin.ClickAsync("#custom");
        return admin;
    }

    private static async Task AddAttributeAsync(
        AdminBrowser admin,
        int row,
        string name,
        string source
    )
    {
        await admin.ClickAsync("#add-attribute");
        admin.Type($"#Form_Attributes_{row}__Name", name);
        admin.Type($"#Form_Attributes_{row}__Source", source);
    }

    /// <summary>In a private window: the service provider's request by Redirect, and the sign-in form.</summary>
    private Task<TestPage> SignInByRedirectAsync(
        Copied copied,
        User user,
        string serviceProvider,
        out AuthnRequest request
    )
    {
        request = new AuthnRequest
        {
            Id = IdSource.Random.Next(),
            IssueInstant = host.Clock.GetUtcNow(),
            Issuer = serviceProvider,
            Destination = copied.SignOnUrl,
        };
        return SignInAsync(
            MessageWriter.ToRedirectUrl(request, copied.SignOnUrl, null, null),
            user
        );
    }

    private async Task<TestPage> SignInAsync(string address, User user)
    {
        var browser = host.NewBrowser();
        var page = await browser.OpenAsync(address, "cross-site");
        return await browser.SubmitAsync(
            page,
            ("username", user.Username),
            ("password", TestIdentityProvider.Password)
        );
    }

    /// <summary>What the administrator copies from the application's page to the other side.</summary>
    private sealed record Copied(string SignOnUrl, string EntityId, string Certificate)
    {
        public static Copied From(AdminBrowser admin) =>
            new(
                admin.Value("#sign-on-address"),
                admin.Value("#idp-entity-id"),
                admin.Value("#certificate-pem")
            );

        /// <summary>The service provider's check, with both signatures demanded as TrueFoundry does.</summary>
        public VerifiedAssertion Accept(
            TestPage page,
            AuthnRequest request,
            string audience,
            string consumer,
            TimeProvider time
        )
        {
            page.Action.ShouldBe(consumer, page.Text);
            using var key = VerificationKey.FromCertificate(
                Convert.FromBase64String(
                    Certificate[PemEncoding.Find(Certificate).Base64Data].ReplaceLineEndings("")
                )
            );
            var verdict = ResponseValidator.Validate(
                page.Field("SAMLResponse")!,
                new()
                {
                    ServiceProviderEntityId = audience,
                    AssertionConsumerServiceUrl = consumer,
                    IdentityProviderEntityId = EntityId,
                    Keys = [key],
                    RequestId = request.Id,
                    RequiredSignatures = SignedParts.AssertionAndResponse,
                    Now = time.GetUtcNow(),
                }
            );
            verdict.Accepted.ShouldBeTrue(string.Join('\n', verdict.Findings));
            return verdict.Value!;
        }
    }
}
