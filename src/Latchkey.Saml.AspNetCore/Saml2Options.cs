using System.Security.Claims;
using Latchkey.Saml.AspNetCore.Events;
using Latchkey.Saml.AspNetCore.IdentityProviders;
using Latchkey.Saml.Issuing;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Protocol;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace Latchkey.Saml.AspNetCore;

/// <summary>Options of one SAML 2.0 scheme: one connection to one identity provider. Every option that is text, a number or a switch can be set under <c>Authentication:Schemes:{scheme}</c> in configuration.</summary>
public class Saml2Options : RemoteAuthenticationOptions
{
    /// <summary>Makes options with their defaults.</summary>
    public Saml2Options()
    {
        Events = new Saml2Events();
        RemoteAuthenticationTimeout = TimeSpan.FromMinutes(15);
        BackchannelTimeout = TimeSpan.FromSeconds(10);
        CorrelationCookie.Name = ".Latchkey.Saml2.";
    }

    /// <summary>This application's entity ID, compared exactly. When it is not set and <see cref="PublicOrigin"/> is, it is the address of the metadata.</summary>
    public string? EntityId { get; set; }

    /// <summary>The identity provider's metadata: an address, a file, or the XML itself. An address or a file is read at first use and again in the background, so a changed certificate is followed.</summary>
    public string? IdpMetadata { get; set; }

    /// <summary>The identity provider's entity ID. Needed without metadata, and with metadata that holds several identity providers; otherwise it is a check on the metadata.</summary>
    public string? IdpEntityId { get; set; }

    /// <summary>Without metadata: where AuthnRequests go, by HTTP-Redirect.</summary>
    public string? IdpSingleSignOnUrl { get; set; }

    /// <summary>Without metadata: the identity provider's signing certificates, each as PEM, as base64, or as the name of a file. Several are possible while it changes its key.</summary>
    public IList<string> IdpCertificates { get; } = [];

    /// <summary>Whether metadata may be fetched by plain http. From a loopback address it always may.</summary>
    public bool RequireHttpsMetadata { get; set; } = true;

    /// <summary>How long metadata is used before it is read again. The metadata's own cacheDuration and validUntil shorten it.</summary>
    public TimeSpan MetadataRefreshInterval { get; set; } = TimeSpan.FromHours(6);

    /// <summary>This application's address as browsers see it, <c>https://app.example.com</c>, without a path. Set it when the application stands behind a proxy or answers to several names; otherwise the address of each request counts.</summary>
    public string? PublicOrigin { get; set; }

    /// <summary>Where this application's metadata is served; <see cref="Saml2Defaults.MetadataPath"/> unless set.</summary>
    public PathString MetadataPath { get; set; }

    /// <summary>Where logout messages of the identity provider arrive; <see cref="Saml2Defaults.LogoutPath"/> unless set.</summary>
    public PathString LogoutPath { get; set; }

    /// <summary>Without metadata: where LogoutRequests go, by HTTP-Redirect; empty when the identity provider offers no single logout.</summary>
    public string? IdpSingleLogoutUrl { get; set; }

    /// <summary>The key that signs AuthnRequests, if they are signed, and logout messages, which always are: without it there is no single logout.</summary>
    public SigningKey? SigningKey { get; set; }

    /// <summary>A PEM file with a private key and its certificate: another way to set <see cref="SigningKey"/>.</summary>
    public string? SigningKeyFile { get; set; }

    /// <summary>The algorithm that signs AuthnRequests and logout messages.</summary>
    public SignatureAlgorithm SignatureAlgorithm { get; set; } = SignatureAlgorithm.RsaSha256;

    /// <summary>Whether a Response that answers no request (a sign-in started at the identity provider) is accepted. Such a sign-in cannot be bound to the browser, so it is off unless wanted.</summary>
    public bool AllowUnsolicited { get; set; }

    /// <summary>Which signatures are demanded; null accepts either and verifies all that are there. There is no setting for none.</summary>
    public SignedParts? RequiredSignatures { get; set; }

    /// <summary>How far the clocks may differ; at most five minutes.</summary>
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromMinutes(3);

    /// <summary>Whether the user has to prove anew who they are at every sign-in. The answer is then refused unless it says so.</summary>
    public bool ForceAuthn { get; set; }

    /// <summary>The NameID format to ask for, one of <see cref="NameIdFormats"/>; null leaves it to the identity provider.</summary>
    public string? NameIdFormat { get; set; }

    /// <summary>Which attribute becomes which claim; see <see cref="Saml2ClaimMapping.Defaults"/>.</summary>
    public IList<Saml2ClaimMapping> ClaimMappings { get; } = [.. Saml2ClaimMapping.Defaults];

    /// <summary>Whether an attribute without a row in <see cref="ClaimMappings"/> becomes a claim under its own name.</summary>
    public bool KeepUnmappedAttributes { get; set; } = true;

    /// <summary>The claim type behind <c>User.Identity.Name</c>. When no attribute gives it, the NameID does.</summary>
    public string NameClaimType { get; set; } = ClaimTypes.Name;

    /// <summary>The claim type behind <c>User.IsInRole</c>.</summary>
    public string RoleClaimType { get; set; } = Saml2ClaimTypes.Group;

    /// <summary>Bounds on what the identity provider may send.</summary>
    public MessageLimits MessageLimits { get; set; } = MessageLimits.Default;

    /// <summary>Where the identity provider's address and keys come from; made of the options above unless set.</summary>
    public ISaml2IdentityProviderSource? IdentityProviderSource { get; set; }

    /// <summary>Where message IDs come from.</summary>
    public IdSource IdSource { get; set; } = IdSource.Random;

    /// <summary>Protects the state of a pending sign-in in the browser's cookie.</summary>
    public ISecureDataFormat<AuthenticationProperties>? StateDataFormat { get; set; }

    /// <summary>What the application can hook into.</summary>
    public new Saml2Events Events
    {
        get => (Saml2Events)base.Events;
        set => base.Events = value;
    }

    /// <inheritdoc/>
    public override void Validate(string scheme)
    {
        Saml2OptionsRules.Check(this, scheme);
        base.Validate(scheme);
    }
}
