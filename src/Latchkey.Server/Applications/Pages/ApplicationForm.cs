using System.Text;
using Latchkey.Saml.Metadata;
using Latchkey.Saml.Protocol;
using Latchkey.Server.Applications.Mapping;
using Latchkey.Server.Certificates;

namespace Latchkey.Server.Applications.Pages;

/// <summary>One address of the form.</summary>
internal sealed class AcsRow
{
    public string? Url { get; set; }
    public int? Index { get; set; }
}

/// <summary>One logout address, carried along unseen until the application is saved.</summary>
internal sealed class SloRow
{
    public string? Binding { get; set; }
    public string? Location { get; set; }
    public string? ResponseLocation { get; set; }
}

/// <summary>One attribute of the form: <see cref="Source"/> is a source's name, "custom", "constant", "expression", "groups" or "amr".</summary>
internal sealed class AttributeRow
{
    public const string Custom = "custom";
    public const string Constant = "constant";
    public const string Groups = "groups";
    public const string Expression = "expression";
    public const string Methods = "amr";

    public string? Name { get; set; }
    public string? Source { get; set; }

    /// <summary>The custom attribute's name, the constant's value, or the expression.</summary>
    public string? Value { get; set; }

    public string? NameFormat { get; set; }
    public string? FriendlyName { get; set; }

    /// <summary>Which groups are named, see <see cref="GroupSelection"/>.</summary>
    public string? GroupPattern { get; set; }

    /// <summary>What joins the groups into one value.</summary>
    public string? Separator { get; set; }

    public bool IsBlank => string.IsNullOrWhiteSpace(Name) && string.IsNullOrEmpty(Value);
}

/// <summary>The form of flow A as it travels between page and server. Everything in it can be edited, wherever it came from.</summary>
internal sealed class ApplicationForm
{
    public string? MetadataUrl { get; set; }
    public string? MetadataText { get; set; }
    public IFormFile? MetadataFile { get; set; }

    /// <summary>The choice among several entities of one file.</summary>
    public string? Entity { get; set; }

    public string? Label { get; set; }
    public string? Description { get; set; }
    public string? SpEntityId { get; set; }
    public List<AcsRow> Acs { get; set; } = [];
    public int AcsDefault { get; set; }
    public string? SigningCertificates { get; set; }
    public string? EncryptionCertificates { get; set; }
    public List<SloRow> Slo { get; set; } = [];
    public string? Logo { get; set; }
    public bool RequireSignedRequests { get; set; }
    public bool EncryptAssertions { get; set; }

    public string? GroupSearch { get; set; }

    /// <summary>What the list of groups was last filtered by: tells Enter in the search box from Enter elsewhere.</summary>
    public string? GroupsShownFor { get; set; }

    public List<Guid> Groups { get; set; } = [];
    public string? Person { get; set; }

    public string? NameIdSource { get; set; } = "email";
    public string? NameIdCustom { get; set; }
    public string? NameIdFormat { get; set; } = NameIdFormats.EmailAddress;
    public List<AttributeRow> Attributes { get; set; } = [];
    public string? Sign { get; set; } = "assertion_and_response";
    public string? SignatureAlgorithm { get; set; } = "rsa-sha256";
    public string? RelayState { get; set; }
    public string? LoginUrl { get; set; }

    public string? Slug { get; set; }
    public string? IdpEntityId { get; set; }
    public bool DeclareRedirectEndpoint { get; set; } = true;
    public long Version { get; set; }

    /// <summary>Metadata that nobody has read yet, if there is any.</summary>
    public MetadataSource Metadata => new(MetadataFile, MetadataText, MetadataUrl);

    /// <summary>Drops rows that were left empty, so that the rows of the form and of its problems have the same numbers.</summary>
    public void Compact()
    {
        var chosen = AcsDefault >= 0 && AcsDefault < Acs.Count ? Acs[AcsDefault] : null;
        Acs.RemoveAll(row => string.IsNullOrWhiteSpace(row.Url));
        AcsDefault = chosen is null ? 0 : Math.Max(0, Acs.IndexOf(chosen));
        Attributes.RemoveAll(row => row.IsBlank);
        var next = Acs.Max(row => row.Index) ?? -1;
        foreach (var row in Acs.Where(row => row.Index is null))
        {
            row.Index = ++next;
        }
    }

