namespace Latchkey.Saml.AspNetCore;

/// <summary>Default values of the SAML 2.0 handler.</summary>
public static class Saml2Defaults
{
    /// <summary>The default scheme name.</summary>
    public const string AuthenticationScheme = "Saml2";

    /// <summary>The default name for people.</summary>
    public const string DisplayName = "SAML 2.0";

    /// <summary>Where Responses arrive: the assertion consumer service of the scheme named <see cref="AuthenticationScheme"/>. Another scheme has its name appended: <c>/signin-saml2/corp</c>.</summary>
    public const string CallbackPath = "/signin-saml2";

    /// <summary>Where logout messages arrive: the single logout service of the scheme named <see cref="AuthenticationScheme"/>. Another scheme has its name appended: <c>/signout-saml2/corp</c>.</summary>
    public const string LogoutPath = "/signout-saml2";

    /// <summary>Where the metadata of the scheme named <see cref="AuthenticationScheme"/> is served. Another scheme has its name in between: <c>/saml2/corp/metadata</c>.</summary>
    public const string MetadataPath = "/saml2/metadata";
}
