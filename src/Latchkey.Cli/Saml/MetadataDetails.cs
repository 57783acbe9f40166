using System.Globalization;
using Latchkey.Saml.Metadata;

namespace Latchkey.Cli.Saml;

/// <summary>The finer points of metadata: people, pages, algorithms, categories.</summary>
internal static class MetadataDetails
{
    /// <summary>Of the entity.</summary>
    public static IEnumerable<string> Of(EntityDescriptor entity)
    {
        foreach (var contact in entity.Contacts)
        {
            var person = string.Join(
                ", ",
                ((string?[])[$"{contact.GivenName} {contact.SurName}".Trim(), contact.Company])
                    .Concat(contact.EmailAddresses)
                    .Concat(contact.TelephoneNumbers)
                    .Where(part => !string.IsNullOrEmpty(part))
            );
            yield return MetadataReport.Field(
                "contact",
                $"{contact.Type.ToString().ToLowerInvariant()}: {person}"
            );
        }
        foreach (var attribute in entity.EntityAttributes)
        {
            yield return MetadataReport.Field(
                "category",
                $"{attribute.Name} = {string.Join(", ", attribute.Values)}"
            );
        }
        if (entity.SubjectIdRequirement is not SubjectIdRequirement.Unsaid and var requirement)
        {
            yield return MetadataReport.Field(
                "identifier",
                requirement switch
                {
                    SubjectIdRequirement.SubjectId => "asks for subject-id",
                    SubjectIdRequirement.PairwiseId => "asks for pairwise-id",
                    SubjectIdRequirement.Any => "asks for subject-id or pairwise-id",
                    _ => "asks for neither subject-id nor pairwise-id",
                }
            );
        }
        foreach (var line in Algorithms("", entity.Algorithms).Concat(Scopes("", entity.Scopes)))
        {
            yield return line;
        }
    }

    /// <summary>Of a role.</summary>
    public static IEnumerable<string> Of(Role role)
    {
        var texts = role
            .UiInfo.DisplayNames.Select(text => ("name", text))
            .Concat(role.UiInfo.Descriptions.Select(text => ("says", text)))
            .Concat(role.UiInfo.InformationUrls.Select(text => ("about", text)))
            .Concat(role.UiInfo.PrivacyStatementUrls.Select(text => ("privacy", text)));
        foreach (var (label, text) in texts)
        {
            yield return MetadataReport.Field($"  {label}", $"{text.Text} ({text.Language})");
        }
        foreach (var keywords in role.UiInfo.Keywords)
        {
            yield return MetadataReport.Field(
                "  keywords",
                $"{string.Join(", ", keywords.Words)} ({keywords.Language})"
            );
        }
        foreach (var logo in role.UiInfo.Logos)
        {
            yield return MetadataReport.Field("  logo", $"{logo.Width}×{logo.Height} {logo.Url}");
        }
        if (role.ErrorUrl is { } errorUrl)
        {
            yield return MetadataReport.Field("  errors", errorUrl);
        }
        foreach (var service in role.ArtifactResolutionServices)
        {
            yield return MetadataReport.Endpoint("artifacts", service.Binding, service.Location)
                + $" (index {service.Index})";
        }
        foreach (var method in role.EncryptionMethods)
        {
            yield return MetadataReport.Field("  decrypts by", method.Algorithm);
        }
        foreach (var line in Algorithms("  ", role.Algorithms).Concat(Scopes("  ", role.Scopes)))
        {
            yield return line;
        }
    }

    /// <summary>The attributes that a service provider asks for, by set when there are several.</summary>
    public static IEnumerable<string> Wants(ServiceProviderRole consumer)
    {
        foreach (var service in consumer.AttributeConsumingServices)
        {
            var set =
                consumer.AttributeConsumingServices.Count == 1 ? "" : $" (set {service.Index})";
            foreach (var attribute in service.RequestedAttributes)
            {
                yield return MetadataReport.Field(
                    "  wants",
                    attribute.Name
                        + (attribute.FriendlyName is null ? "" : $" ({attribute.FriendlyName})")
                        + (attribute.IsRequired ? ", required" : "")
                        + (
                            attribute.Values.Count == 0
                                ? ""
                                : $", of {string.Join(", ", attribute.Values)}"
                        )
                        + set
                );
            }
        }
    }

    private static IEnumerable<string> Algorithms(string indent, AlgorithmSupport algorithms)
    {
        foreach (var digest in algorithms.DigestMethods)
        {
            yield return MetadataReport.Field($"{indent}digests", digest);
        }
        foreach (var method in algorithms.SigningMethods)
        {
            var sizes =
                method.MinKeySize is null && method.MaxKeySize is null
                    ? ""
                    : string.Create(
                        CultureInfo.InvariantCulture,
                        $" ({method.MinKeySize ?? 0} to {method.MaxKeySize?.ToString(CultureInfo.InvariantCulture) ?? "any number of"} bits)"
                    );
            yield return MetadataReport.Field($"{indent}signatures", method.Algorithm + sizes);
        }
    }

    private static IEnumerable<string> Scopes(string indent, IReadOnlyList<Scope> scopes)
    {
        foreach (var scope in scopes)
        {
            yield return MetadataReport.Field(
                $"{indent}scope",
                scope.Value + (scope.IsRegularExpression ? " (regular expression)" : "")
            );
        }
    }
}