    /// <summary>The whole form as input. Spaces around a pasted value are a slip of the hand; those inside are kept.</summary>
    public ApplicationInput ToInput(bool creating) =>
        new()
        {
            Slug = creating ? Slug?.Trim() : null,
            Label = Label ?? "",
            Description = Description ?? "",
            SpEntityId = SpEntityId?.Trim() ?? "",
            IdpEntityId =
                creating && string.IsNullOrWhiteSpace(IdpEntityId)
                    ? null
                    : IdpEntityId?.Trim() ?? "",
            AcsEndpoints =
            [
                .. Acs.Select(
                    (row, i) =>
                        new IndexedEndpoint(
                            SamlBindings.Post,
                            row.Url!.Trim(),
                            row.Index ?? i,
                            i == AcsDefault ? true : null
                        )
                ),
            ],
            SloEndpoints =
            [
                .. Slo.Select(row => new Saml.Metadata.Endpoint(
                    row.Binding ?? "",
                    row.Location ?? "",
                    string.IsNullOrEmpty(row.ResponseLocation) ? null : row.ResponseLocation
                )),
            ],
            SpSigningCertificates = Texts(SigningCertificates),
            SpEncryptionCertificates = Texts(EncryptionCertificates),
            Logo = Logo ?? "",
            RequireSignedRequests = RequireSignedRequests,
            EncryptAssertions = EncryptAssertions,
            NameIdSource = NameIdSource switch
            {
                AttributeRow.Custom => AttributeSources.CustomPrefix + NameIdCustom?.Trim(),
                AttributeRow.Expression => AttributePlan.ExpressionPrefix + NameIdCustom?.Trim(),
                _ => NameIdSource ?? "",
            },
            NameIdFormat = NameIdFormat ?? "",
            Attributes = [.. Attributes.Select(Mapping)],
            Sign = ApplicationWords.Sign.Parse(Sign),
            SignatureAlgorithm = ApplicationWords.SignatureAlgorithm.Parse(SignatureAlgorithm),
            DefaultRelayState = RelayState?.Trim() ?? "",
            LoginUrl = LoginUrl?.Trim() ?? "",
            DeclareRedirectEndpoint = DeclareRedirectEndpoint,
            GroupIds = [.. Groups.Distinct()],
        };

    public static ApplicationForm From(Application application, IEnumerable<Guid> groups)
    {
        var form = new ApplicationForm
        {
            Label = application.Label,
            Description = application.Description,
            SpEntityId = application.SpEntityId,
            Logo = application.Logo,
            RequireSignedRequests = application.RequireSignedRequests,
            EncryptAssertions = application.EncryptAssertions,
            SigningCertificates = Pem(application.SpSigningCertificates),
            EncryptionCertificates = Pem(application.SpEncryptionCertificates),
            Groups = [.. groups],
            NameIdFormat = application.NameIdFormat,
            Attributes = [.. application.Attributes.Select(Row)],
            Sign = ApplicationWords.Sign.Of(application.Sign),
            SignatureAlgorithm = ApplicationWords.SignatureAlgorithm.Of(
                application.SignatureAlgorithm
            ),
            RelayState = application.DefaultRelayState,
            LoginUrl = application.LoginUrl,
            Slug = application.Slug,
            IdpEntityId = application.IdpEntityId,
            DeclareRedirectEndpoint = application.DeclareRedirectEndpoint,
            Version = application.Version,
        };
        form.SetEndpoints(application.AcsEndpoints, application.SloEndpoints);
        (form.NameIdSource, form.NameIdCustom) = Split(application.NameIdSource);
        return form;
    }

