namespace Latchkey.Faults.Tests;

/// <summary>An organisation of one person and one application, for tests in which only its server matters.</summary>
internal static class Wiki
{
    public const string Password = "correct horse battery";
    public const string SpEntityId = "https://wiki.example.test/saml2/metadata";

    public const string Bootstrap = $$"""
        users:
          - { username: ada, email: ada@example.test, password: "{{Password}}" }
        groups:
          - { name: Engineering, members: [ada] }
        applications:
          - slug: wiki
            label: Wiki
            sp_entity_id: {{SpEntityId}}
            acs_urls: [https://wiki.example.test/signin-saml2]
            groups: [Engineering]
            active: true
        """;
}
