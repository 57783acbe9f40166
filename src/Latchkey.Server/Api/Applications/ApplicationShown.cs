using System.Globalization;
using Latchkey.Server.Applications;
using Latchkey.Server.Applications.Following;
using Latchkey.Server.Applications.Mapping;
using Latchkey.Server.Certificates;

namespace Latchkey.Server.Api.Applications;

/// <summary>Puts an application into the words of the API and the declaration file.</summary>
internal static class ApplicationShown
{
    public static ApplicationBody Of(
        Application application,
        ApplicationCertificate? certificate,
        IReadOnlyList<string> groups,
        IReadOnlyList<string> users,
        FollowedMetadata? followed
    ) =>
        new()
        {
            Id = application.Id,
            Kind = ApplicationWords.Kind.Of(application.Kind),
            Slug = application.Slug,
            Label = application.Label,
            Description = application.Description,
            Color = application.Color,
            Categories = application.Categories,
            TechnicalContact = application.TechnicalContact,
            Hidden = application.Hidden,
            Active = application.Active,
            IdpEntityId = application.IdpEntityId,
            SpEntityId = application.SpEntityId,
            AcsUrls = [.. application.AcsEndpoints.Select(e => e.Location)],
            AcsEndpoints =
            [
                .. application.AcsEndpoints.Select(e => new AcsBody(
                    e.Location,
                    ApplicationWords.Bindings.Of(e.Binding),
                    e.Index,
                    e.IsDefault
                )),
            ],
            SloUrls =
            [
                .. application.SloEndpoints.Select(e => new SloBody(
                    e.Location,
                    ApplicationWords.LogoutBindings.Of(e.Binding),
                    e.ResponseLocation
                )),
            ],
            SpSigningCertificates = application.SpSigningCertificates,
            SpEncryptionCertificates = application.SpEncryptionCertificates,
            Encryption = new(
                application.EncryptAssertions,
                ApplicationWords.ContentEncryption.Of(application.ContentEncryption),
                ApplicationWords.KeyEncryption.Of(application.KeyEncryption)
            ),
            WantAssertionsSigned = application.WantAssertionsSigned,
            RequiredAttributes = application.RequiredAttributes,
            RequireSignedRequests = application.RequireSignedRequests,
            ClockSkew = application.ClockSkewSeconds,
            AssertionLifetime = application.AssertionLifetimeSeconds,
            SessionLifetime = application.SessionLifetimeMinutes switch
            {
                null => "none",
                0 => "session",
                { } minutes => minutes.ToString(CultureInfo.InvariantCulture),
            },
            AuthnContext = new(
                application.AuthnContext.Always,
                [
                    .. (application.AuthnContext.Mappings ?? []).Select(m => new AuthnMappingBody(
                        m.Method,
                        m.ClassRef
                    )),
                ]
            ),
            AnswerFailures = application.AnswerFailures,
            NameId = NameId(application),
            Sign = ApplicationWords.Sign.Of(application.Sign),
            SignatureAlgorithm = ApplicationWords.SignatureAlgorithm.Of(
                application.SignatureAlgorithm
            ),
            Attributes =
            [
                .. application
                    .Attributes.Where(a => a.Kind != AttributeKind.Constant)
                    .Select(Mapped),
            ],
            ConstantAttributes =
            [
                .. application
                    .Attributes.Where(a => a.Kind == AttributeKind.Constant)
                    .Select(a => new ConstantBody(
                        a.Name,
                        a.Value ?? "",
                        NameFormat(a),
                        a.FriendlyName
                    )),
            ],
            RelayState = application.DefaultRelayState,
            LoginUrl = application.LoginUrl,
            DeclareRedirectEndpoint = application.DeclareRedirectEndpoint,
            Logo = application.Logo,
            Connector = application.Connector,
            ConnectorVariables = new SortedDictionary<string, string>(
                application.ConnectorVariables.ToDictionary(StringComparer.Ordinal),
                StringComparer.Ordinal
            ),
            Groups = groups,
            Users = users,
            Certificate = certificate is null
                ? null
                : new(
                    CertificateText.Sha256(certificate.Certificate),
                    certificate.NotBefore,
                    certificate.NotAfter
                ),
            SpMetadataUrl = followed?.Url,
            SpMetadataCertificates = followed is null ? null : [.. followed.PinnedCertificates],
            MetadataStatus = followed is null ? null : MetadataStatusBody.Of(followed),
            Version = application.Version,
            CreatedAt = application.CreatedAt,
            UpdatedAt = application.UpdatedAt,
        };

    public static ApplicationRowBody Row(ApplicationRow row) =>
        new(
            row.Id,
            ApplicationWords.Kind.Of(row.Kind),
            row.Slug,
            row.Label,
            row.SpEntityId,
            row.Active,
            row.Groups,
            row.Users,
            row.CertificateNotAfter
        );

    private static NameIdBody NameId(Application application)
    {
        var format = ApplicationWords.NameIdFormats.Of(application.NameIdFormat);
        var source = application.NameIdSource;
        return source.StartsWith(AttributePlan.ExpressionPrefix, StringComparison.Ordinal)
            ? new(null, source[AttributePlan.ExpressionPrefix.Length..], format)
            : new(source, null, format);
    }

    private static AttributeBody Mapped(AttributeMapping row) =>
        new()
        {
            Name = row.Name,
            Expression = row.Kind == AttributeKind.Expression ? row.Value : null,
            Source = row.Kind switch
            {
                AttributeKind.Expression => null,
                AttributeKind.Groups => "groups",
                AttributeKind.AuthnMethods => "amr",
                _ => row.Value,
            },
            NameFormat = NameFormat(row),
            FriendlyName = row.FriendlyName,
            GroupPattern = row.Groups?.Pattern,
            GroupAttribute = row.Groups?.Attribute,
            Separator = row.Groups?.Separator,
        };

    private static string? NameFormat(AttributeMapping row) =>
        row.NameFormat is { } uri ? ApplicationWords.AttributeNameFormats.Of(uri) : null;
}
