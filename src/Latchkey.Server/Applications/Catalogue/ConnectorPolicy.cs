using Latchkey.Server.Problems;

namespace Latchkey.Server.Applications.Catalogue;

/// <summary>
/// Holds an application to what its connector leaves no choice in (J-26, J-31, J-32): a locked or hidden field stays as
/// it was, or becomes what the connector says; a required one is not empty; attributes that the service provider reads
/// by a fixed name stay.
/// </summary>
internal static class ConnectorPolicy
{
    /// <summary>What a new application of this connector takes where nothing is said of a locked or hidden field.</summary>
    public static ApplicationInput Complete(Connector connector, ApplicationInput input)
    {
        if (Own(connector, input.ConnectorVariables) is not { } own)
        {
            return input;
        }
        foreach (var field in connector.Fields.Where(IsKept))
        {
            input = field.Name switch
            {
                "sp_entity_id" => input with { SpEntityId = input.SpEntityId ?? own.SpEntityId },
                "acs_urls" => input with { AcsEndpoints = input.AcsEndpoints ?? own.AcsEndpoints },
                "name_id.source" => input with
                {
                    NameIdSource = input.NameIdSource ?? own.NameIdSource,
                },
                "name_id.format" => input with
                {
                    NameIdFormat = input.NameIdFormat ?? own.NameIdFormat,
                },
                "sign" => input with { Sign = input.Sign ?? own.Sign },
                "attributes" => input with { Attributes = input.Attributes ?? own.Attributes },
                "relay_state" => input with
                {
                    DefaultRelayState = input.DefaultRelayState ?? own.DefaultRelayState,
                },
                "login_url" => input with { LoginUrl = input.LoginUrl ?? own.LoginUrl },
                "declare_redirect_endpoint" => input with
                {
                    DeclareRedirectEndpoint =
                        input.DeclareRedirectEndpoint ?? own.DeclareRedirectEndpoint,
                },
                _ => input,
            };
        }
        return input;
    }

    /// <summary>Everything in which the application leaves its connector.</summary>
    /// <param name="connector">What it was made from.</param>
    /// <param name="before">The application's fields before the change; null while it is being made.</param>
    /// <param name="attributesBefore">The attributes before the change.</param>
    /// <param name="after">The application as it would be.</param>
    public static IEnumerable<Problem> Faults(
        Connector connector,
        IReadOnlyList<KeyValuePair<string, string?>>? before,
        IReadOnlyList<AttributeMapping> attributesBefore,
        Application after
    )
    {
        if (connector.Fields.Count > 0)
        {
            var own = Own(connector, after.ConnectorVariables) is { } input ? Made(input) : null;
            var now = ApplicationChanges.Snapshot(after);
            foreach (var field in connector.Fields)
            {
                var value = Value(now, field.Name);
                var unchanged = before is not null && Value(before, field.Name) == value;
                var fits =
                    unchanged
                    || (
                        field.State == FieldState.Required
                            ? !string.IsNullOrEmpty(value)
                            : (before is null && own is null)
                                || (own is not null && Value(own, field.Name) == value)
                    );
                if (!fits)
                {
                    yield return new Problem(
                        field.State == FieldState.Required ? "field-required" : "field-locked",
                        field.Name,
                        field.Why
                    );
                }
            }
        }
        foreach (var attribute in connector.Attributes)
        {
            if (Fault(connector, attribute, before is null, attributesBefore, after) is { } fault)
            {
                yield return fault;
            }
        }
    }

    /// <summary>What the connector says of an application with these variables, under the API's names; fields of which it says nothing are left out.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> Recommended(
        Connector connector,
        IReadOnlyDictionary<string, string> variables
    )
    {
        if (Own(connector, variables) is not { } own)
        {
            return [];
        }
        var said = new HashSet<string>(StringComparer.Ordinal)
        {
            "sp_entity_id",
            "acs_urls",
            "attributes",
        };
        if (own.NameIdSource is not null)
        {
            said.UnionWith(["name_id.source", "name_id.format"]);
        }
        if (own.Sign is not null)
        {
            said.Add("sign");
        }
        if (own.DefaultRelayState is not null)
        {
            said.Add("relay_state");
        }
        if (own.LoginUrl is not null)
        {
            said.Add("login_url");
        }
        if (own.DeclareRedirectEndpoint is not null)
        {
            said.Add("declare_redirect_endpoint");
        }
        return Made(own).Where(field => said.Contains(field.Key));
    }

    /// <summary>Whether the field keeps its value.</summary>
    public static bool IsKept(ConnectorField field) =>
        field.State is FieldState.Locked or FieldState.Hidden;

    private static Problem? Fault(
        Connector connector,
        ConnectorAttribute attribute,
        bool creating,
        IReadOnlyList<AttributeMapping> before,
        Application after
    )
    {
        var was = before.FirstOrDefault(row => row.Name == attribute.Name);
        var at = after.Attributes.ToList().FindIndex(row => row.Name == attribute.Name);
        if (at < 0)
        {
            return attribute is { Required: true, NameLocked: true } && was is not null
                ? new Problem("attribute-needed", "attributes", attribute.Name, connector.Name)
                : null;
        }
        if (!attribute.ValueLocked)
        {
            return null;
        }
        var own = ConnectorVariables.Row(attribute, after.ConnectorVariables);
        var same =
            Same(after.Attributes[at], was)
            || Same(after.Attributes[at], own)
            || (creating && own is null);
        return same
            ? null
            : new Problem(
                "attribute-locked",
                $"attributes[{at}].value",
                attribute.Name,
                connector.Name
            );
    }

    /// <summary>Whether both send the same; what they are called beside the name does not matter.</summary>
    private static bool Same(AttributeMapping row, AttributeMapping? other) =>
        other is not null
        && row.Kind == other.Kind
        && row.Value == other.Value
        && row.Groups == other.Groups;

    private static ApplicationInput? Own(
        Connector connector,
        IReadOnlyDictionary<string, string>? variables
    ) =>
        ConnectorVariables
            .Fill(connector, variables ?? new Dictionary<string, string>(StringComparer.Ordinal))
            .Value;

    private static IReadOnlyList<KeyValuePair<string, string?>> Made(ApplicationInput input)
    {
        var made = new Application
        {
            Slug = "",
            Label = "",
            IdpEntityId = "",
            SpEntityId = "",
            CreatedAt = default,
            UpdatedAt = default,
        };
        ApplicationRules.Fill(made, input, creating: true);
        return ApplicationChanges.Snapshot(made);
    }

    private static string? Value(
        IReadOnlyList<KeyValuePair<string, string?>> snapshot,
        string name
    ) => snapshot.First(field => field.Key == name).Value;
}
