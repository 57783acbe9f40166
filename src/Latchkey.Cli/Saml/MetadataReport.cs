using System.Globalization;
using Latchkey.Saml.Metadata;
using Latchkey.Saml.Protocol;

namespace Latchkey.Cli.Saml;

/// <summary>Metadata in plain words.</summary>
internal static class MetadataReport
{
    /// <summary>How long before its end something is warned about.</summary>
    private static readonly TimeSpan s_soon = TimeSpan.FromDays(30);

    /// <summary>One line for each entity.</summary>
    public static IEnumerable<string> List(IReadOnlyList<EntityDescriptor> entities)
    {
        foreach (var entity in entities)
        {
            yield return Line(entity);
        }
        yield return Safe($"{entities.Count} entities; --entity-id shows one in full.");
    }

    /// <summary>One entity of several.</summary>
    public static string Line(EntityDescriptor entity) =>
        Safe($"{Roles(entity), -9} {entity.EntityId}");

    /// <summary>Everything about one entity, then what is missing and what to beware of.</summary>
    public static IEnumerable<string> Of(EntityDescriptor entity, DateTimeOffset now) =>
        Facts(entity)
            .Concat(Remarks("Missing", Missing(entity)))
            .Concat(Remarks("Beware", Warnings(entity, now)))
            .Select(Safe);

    private static IEnumerable<string> Facts(EntityDescriptor entity)
    {
        yield return Field("entity ID", entity.EntityId);
        yield return Field("roles", Roles(entity));
        if (entity.Organization is { } organization)
        {
            yield return Field("organization", $"{organization.DisplayName}, {organization.Url}");
        }
        yield return Field(
            "valid until",
            entity.ValidUntil is { } until ? Instant(until) : "not said"
        );
        if (entity.CacheDuration is { } duration)
        {
            yield return Field("refresh after", duration.ToString());
        }
        foreach (var line in MetadataDetails.Of(entity))
        {
            yield return line;
        }
        if (entity.IdentityProvider is { } provider)
        {
            yield return "";
            yield return "Identity provider";
            foreach (var service in provider.SingleSignOnServices)
            {
                yield return Endpoint("sign-on", service.Binding, service.Location);
            }
            yield return Field(
                "  requests",
                provider.WantAuthnRequestsSigned ? "must be signed" : "may be unsigned"
            );
            foreach (var line in Common(provider))
            {
                yield return line;
            }
        }
        if (entity.ServiceProvider is { } consumer)
        {
            yield return "";
            yield return "Service provider";
            foreach (var service in consumer.AssertionConsumerServices)
            {
                yield return Endpoint("responses", service.Binding, service.Location)
                    + $" (index {service.Index}{(service.IsDefault == true ? ", default" : "")})";
            }
            yield return Field(
                "  requests",
                consumer.AuthnRequestsSigned ? "are signed" : "are not said to be signed"
            );
            yield return Field(
                "  assertions",
                consumer.WantAssertionsSigned
                    ? "must be signed"
                    : "need no signature of their own in a signed Response"
            );
            foreach (var line in MetadataDetails.Wants(consumer))
            {
                yield return line;
            }
            foreach (var line in Common(consumer))
            {
                yield return line;
            }
        }
    }

    private static IEnumerable<string> Common(Role role)
    {
        foreach (var line in MetadataDetails.Of(role))
        {
            yield return line;
        }
        foreach (var service in role.SingleLogoutServices)
        {
            yield return Endpoint("logout", service.Binding, service.Location);
        }
        foreach (var format in role.NameIdFormats)
        {
            yield return Field("  NameID", format);
        }
        foreach (var certificate in role.SigningCertificates)
        {
            yield return Field("  signs with", CertificateWords.Of(certificate));
        }
        foreach (var certificate in role.EncryptionCertificates)
        {
            yield return Field("  decrypts with", CertificateWords.Of(certificate));
        }
    }

