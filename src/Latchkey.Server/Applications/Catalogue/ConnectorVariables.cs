using Latchkey.Saml.Issuing;
using Latchkey.Saml.Protocol;
using Latchkey.Server.Problems;

namespace Latchkey.Server.Applications.Catalogue;

/// <summary>Fills a connector with the administrator's values.</summary>
internal static class ConnectorVariables
{
    /// <summary>Longer than any tenant's name or role's ARN.</summary>
    private const int MaxLength = 512;

    /// <summary>Whether the variable's pattern takes the whole value.</summary>
    public static bool Matches(ConnectorVariable variable, string value) =>
        value.Length <= MaxLength && ConnectorPattern.Matches(variable.Pattern, value);

    /// <summary>The connector's examples, for tests and for the pages that show what will become of a value.</summary>
    public static IReadOnlyDictionary<string, string> Examples(Connector connector) =>
        connector.Variables.ToDictionary(v => v.Name, v => v.Example, StringComparer.Ordinal);

    /// <summary>What is wrong with one value, or null. An empty one is wrong only where the variable is required.</summary>
    public static Problem? Fault(ConnectorVariable variable, string? value)
    {
        var where = $"variables.{variable.Name}";
        var text = value?.Trim() ?? "";
        if (text.Length == 0)
        {
            return variable.Required ? new Problem("variable-empty", where, variable.Label) : null;
        }
        return Matches(variable, text)
            ? null
            : new Problem("variable-invalid", where, text, variable.Expected, variable.Example);
    }

    /// <summary>Everything that the connector knows of an application with these values, ready to save.</summary>
    public static Outcome<ApplicationInput> Fill(
        Connector connector,
        IReadOnlyDictionary<string, string> said
    )
    {
        var problems = connector
            .Variables.Select(v => Fault(v, said.GetValueOrDefault(v.Name)))
            .OfType<Problem>()
            .ToList();
        if (problems.Count > 0)
        {
            return Outcome<ApplicationInput>.Failed(problems);
        }
        var values = Values(connector, said);
        string? Filled(string? template) =>
            template is null ? null : ConnectorTemplate.Fill(template, values);
        var sp = connector.ServiceProvider;
        var loginUrl = Filled(sp.LoginUrl);
        return new ApplicationInput
        {
            Label = connector.Name,
            SpEntityId = Filled(sp.EntityId),
            AcsEndpoints = ApplicationInput.AcsFrom(sp.AcsUrls.Select(Filled).OfType<string>()),
            SloEndpoints = Filled(sp.LogoutUrl) is { } logout
                ? [new Saml.Metadata.Endpoint(SamlBindings.Post, logout, null)]
                : null,
            NameIdSource = connector.NameId?.Source,
            NameIdFormat = connector.NameId?.Format,
            Sign = connector.Sign,
            Attributes =
            [
                .. connector
                    .Attributes.Where(a => a.Sent)
                    .Select(a => Row(a, values))
                    .OfType<AttributeMapping>(),
            ],
            DefaultRelayState = Filled(sp.RelayState),
            // Where nobody knows that an unasked Response is taken, the application starts the sign-in itself (S0-21).
            LoginUrl =
                connector.Modes is { SpInitiated: Known.Yes, IdpInitiated: not Known.Yes }
                && EndpointUrl.Fault(loginUrl) is null
                    ? loginUrl
                    : null,
            DeclareRedirectEndpoint = connector.DeclareRedirectEndpoint,
            WantAssertionsSigned =
                connector.Sign is SignedParts.Assertion or SignedParts.AssertionAndResponse,
            RequiredAttributes =
            [
                .. connector
                    .Attributes.Where(a => a is { Required: true, Sent: true })
                    .Select(a => a.Name),
            ],
            Connector = connector.Slug,
            ConnectorVariables = values,
        };
    }

    /// <summary>The connector's attribute as a row of the application; null while a value for it is missing.</summary>
    public static AttributeMapping? Row(
        ConnectorAttribute attribute,
        IReadOnlyDictionary<string, string> values
    )
    {
        var value =
            attribute.Kind == AttributeKind.Constant
                ? ConnectorTemplate.Fill(attribute.Value ?? "", values)
                : attribute.Value;
        return attribute.Kind == AttributeKind.Constant && value is null
            ? null
            : new AttributeMapping(
                attribute.Name,
                attribute.Kind,
                value,
                attribute.NameFormat,
                attribute.FriendlyName,
                Selection(attribute)
            );
    }

    private static GroupSelection? Selection(ConnectorAttribute attribute)
    {
        var selection = new GroupSelection(
            Separator: attribute is { Kind: AttributeKind.Groups, Groups: GroupValues.Joined }
                ? ","
                : null,
            Attribute: attribute.GroupAttribute
        );
        return selection == new GroupSelection() ? null : selection;
    }

    private static Dictionary<string, string> Values(
        Connector connector,
        IReadOnlyDictionary<string, string> said
    ) =>
        connector
            .Variables.Select(v => (v.Name, Value: said.GetValueOrDefault(v.Name)?.Trim() ?? ""))
            .Where(v => v.Value.Length > 0)
            .ToDictionary(v => v.Name, v => v.Value, StringComparer.Ordinal);
}
