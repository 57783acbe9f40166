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

/// <summary>The form of flow A as it travels between page and server. Everything in it can be edited, wherever it came from.</summary>
internal sealed partial class ApplicationForm
{
    public string? MetadataUrl { get; set; }
    public string? MetadataText { get; set; }
    public IFormFile? MetadataFile { get; set; }

    /// <summary>The choice among several entities of one file.</summary>
    public string? Entity { get; set; }

    public string? Label { get; set; }
    public string? SpEntityId { get; set; }
    public List<AcsRow> Acs { get; set; } = [];
    public int AcsDefault { get; set; }
    public string? SigningCertificates { get; set; }
    public bool RequireSignedRequests { get; set; }

    public string? GroupSearch { get; set; }

    /// <summary>What the list of groups was last filtered by: tells Enter in the search box from Enter elsewhere.</summary>
    public string? GroupsShownFor { get; set; }

    public List<Guid> Groups { get; set; } = [];

    /// <summary>The people who may sign in without a group (S4-12).</summary>
    public List<Guid> Users { get; set; } = [];

    public string? UserSearch { get; set; }
    public string? Person { get; set; }

    /// <summary>For whom the page shows what its expressions make; the administrator where nobody is named.</summary>
    public string? Sample { get; set; }

    /// <summary>What metadata or a connector demands, carried along unseen; null where nothing said so.</summary>
    public bool? WantAssertionsSigned { get; set; }

    /// <summary>As <see cref="WantAssertionsSigned"/>: the names of attributes.</summary>
    public List<string>? RequiredAttributes { get; set; }

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
        Contexts.RemoveAll(row => string.IsNullOrWhiteSpace(row.ClassRef));
        var next = Acs.Max(row => row.Index) ?? -1;
        foreach (var row in Acs.Where(row => row.Index is null))
        {
            row.Index = ++next;
        }
    }

    /// <summary>The whole form as input. Spaces around a pasted value are a slip of the hand; those inside are kept.</summary>
    public ApplicationInput ToInput(bool creating) =>
        WithIssuing(
            WithTile(
                new()
                {
                    Slug = creating ? Slug?.Trim() : null,
                    Label = Label ?? "",
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
                                    row.Url?.Trim() ?? "",
                                    row.Index ?? i,
                                    i == AcsDefault ? true : null
                                )
                        ),
                    ],
                    SloEndpoints = LogoutEndpoints,
                    SpSigningCertificates = Texts(SigningCertificates),
                    RequireSignedRequests = RequireSignedRequests,
                    NameIdSource = AttributeRow.SourceOf(NameIdSource, NameIdCustom),
                    NameIdFormat = NameIdFormat ?? "",
                    Attributes = [.. Attributes.Select(row => row.ToMapping())],
                    Sign = ApplicationWords.Sign.Parse(Sign),
                    SignatureAlgorithm = ApplicationWords.SignatureAlgorithm.Parse(
                        SignatureAlgorithm
                    ),
                    DefaultRelayState = RelayState?.Trim() ?? "",
                    LoginUrl = LoginUrl?.Trim() ?? "",
                    DeclareRedirectEndpoint = DeclareRedirectEndpoint,
                    WantAssertionsSigned = WantAssertionsSigned,
                    RequiredAttributes = RequiredAttributes,
                    GroupIds = [.. Groups.Distinct()],
                    UserIds = [.. Users.Distinct()],
                }
            )
        );

    public static ApplicationForm From(
        Application application,
        IEnumerable<Guid> groups,
        IEnumerable<Guid> users
    )
    {
        var form = new ApplicationForm
        {
            Label = application.Label,
            SpEntityId = application.SpEntityId,
            RequireSignedRequests = application.RequireSignedRequests,
            SigningCertificates = Pem(application.SpSigningCertificates),
            Groups = [.. groups],
            Users = [.. users],
            WantAssertionsSigned = application.WantAssertionsSigned,
            RequiredAttributes = [.. application.RequiredAttributes],
            NameIdFormat = application.NameIdFormat,
            Attributes = [.. application.Attributes.Select(AttributeRow.From)],
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
        form.ReadTile(application);
        form.ReadIssuing(application);
        form.SetEndpoints(application.AcsEndpoints, application.SloEndpoints);
        (form.NameIdSource, form.NameIdCustom) = AttributeRow.Split(application.NameIdSource);
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
        WantAssertionsSigned = imported.WantAssertionsSigned;
        RequiredAttributes = [.. imported.RequiredAttributes];
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
        Attributes = imported.Attributes?.Select(AttributeRow.From).ToList() ?? Attributes;
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
        SetLogout(slo);
    }

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
