using Latchkey.Saml.Issuing;
using Latchkey.Saml.Protocol;
using Latchkey.Server.Applications;
using Latchkey.Server.Applications.Catalogue;

namespace Latchkey.Server.Tests.Applications.Catalogue;

/// <summary>What real service providers are peculiar about (K-01 to K-10), on an application made of their connector.</summary>
public sealed class ConnectorRequirementTests(SqliteIdentityProvider host)
    : IClassFixture<SqliteIdentityProvider>
{
    [Theory]
    [InlineData("dropbox", "Dropbox")]
    [InlineData("box", "box.net")]
    [InlineData("knowbe4", "KnowBe4")]
    [InlineData("appgate-sdp-users", "AppGate Client")]
    [InlineData("new-relic-account", "rpm.newrelic.com")]
    [InlineData("zoom", "acme.zoom.us")]
    [InlineData("servicenow", "https://acme.service-now.com")]
    [InlineData("asana", "https://app.asana.com/")]
    [Trait("Rule", "K-01")]
    [Trait("Rule", "J-09")]
    [Trait("Rule", "S2-11")]
    public async Task An_entity_ID_is_whatever_the_service_provider_calls_itself(
        string slug,
        string entityId
    ) => (await ConnectorSample.MakeAsync(host, slug)).Application.SpEntityId.ShouldBe(entityId);

    [Theory]
    [InlineData(
        "atlassian-cloud",
        "https://auth.atlassian.com/login/callback?connection=saml-0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"
    )]
    [InlineData("hubspot", "https://api.hubspot.com/login-api/v1/saml/acs?portalId=123456")]
    [InlineData("cisco-anyconnect", "https://app.example.com/+CSCOE+/saml/sp/acs?tgname=staff")]
    [InlineData("replicon", "https://global.replicon.com/!/saml2/acme/sso/post")]
    [InlineData("qlik-sense-enterprise", "https://app.example.com:4443/samlauthn/")]
    [InlineData("aws-client-vpn", "http://127.0.0.1:35001")]
    [InlineData("wordpress", "https://blog.example.com/wp-login.php?saml_acs")]
    [Trait("Rule", "K-02")]
    public async Task An_ACS_URL_keeps_its_query_signs_and_port(string slug, string acs) =>
        (await ConnectorSample.MakeAsync(host, slug))
            .Application.AcsEndpoints[0]
            .Location.ShouldBe(acs);

    [Fact]
    [Trait("Rule", "K-03")]
    public async Task Two_applications_may_share_an_entity_ID()
    {
        var first = await ConnectorSample.MakeAsync(host, "aws-iam");
        var second = await ConnectorSample.MakeAsync(host, "aws-iam-several-accounts");
        second.Application.SpEntityId.ShouldBe(first.Application.SpEntityId);
        second.Application.IdpEntityId.ShouldNotBe(first.Application.IdpEntityId);
    }

    [Theory]
    [InlineData("cloudflare-access")]
    [InlineData("argo-cd")]
    [InlineData("concourse-ci")]
    [InlineData("jenkins")]
    [InlineData("pagerduty")]
    [InlineData("salesforce")]
    [Trait("Rule", "K-03")]
    public async Task One_address_can_be_entity_ID_and_ACS(string slug)
    {
        var application = (await ConnectorSample.MakeAsync(host, slug)).Application;
        application.AcsEndpoints[0].Location.ShouldBe(application.SpEntityId);
    }

    [Theory]
    [InlineData("freshworks", "response")]
    [InlineData("truefoundry", "assertion_and_response")]
    [InlineData("workday", "assertion_and_response")]
    [InlineData("secret-server", "assertion_and_response")]
    [InlineData("datadog", "assertion")]
    [InlineData("wazuh-dashboard", "assertion")]
    [InlineData("miro", "assertion")]
    [Trait("Rule", "K-04")]
    public async Task It_is_signed_as_the_service_provider_wants_it(string slug, string sign) =>
        ApplicationWords
            .Sign.Of((await ConnectorSample.MakeAsync(host, slug)).Application.Sign)
            .ShouldBe(sign);

    [Fact]
    [Trait("Rule", "K-05")]
    public async Task GitLab_gets_a_persistent_NameID_that_is_not_the_address()
    {
        var nameId = (await ConnectorSample.MakeAsync(host, "gitlab")).Assertion.NameId!;
        nameId.Format.ShouldBe(NameIdFormats.Persistent);
        nameId.Value.ShouldNotContain("@");
    }

    [Theory]
    [InlineData("sap-hana")]
    [InlineData("sap-cloud-for-customer")]
    [Trait("Rule", "K-05")]
    public async Task SAP_gets_the_part_of_the_address_before_the_at(string slug)
    {
        var sample = await ConnectorSample.MakeAsync(host, slug);
        sample.Assertion.NameId!.Value.ShouldMatch("^ada[0-9]+$");
    }

    [Fact]
    [Trait("Rule", "K-05")]
    public async Task ADP_gets_the_employee_number_as_an_attribute() =>
        (await ConnectorSample.MakeAsync(host, "adp-federated-sso"))
            .Values("PersonImmutableID")
            .ShouldHaveSingleItem()
            .ShouldStartWith("E-");

    [Fact]
    [Trait("Rule", "K-06")]
    public async Task JupiterOne_gets_all_groups_in_one_value_with_commas() =>
        (await ConnectorSample.MakeAsync(host, "jupiterone"))
            .Values("group_names")
            .ShouldBe(["Engineering,Staff"]);

    [Theory]
    [InlineData("splunk", "Role")]
    [InlineData("fortigate-ssl-vpn", "group")]
    [InlineData("wazuh-dashboard", "Roles")]
    [Trait("Rule", "K-06")]
    public async Task Others_get_one_value_for_each_group_under_their_name(
        string slug,
        string name
    ) =>
        (await ConnectorSample.MakeAsync(host, slug)).Values(name).ShouldBe(ConnectorSample.Groups);

    [Fact]
    [Trait("Rule", "K-06")]
    [Trait("Rule", "J-35")]
    [Trait("Rule", "S1-30")]
    public async Task AWS_gets_role_and_provider_as_a_pair_and_the_length_of_the_session()
    {
        var sample = await ConnectorSample.MakeAsync(host, "aws-iam");
        sample
            .Values("https://aws.amazon.com/SAML/Attributes/Role")
            .ShouldBe([
                "arn:aws:iam::123456789012:role/Engineers,arn:aws:iam::123456789012:saml-provider/Latchkey",
            ]);
        sample.Values("https://aws.amazon.com/SAML/Attributes/SessionDuration").ShouldBe(["3600"]);
    }

    [Fact]
    [Trait("Rule", "J-35")]
    public async Task Several_AWS_roles_of_a_person_are_several_values() =>
        (await ConnectorSample.MakeAsync(host, "aws-iam-several-accounts"))
            .Values("https://aws.amazon.com/SAML/Attributes/Role")
            .Count.ShouldBe(2);

    [Theory]
    [InlineData("zendesk", "Sha256")]
    [InlineData("gitlab", "Sha1")]
    [InlineData("truefoundry", "Pem")]
    [InlineData("snowflake", "Base64")]
    [InlineData("rocket-chat", "Base64")]
    [InlineData("argo-cd", "Base64OfPem")]
    [InlineData("aws-iam", "Metadata")]
    [Trait("Rule", "K-07")]
    [Trait("Rule", "S0-15")]
    public void The_certificate_is_handed_out_in_the_form_that_is_wanted(
        string slug,
        string form
    ) => ShippedConnectors.Get(slug).Certificate.Form.ToString().ShouldBe(form);

    [Theory]
    [InlineData("aws-iam", "File")]
    [InlineData("adobe-admin-console", "File")]
    [InlineData("cisco-webex-meetings", "File")]
    [InlineData("notion", "Url")]
    [InlineData("tableau-cloud", "File")]
    [Trait("Rule", "K-08")]
    public void Those_that_take_metadata_only_are_told_apart(string slug, string way)
    {
        var connector = ShippedConnectors.Get(slug);
        connector.ServiceProvider.TakesMetadata.ToString().ShouldBe(way);
        connector.Certificate.Form.ShouldBe(CertificateForm.Metadata);
    }

    [Theory]
    [InlineData("sentry")]
    [InlineData("datadog")]
    [InlineData("grafana")]
    [InlineData("jenkins")]
    [InlineData("nextcloud")]
    [InlineData("moodle")]
    [InlineData("rocket-chat")]
    [InlineData("fortigate-ssl-vpn")]
    [InlineData("cisco-anyconnect")]
    [Trait("Rule", "K-08")]
    public void Those_with_metadata_at_an_address_say_so(string slug) =>
        ShippedConnectors.Get(slug).ServiceProvider.Metadata.ShouldBe(SpMetadataSupport.Url);

    [Theory]
    [InlineData("bitwarden")]
    [InlineData("rancher")]
    [InlineData("argo-cd")]
    [InlineData("jupiterone")]
    [Trait("Rule", "K-09")]
    [Trait("Rule", "S0-21")]
    public async Task A_tile_opens_the_service_where_a_sign_in_cannot_start_here(string slug)
    {
        var sample = await ConnectorSample.MakeAsync(host, slug);
        sample.Connector.Modes.IdpInitiated.ShouldBe(Known.No);
        sample.Application.LoginUrl.ShouldNotBeNull();
    }

    [Fact]
    [Trait("Rule", "K-10")]
    public void Workdays_undeflated_requests_are_warned_of() =>
        ShippedConnectors
            .Get("workday")
            .Guide.Notes.ShouldContain(n => n.Contains("undeflated", StringComparison.Ordinal));

    [Fact]
    [Trait("Rule", "J-26")]
    public void A_connector_locks_a_field_and_says_why()
    {
        var field = ShippedConnectors.Get("truefoundry").Field("sign")!;
        field.State.ShouldBe(FieldState.Locked);
        field.Why.ShouldNotBeEmpty();
    }
}