    private static IEnumerable<string> Missing(EntityDescriptor entity)
    {
        if (entity.ValidUntil is null)
        {
            yield return "validUntil: nothing says when these keys stop being valid.";
        }
        if (!entity.Contacts.Any(contact => contact.Type == ContactType.Technical))
        {
            yield return "a technical contact: nobody to turn to when sign-in breaks.";
        }
        if (entity.IdentityProvider is { } provider)
        {
            if (provider.SigningCertificates.Count == 0)
            {
                yield return "a usable signing key: no Response of this identity provider can be accepted.";
            }
            if (!provider.SingleSignOnServices.Any(s => IsBrowserBinding(s.Binding)))
            {
                yield return "a single sign-on service for HTTP-Redirect or HTTP-POST: nobody can be sent there.";
            }
        }
        if (entity.ServiceProvider is { } consumer)
        {
            if (!consumer.AssertionConsumerServices.Any(s => s.Binding == SamlBindings.Post))
            {
                yield return "an assertion consumer service for HTTP-POST: Responses cannot be delivered.";
            }
            if (consumer.AuthnRequestsSigned && consumer.SigningCertificates.Count == 0)
            {
                yield return "a usable signing key, although requests are signed: they cannot be verified.";
            }
            if (consumer.EncryptionCertificates.Count == 0)
            {
                yield return "an encryption key: assertions for it cannot be encrypted.";
            }
        }
        foreach (var role in RolesOf(entity))
        {
            if (role.SingleLogoutServices.Count == 0)
            {
                yield return $"a single logout service ({RoleName(role)}): signing out there ends nothing here.";
            }
            if (role.UiInfo.DisplayNames.Count == 0 && entity.Organization is null)
            {
                yield return $"a name for people ({RoleName(role)}).";
            }
        }
    }

    private static IEnumerable<string> Warnings(EntityDescriptor entity, DateTimeOffset now)
    {
        if (entity.ValidUntil is { } until && End(until, now) is { } end)
        {
            yield return $"The metadata {end}.";
        }
        var certificates = RolesOf(entity)
            .SelectMany(role => role.SigningCertificates.Concat(role.EncryptionCertificates))
            .DistinctBy(der => Convert.ToBase64String(der.Span), StringComparer.Ordinal);
        foreach (var certificate in certificates)
        {
            if (CertificateWords.EndOf(certificate) is { } over && End(over, now) is { } words)
            {
                yield return $"A certificate {words}: {CertificateWords.Of(certificate)}. Latchkey goes by the key and not by the date; others do not.";
            }
        }
        foreach (
            var address in Addresses(entity)
                .Where(a => a.StartsWith("http:", StringComparison.OrdinalIgnoreCase))
                .Distinct(StringComparer.Ordinal)
        )
        {
            yield return $"Plain http, for tests on one machine only: {address}";
        }
    }

    private static IEnumerable<string> Addresses(EntityDescriptor entity) =>
        RolesOf(entity)
            .SelectMany(role => role.SingleLogoutServices.Select(s => s.Location))
            .Concat(entity.IdentityProvider?.SingleSignOnServices.Select(s => s.Location) ?? [])
            .Concat(entity.ServiceProvider?.AssertionConsumerServices.Select(s => s.Location) ?? [])
            .Concat(
                RolesOf(entity)
                    .SelectMany(role => role.ArtifactResolutionServices.Select(s => s.Location))
            );

    private static string? End(DateTimeOffset end, DateTimeOffset now) =>
        end <= now ? $"ended on {Instant(end)}"
        : end - now <= s_soon ? $"ends on {Instant(end)}"
        : null;

    private static IEnumerable<Role> RolesOf(EntityDescriptor entity)
    {
        if (entity.IdentityProvider is not null)
        {
            yield return entity.IdentityProvider;
        }
        if (entity.ServiceProvider is not null)
        {
            yield return entity.ServiceProvider;
        }
    }

    private static string RoleName(Role role) =>
        role is IdentityProviderRole ? "identity provider" : "service provider";

    private static string Roles(EntityDescriptor entity) =>
        (entity.IdentityProvider, entity.ServiceProvider) switch
        {
            (not null, not null) => "IdP, SP",
            (not null, null) => "IdP",
            _ => "SP",
        };

    private static bool IsBrowserBinding(string binding) =>
        binding is SamlBindings.Redirect or SamlBindings.Post;

    private static IEnumerable<string> Remarks(string heading, IEnumerable<string> remarks)
    {
        var first = true;
        foreach (var remark in remarks)
        {
            if (first)
            {
                yield return "";
                yield return heading;
            }
            first = false;
            yield return $"  {remark}";
        }
    }

    internal static string Endpoint(string label, string binding, string location) =>
        Field($"  {label}", $"{binding[(binding.LastIndexOf(':') + 1)..]} {location}");

    internal static string Field(string label, string text) => $"{label, -15} {text}";

    private static string Instant(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);

    private static string Safe(string line) => TerminalText.Show(line);
}
