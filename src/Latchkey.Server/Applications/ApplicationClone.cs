namespace Latchkey.Server.Applications;

/// <summary>
/// A prebuilt application as a custom one: the same settings without the connector, so that "does it work through the
/// general one?" can be answered (S0-18). It starts inactive and open to nobody, under an address of its own.
/// </summary>
internal static class ApplicationClone
{
    /// <param name="application">What to clone.</param>
    /// <param name="label">The clone's name.</param>
    public static ApplicationInput Of(Application application, string label) =>
        new()
        {
            Label =
                label.Length <= ApplicationRules.MaxLabel
                    ? label
                    : label[..ApplicationRules.MaxLabel],
            Description = application.Description,
            Color = application.Color,
            Categories = application.Categories,
            TechnicalContact = application.TechnicalContact,
            Hidden = application.Hidden,
            Logo = application.Logo,
            SpEntityId = application.SpEntityId,
            AcsEndpoints = application.AcsEndpoints,
            SloEndpoints = application.SloEndpoints,
            SpSigningCertificates = application.SpSigningCertificates,
            SpEncryptionCertificates = application.SpEncryptionCertificates,
            EncryptAssertions = application.EncryptAssertions,
            ContentEncryption = application.ContentEncryption,
            KeyEncryption = application.KeyEncryption,
            WantAssertionsSigned = application.WantAssertionsSigned,
            RequiredAttributes = application.RequiredAttributes,
            RequireSignedRequests = application.RequireSignedRequests,
            NameIdSource = application.NameIdSource,
            NameIdFormat = application.NameIdFormat,
            Sign = application.Sign,
            SignatureAlgorithm = application.SignatureAlgorithm,
            Attributes = application.Attributes,
            ClockSkewSeconds = application.ClockSkewSeconds,
            AssertionLifetimeSeconds = application.AssertionLifetimeSeconds,
            SessionLifetimeMinutes =
                application.SessionLifetimeMinutes ?? ApplicationInput.NoSessionLifetime,
            AuthnContext = application.AuthnContext,
            AnswerFailures = application.AnswerFailures,
            DefaultRelayState = application.DefaultRelayState,
            LoginUrl = application.LoginUrl,
            DeclareRedirectEndpoint = application.DeclareRedirectEndpoint,
        };
}
