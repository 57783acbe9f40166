using System.Globalization;
using Latchkey.Saml.Issuing;
using Latchkey.Saml.Keys;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Latchkey.Saml.AspNetCore;

/// <summary>Reads <c>Authentication:Schemes:{scheme}</c>, before the application's own code, which has the last word. An unknown key is refused: a misspelt safety setting must not pass unnoticed.</summary>
internal sealed class Saml2ConfigureOptions(IAuthenticationConfigurationProvider configuration)
    : IConfigureNamedOptions<Saml2Options>
{
    private static readonly Dictionary<string, Action<Saml2Options, IConfigurationSection>> Keys =
        new(StringComparer.OrdinalIgnoreCase)
        {
            ["EntityId"] = (o, s) => o.EntityId = s.Value,
            ["IdpMetadata"] = (o, s) => o.IdpMetadata = s.Value,
            ["IdpEntityId"] = (o, s) => o.IdpEntityId = s.Value,
            ["IdpSingleSignOnUrl"] = (o, s) => o.IdpSingleSignOnUrl = s.Value,
            ["IdpSingleLogoutUrl"] = (o, s) => o.IdpSingleLogoutUrl = s.Value,
            ["IdpCertificates"] = (o, s) => Fill(o.IdpCertificates, s, Text),
            ["RequireHttpsMetadata"] = (o, s) => o.RequireHttpsMetadata = Switch(s),
            ["MetadataRefreshInterval"] = (o, s) => o.MetadataRefreshInterval = Duration(s),
            ["PublicOrigin"] = (o, s) => o.PublicOrigin = s.Value,
            ["CallbackPath"] = (o, s) => o.CallbackPath = LocalPath(s),
            ["LogoutPath"] = (o, s) => o.LogoutPath = LocalPath(s),
            ["MetadataPath"] = (o, s) => o.MetadataPath = LocalPath(s),
            ["SignInScheme"] = (o, s) => o.SignInScheme = s.Value,
            ["SigningKeyFile"] = (o, s) => o.SigningKeyFile = s.Value,
            ["SignatureAlgorithm"] = (o, s) => o.SignatureAlgorithm = Name<SignatureAlgorithm>(s),
            ["AllowUnsolicited"] = (o, s) => o.AllowUnsolicited = Switch(s),
            ["RequiredSignatures"] = (o, s) => o.RequiredSignatures = Name<SignedParts>(s),
            ["ClockSkew"] = (o, s) => o.ClockSkew = Duration(s),
            ["ForceAuthn"] = (o, s) => o.ForceAuthn = Switch(s),
            ["NameIdFormat"] = (o, s) => o.NameIdFormat = s.Value,
            ["ClaimMappings"] = (o, s) => Fill(o.ClaimMappings, s, Row),
            ["KeepUnmappedAttributes"] = (o, s) => o.KeepUnmappedAttributes = Switch(s),
            ["NameClaimType"] = (o, s) => o.NameClaimType = Text(s),
            ["RoleClaimType"] = (o, s) => o.RoleClaimType = Text(s),
            ["RemoteAuthenticationTimeout"] = (o, s) => o.RemoteAuthenticationTimeout = Duration(s),
        };

    public static IEnumerable<string> Known => Keys.Keys;

    public void Configure(Saml2Options options) => Configure(Options.DefaultName, options);

    public void Configure(string? name, Saml2Options options)
    {
        if (string.IsNullOrEmpty(name))
        {
            return;
        }

        foreach (var section in configuration.GetSchemeConfiguration(name).GetChildren())
        {
            if (!Keys.TryGetValue(section.Key, out var set))
            {
                throw Wrong(
                    section,
                    $"is not known. Known are: {string.Join(", ", Keys.Keys.Order(StringComparer.Ordinal))}."
                );
            }

            set(options, section);
        }
    }

    private static void Fill<T>(
        IList<T> list,
        IConfigurationSection section,
        Func<IConfigurationSection, T> read
    )
    {
        list.Clear();
        foreach (var item in section.GetChildren())
        {
            list.Add(read(item));
        }
    }

    private static Saml2ClaimMapping Row(IConfigurationSection section) =>
        new(
            Text(section.GetSection("Attribute")),
            Text(section.GetSection("ClaimType")),
            section.GetSection("Required") is { Value: not null } required && Switch(required)
        );

    private static string Text(IConfigurationSection section) =>
        string.IsNullOrEmpty(section.Value) ? throw Wrong(section, "is empty.") : section.Value;

    private static bool Switch(IConfigurationSection section) =>
        bool.TryParse(section.Value, out var value)
            ? value
            : throw Wrong(section, $"is '{section.Value}'; it has to be true or false.");

    private static TimeSpan Duration(IConfigurationSection section) =>
        TimeSpan.TryParse(section.Value, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw Wrong(section, $"is '{section.Value}'; write it as hh:mm:ss.");

    private static string LocalPath(IConfigurationSection section) =>
        section.Value is ['/', ..] path
            ? path
            : throw Wrong(section, $"is '{section.Value}'; a path begins with '/'.");

    private static T Name<T>(IConfigurationSection section)
        where T : struct, Enum =>
        Enum.TryParse<T>(section.Value, ignoreCase: true, out var value) && Enum.IsDefined(value)
            ? value
            : throw Wrong(
                section,
                $"is '{section.Value}'; it has to be one of {string.Join(", ", Enum.GetNames<T>())}."
            );

    private static OptionsValidationException Wrong(
        IConfigurationSection section,
        string complaint
    ) => new(section.Path, typeof(Saml2Options), [$"{section.Path} {complaint}"]);
}
