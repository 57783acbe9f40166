using Latchkey.Server.Applications.Mapping;
using Latchkey.Server.Directory;
using Latchkey.Server.Problems;

namespace Latchkey.Server.Applications.Catalogue;

/// <content>The larger parts of the file.</content>
internal sealed partial class ConnectorReader
{
    private ConnectorServiceProvider ServiceProvider(ConnectorFields file)
    {
        if (file.Object("service_provider", required: true) is not { } sp)
        {
            return new ConnectorServiceProvider { EntityId = "", AcsUrls = [] };
        }
        var entityId = sp.Required("entity_id");
        CheckTemplate(sp, "entity_id", entityId, mayLack: false);
        var acs = sp.Texts("acs_urls");
        if (acs.Count == 0)
        {
            sp.Add(
                "acs_urls",
                new Problem("connector-key-missing", "", "service_provider", "acs_urls")
            );
        }
        for (var i = 0; i < acs.Count; i++)
        {
            CheckTemplate(sp, "acs_urls", acs[i], mayLack: i > 0);
        }
        CheckAddresses(sp, "acs_urls", acs);
        var read = new ConnectorServiceProvider
        {
            EntityId = entityId,
            EntityIdAlternatives = sp.Texts("entity_id_alternatives"),
            AcsUrls = acs,
            AcsUrlAlternatives = sp.Texts("acs_url_alternatives"),
            LoginUrl = Template(sp, "login_url"),
            LogoutUrl = Template(sp, "logout_url"),
            RelayState = Template(sp, "relay_state"),
            Metadata = sp.Word(
                "metadata",
                ConnectorWords.MetadataSupport,
                SpMetadataSupport.Unknown
            ),
            MetadataUrl = Template(sp, "metadata_url"),
            TakesMetadata = sp.Word(
                "takes_metadata",
                ConnectorWords.TakesMetadata,
                IdpMetadataSupport.Unknown
            ),
        };
        CheckAddresses(sp, "logout_url", [read.LogoutUrl]);
        sp.End();
        return read;
    }

    private static ConnectorNameId? NameId(ConnectorFields file)
    {
        if (file.Object("name_id") is not { } nameId)
        {
            return null;
        }
        var read = new ConnectorNameId(
            Source(nameId, "source"),
            nameId.Word(
                "format",
                ConnectorWords.NameIdFormats,
                Saml.Protocol.NameIdFormats.EmailAddress
            )
        );
        nameId.End();
        return read;
    }

    private static Saml.Issuing.SignedParts? SignOf(ConnectorFields file) =>
        file.Text("sign") is null
            ? null
            : file.Word("sign", ConnectorWords.Sign, Saml.Issuing.SignedParts.AssertionAndResponse);

    private ConnectorAttribute Attribute(ConnectorFields attribute)
    {
        var (kind, value, groups) = Kind(attribute);
        var read = new ConnectorAttribute
        {
            Name = attribute.Required("name"),
            FriendlyName = attribute.Text("friendly_name"),
            NameFormat = attribute.Text("name_format") is null
                ? null
                : attribute.Word(
                    "name_format",
                    ConnectorWords.AttributeNameFormats,
                    Saml.Protocol.AttributeNameFormats.Unspecified
                ),
            Kind = kind,
            Value = value,
            Groups = groups,
            GroupAttribute = GroupAttribute(attribute, kind),
            Required = attribute.Flag("required"),
            RequiredForJit = attribute.Flag("required_for_jit"),
            Sent = attribute.Flag("sent", otherwise: true),
            NameLocked = attribute.Flag("name_locked"),
            ValueLocked = attribute.Flag("value_locked"),
            Hidden = attribute.Flag("hidden"),
            ValuePattern = ValuePattern(attribute),
            Note = attribute.Text("note"),
        };
        attribute.End();
        return read;
    }

    private (AttributeKind Kind, string? Value, GroupValues Groups) Kind(ConnectorFields attribute)
    {
        var source = attribute.Text("source");
        var constant = Template(attribute, "constant");
        var groups = attribute.Text("groups");
        if (new[] { source, constant, groups }.Count(said => said is not null) != 1)
        {
            attribute.Add("name", new Problem("connector-attribute-kind", ""));
        }
        if (groups is not null)
        {
            var values = attribute.Word("groups", ConnectorWords.GroupValues, GroupValues.Each);
            return (AttributeKind.Groups, null, values);
        }
        if (constant is not null)
        {
            return (AttributeKind.Constant, constant, default);
        }
        source = source is null ? null : Source(attribute, "source");
        return source?.StartsWith(AttributePlan.ExpressionPrefix, StringComparison.Ordinal) == true
            ? (AttributeKind.Expression, source[AttributePlan.ExpressionPrefix.Length..], default)
            : (AttributeKind.User, source, default);
    }

