using Latchkey.Server.Applications;
using Latchkey.Server.Applications.Following;
using Latchkey.Server.Applications.Mapping;
using Latchkey.Server.Certificates;

namespace Latchkey.Server.Api.Applications;

/// <summary>An application in the words of the declaration file. Of its signing key there is only what its certificate says.</summary>
internal static class ApplicationAnswer
{
    public static object Of(
        Application application,
        ApplicationCertificate? certificate,
        IEnumerable<string> groups,
        IEnumerable<string> users,
        FollowedMetadata? followed = null
    ) =>
        new
        {
            application.Id,
            Kind = Word(application.Kind),
            application.Slug,
            application.Label,
            application.Description,
            application.Color,
            application.Categories,
            application.TechnicalContact,
            application.Hidden,
            application.Active,
            application.IdpEntityId,
            application.SpEntityId,
            AcsUrls = application.AcsEndpoints.Select(e => e.Location),
            SloUrls = application.SloEndpoints.Select(e => new
            {
                Binding = ApplicationWords.LogoutBindings.Of(e.Binding),
                Url = e.Location,
                ResponseUrl = e.ResponseLocation,
            }),
            application.SpSigningCertificates,
            application.SpEncryptionCertificates,
            Encryption = new
            {
                Assertions = application.EncryptAssertions,
                Content = ApplicationWords.ContentEncryption.Of(application.ContentEncryption),
                Key = ApplicationWords.KeyEncryption.Of(application.KeyEncryption),
            },
            application.WantAssertionsSigned,
            application.RequiredAttributes,
            application.RequireSignedRequests,
            ClockSkew = application.ClockSkewSeconds,
            AssertionLifetime = application.AssertionLifetimeSeconds,
            SessionLifetime = application.SessionLifetimeMinutes switch
            {
                null => (object)"none",
                0 => "session",
                { } minutes => minutes,
            },
            AuthnContext = new
            {
                application.AuthnContext.Always,
                Mappings = (application.AuthnContext.Mappings ?? []).Select(m => new
                {
                    m.Method,
                    Class = m.ClassRef,
                }),
            },
            application.AnswerFailures,
            NameId = NameId(application),
            Sign = ApplicationWords.Sign.Of(application.Sign),
            SignatureAlgorithm = ApplicationWords.SignatureAlgorithm.Of(
                application.SignatureAlgorithm
            ),
            Attributes = application
                .Attributes.Where(a => a.Kind != AttributeKind.Constant)
                .Select(Mapped),
            ConstantAttributes = application
                .Attributes.Where(a => a.Kind == AttributeKind.Constant)
                .Select(a => new
                {
                    a.Name,
                    a.Value,
                    NameFormat = NameFormat(a),
                }),
            RelayState = application.DefaultRelayState,
            application.LoginUrl,
            application.DeclareRedirectEndpoint,
            application.Logo,
            application.Connector,
            // A dictionary's keys are the connector's own and stay as they are.
            application.ConnectorVariables,
            Groups = groups,
            Users = users,
            Certificate = certificate is null
                ? null
                : new
                {
                    Sha256 = CertificateText.Sha256(certificate.Certificate),
                    certificate.NotBefore,
                    certificate.NotAfter,
                },
            SpMetadataUrl = followed?.Url,
            SpMetadataCertificates = followed?.PinnedCertificates,
            MetadataStatus = followed is null
                ? null
                : new
                {
                    followed.SucceededAt,
                    followed.NextAt,
                    followed.ValidUntil,
                    followed.FailingSince,
                    Problem = followed.ProblemCode,
                    Alarm = followed.Alarm == MetadataAlarm.None
                        ? null
                        : FollowingAlarms.Word(followed.Alarm),
                },
            application.Version,
            application.CreatedAt,
            application.UpdatedAt,
        };

    public static string Word(ApplicationKind kind) =>
        kind == ApplicationKind.Bookmark ? "bookmark" : "saml";

    private static object NameId(Application application)
    {
        var format = ApplicationWords.NameIdFormats.Of(application.NameIdFormat);
        var source = application.NameIdSource;
        return source.StartsWith(AttributePlan.ExpressionPrefix, StringComparison.Ordinal)
            ? new { Expression = source[AttributePlan.ExpressionPrefix.Length..], Format = format }
            : new { Source = source, Format = format };
    }

    private static object Mapped(AttributeMapping row) =>
        row.Kind == AttributeKind.Expression
            ? new
            {
                row.Name,
                Expression = row.Value,
                NameFormat = NameFormat(row),
                row.FriendlyName,
            }
            : new
            {
                row.Name,
                Source = row.Kind switch
                {
                    AttributeKind.Groups => "groups",
                    AttributeKind.AuthnMethods => "amr",
                    _ => row.Value,
                },
                NameFormat = NameFormat(row),
                row.FriendlyName,
                GroupPattern = row.Groups?.Pattern,
                row.Groups?.Separator,
            };

    private static string? NameFormat(AttributeMapping row) =>
        row.NameFormat is { } uri ? ApplicationWords.AttributeNameFormats.Of(uri) : null;
}
