namespace Latchkey.Server.Tests.Api;

internal static class Declarations
{
    /// <summary>As the documentation shows it, with the service provider by hand.</summary>
    public const string Documented = """
        users:
          - { username: ada, email: ada@example.test, firstname: Ada, lastname: Lovelace, password: "only used when created", attributes: { department: Research } }
        groups:
          - { name: Engineering, members: [ada] }
        administrators: [ada]
        applications:
          - slug: wiki
            label: Wiki
            sp_entity_id: https://wiki.example.test/saml2/metadata
            acs_urls: [https://wiki.example.test/signin-saml2]
            idp_entity_id: https://id.example.test/saml2/wiki
            sign: assertion_and_response        # assertion | response | assertion_and_response
            signature_algorithm: rsa-sha256
            name_id: { source: email, format: emailAddress }
            attributes: [ { name: email, source: email }, { name: groups, source: groups } ]
            constant_attributes: [ { name: SessionDuration, value: "3600" } ]
            relay_state: ""
            groups: [Engineering]
            active: true
        """;
}