    /// <summary>Takes over what metadata says, into the form of an application that does not exist yet. One that does is shown the difference first.</summary>
    public void Take(ImportedServiceProvider imported)
    {
        SpEntityId = imported.EntityId;
        SetEndpoints(imported.AcsEndpoints, imported.SloEndpoints);
        SigningCertificates = Pem(imported.SigningCertificates);
        EncryptionCertificates = Pem(imported.EncryptionCertificates);
        // On where the service provider publishes a key for it.
        EncryptAssertions = imported.EncryptionCertificates.Count > 0;
        RequireSignedRequests = imported.RequireSignedRequests;
        MetadataUrl = MetadataText = null;
        MetadataFile = null;
        Label = imported.Label;
        Description = imported.Description ?? Description;
        Logo = imported.Logo;
        NameIdFormat = imported.NameIdFormat ?? NameIdFormat;
        if (imported.NameIdFormat is NameIdFormats.Persistent or NameIdFormats.Transient)
        {
            NameIdSource = "id";
        }
        Attributes = imported.Attributes?.Select(Row).ToList() ?? Attributes;
    }

    private void SetEndpoints(
        IReadOnlyList<IndexedEndpoint> acs,
        IReadOnlyList<Saml.Metadata.Endpoint> slo
    )
    {
        Acs = [.. acs.Select(e => new AcsRow { Url = e.Location, Index = e.Index })];
        // saml-metadata-2.0 §2.2.3: the one marked, else the first not marked otherwise.
        AcsDefault = Math.Max(
            0,
            acs.Select((e, i) => (e, i))
                .OrderByDescending(x => x.e.IsDefault ?? false)
                .ThenBy(x => x.e.IsDefault == false)
                .Select(x => x.i)
                .DefaultIfEmpty(0)
                .First()
        );
        Slo =
        [
            .. slo.Select(e => new SloRow
            {
                Binding = e.Binding,
                Location = e.Location,
                ResponseLocation = e.ResponseLocation,
            }),
        ];
    }

    private static AttributeMapping Mapping(AttributeRow row)
    {
        var (kind, value) = row.Source switch
        {
            AttributeRow.Groups => (AttributeKind.Groups, null),
            AttributeRow.Methods => (AttributeKind.AuthnMethods, null),
            AttributeRow.Constant => (AttributeKind.Constant, row.Value ?? ""),
            AttributeRow.Expression => (AttributeKind.Expression, row.Value?.Trim() ?? ""),
            AttributeRow.Custom => (
                AttributeKind.User,
                AttributeSources.CustomPrefix + row.Value?.Trim()
            ),
            _ => (AttributeKind.User, row.Source ?? ""),
        };
        var selected =
            kind == AttributeKind.Groups
            && !(string.IsNullOrEmpty(row.GroupPattern) && string.IsNullOrEmpty(row.Separator));
        return new(
            row.Name?.Trim() ?? "",
            kind,
            value,
            Said(row.NameFormat),
            Said(row.FriendlyName),
            selected ? new(Said(row.GroupPattern), Said(row.Separator)) : null
        );
    }

    private static AttributeRow Row(AttributeMapping mapping)
    {
        var row = new AttributeRow
        {
            Name = mapping.Name,
            NameFormat = mapping.NameFormat,
            FriendlyName = mapping.FriendlyName,
            GroupPattern = mapping.Groups?.Pattern,
            Separator = mapping.Groups?.Separator,
        };
        (row.Source, row.Value) = mapping.Kind switch
        {
            AttributeKind.Groups => (AttributeRow.Groups, null),
            AttributeKind.AuthnMethods => (AttributeRow.Methods, null),
            AttributeKind.Constant => (AttributeRow.Constant, mapping.Value),
            AttributeKind.Expression => (AttributeRow.Expression, mapping.Value),
            _ => Split(mapping.Value ?? ""),
        };
        return row;
    }

    private static (string Source, string? Custom) Split(string source) =>
        source.StartsWith(AttributeSources.CustomPrefix, StringComparison.Ordinal)
            ? (AttributeRow.Custom, source[AttributeSources.CustomPrefix.Length..])
        : AttributePlan.NameIdExpression(source) is { } expression
            ? (AttributeRow.Expression, expression)
        : (source, null);

    private static string? Said(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static string[] Texts(string? text) => string.IsNullOrWhiteSpace(text) ? [] : [text];

    private static string? Pem(IReadOnlyList<string> certificates)
    {
        var text = new StringBuilder();
        foreach (var certificate in certificates)
        {
            text.Append(CertificateText.Pem(Convert.FromBase64String(certificate))).Append('\n');
        }
        return text.Length == 0 ? null : text.ToString();
    }
}