    private static string? GroupAttribute(ConnectorFields attribute, AttributeKind kind)
    {
        var name = attribute.Text("group_attribute");
        if (name is not null && kind != AttributeKind.Groups)
        {
            attribute.Add(
                "group_attribute",
                new Problem("connector-key-missing", "", "attribute", "groups")
            );
        }
        else if (name is not null && !UserRules.IsAttributeName(name))
        {
            attribute.Add("group_attribute", new Problem("attribute-name-invalid", ""));
        }
        return name;
    }

    private static string? ValuePattern(ConnectorFields attribute)
    {
        var pattern = attribute.Text("value_pattern");
        if (pattern is not null && ConnectorPattern.Fault(pattern) is { } fault)
        {
            attribute.Add("value_pattern", new Problem("connector-pattern", "", Sentence(fault)));
        }
        return pattern;
    }

    /// <summary>The addresses as the examples make them. One that no application could be saved with is a fault of the file.</summary>
    private void CheckAddresses(ConnectorFields sp, string key, IEnumerable<string?> templates)
    {
        var examples = _variables
            .DistinctBy(v => v.Name, StringComparer.Ordinal)
            .ToDictionary(v => v.Name, v => v.Example, StringComparer.Ordinal);
        foreach (var template in templates.OfType<string>())
        {
            if (
                ConnectorTemplate.Fill(template, examples) is { } url
                && EndpointUrl.Fault(url) is { } fault
            )
            {
                sp.Add(key, new Problem(fault, "", url));
            }
        }
    }

    private static string Source(ConnectorFields fields, string key)
    {
        var source = fields.Required(key);
        if (source.StartsWith(AttributePlan.ExpressionPrefix, StringComparison.Ordinal))
        {
            var parsed = Expression.Parse(source[AttributePlan.ExpressionPrefix.Length..], key);
            foreach (var problem in parsed.Problems)
            {
                fields.Add(key, problem);
            }
        }
        else if (source.Length > 0 && !AttributeSources.IsKnown(source))
        {
            fields.Add(
                key,
                new Problem(
                    "attribute-source-unknown",
                    "",
                    source,
                    string.Join(", ", AttributeSources.All)
                )
            );
        }
        return source;
    }

    private static ConnectorField Field(ConnectorFields field)
    {
        field.Required("field");
        var read = new ConnectorField(
            field.Word("field", ConnectorWords.Fields, ""),
            field.Word("state", ConnectorWords.FieldStates, FieldState.Locked),
            field.Required("why")
        );
        field.End();
        return read;
    }

    private static ConnectorCertificate Certificate(ConnectorFields file)
    {
        if (file.Object("certificate", required: true) is not { } certificate)
        {
            return new(CertificateForm.Unknown, null);
        }
        var read = new ConnectorCertificate(
            certificate.Word("form", ConnectorWords.CertificateForms, CertificateForm.Unknown),
            certificate.Text("label")
        );
        certificate.End();
        return read;
    }

    private ConnectorGuide Guide(ConnectorFields file)
    {
        if (file.Object("guide", required: true) is not { } guide)
        {
            return new ConnectorGuide { Basis = GuideBasis.General, Steps = [] };
        }
        var read = new ConnectorGuide
        {
            Basis = guide.Word("basis", ConnectorWords.GuideBases, GuideBasis.General),
            Before = guide.Texts("before"),
            Steps = [.. guide.Objects("steps").Select(Step)],
            Notes = guide.Texts("notes"),
            Errors = [.. guide.Objects("errors").Select(Error)],
        };
        if (read.Steps.Count == 0)
        {
            guide.Add("steps", new Problem("connector-key-missing", "", "guide", "steps"));
        }
        guide.End();
        return read;
    }

    private GuideStep Step(ConnectorFields step)
    {
        var text = step.Required("text");
        var values = new List<GuideValue>();
        foreach (var value in step.Objects("values"))
        {
            var read = new GuideValue(value.Required("label"), value.Required("value"));
            CheckTemplate(value, "value", read.Value, mayLack: true);
            foreach (var token in CopyTokens.In(read.Value).Except(CopyTokens.All))
            {
                value.Add(
                    "value",
                    new Problem(
                        "connector-token-unknown",
                        "",
                        token,
                        CopyTokens.All.MinBy(t => Settings.EditDistance.Between(t, token))!,
                        string.Join(", ", CopyTokens.All)
                    )
                );
            }
            value.End();
            values.Add(read);
        }
        step.End();
        return new GuideStep(text, values);
    }

    private static KnownError Error(ConnectorFields error)
    {
        var read = new KnownError(
            error.Required("text"),
            error.Required("cause"),
            error.Required("remedy")
        );
        error.End();
        return read;
    }

    private static ConnectorEvidence Evidence(ConnectorFields file)
    {
        if (file.Object("evidence", required: true) is not { } evidence)
        {
            return new([], null, default);
        }
        var read = new ConnectorEvidence(
            evidence.Texts("sources"),
            evidence.Text("as_of"),
            evidence.Date("checked")
        );
        if (read.Sources.Count == 0)
        {
            evidence.Add(
                "sources",
                new Problem("connector-key-missing", "", "evidence", "sources")
            );
        }
        evidence.End();
        return read;
    }
}
