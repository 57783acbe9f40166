using Latchkey.Saml.Protocol;
using Latchkey.Server.Applications;
using Latchkey.Server.Directory;

namespace Latchkey.Server.SingleSignOn;

/// <summary>What an application is told about a user, by its attribute rows (J-21 to J-23).</summary>
internal static class AttributeRelease
{
    /// <summary>One attribute a row, in their order, one value each; a row whose source is empty for this user is left out.</summary>
    /// <param name="groups">The user's groups that are bound to the application.</param>
    public static List<SamlAttribute> For(
        Application application,
        User user,
        IReadOnlyList<string> groups,
        string? managerEmail
    )
    {
        var attributes = new List<SamlAttribute>(application.Attributes.Count);
        foreach (var row in application.Attributes)
        {
            IReadOnlyList<string> values = row.Kind switch
            {
                AttributeKind.User => AttributeSources.Values(user, row.Value ?? "", managerEmail),
                AttributeKind.Constant => [row.Value ?? ""],
                AttributeKind.Groups => groups,
                _ => [],
            };
            if (values.Count > 0)
                attributes.Add(new(row.Name, values, row.NameFormat));
        }
        return attributes;
    }
}
