using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Latchkey.Saml.AspNetCore.IdentityProviders;
using Latchkey.Saml.Keys;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Latchkey.Saml.AspNetCore;

/// <summary>Fills in what the application left open, and imports keys once.</summary>
internal sealed class Saml2PostConfigureOptions(
    IDataProtectionProvider dataProtection,
    ILoggerFactory loggers,
    TimeProvider time,
    Saml2Paths paths
) : IPostConfigureOptions<Saml2Options>
{
    private const int MaximumMetadataBytes = 5 * 1024 * 1024;

    public void PostConfigure(string? name, Saml2Options options)
    {
        if (string.IsNullOrEmpty(name))
        {
            return;
        }

        options.TimeProvider ??= time;
        options.PublicOrigin = options.PublicOrigin?.TrimEnd('/');
        FillPaths(options, name);
        if (options.PublicOrigin is { } origin)
        {
            options.EntityId ??= origin + options.MetadataPath.ToUriComponent();
        }

        options.DataProtectionProvider ??= dataProtection;
        options.StateDataFormat ??= new PropertiesDataFormat(
            options.DataProtectionProvider.CreateProtector(
                typeof(Saml2Handler).FullName!,
                name,
                "v1"
            )
        );
        options.Backchannel ??= NewBackchannel(options);
        ImportSigningKey(options, name);
        options.IdentityProviderSource ??= NewSource(options, name);
    }

    // Two schemes on one path would answer for each other.
    private void FillPaths(Saml2Options options, string scheme)
    {
        var segment = Uri.EscapeDataString(scheme);
        var isDefault = scheme == Saml2Defaults.AuthenticationScheme;
        if (!options.CallbackPath.HasValue)
        {
            options.CallbackPath = isDefault
                ? Saml2Defaults.CallbackPath
                : $"{Saml2Defaults.CallbackPath}/{segment}";
        }

        if (!options.MetadataPath.HasValue)
        {
            options.MetadataPath = isDefault
                ? Saml2Defaults.MetadataPath
                : $"/saml2/{segment}/metadata";
        }

        if (!options.LogoutPath.HasValue)
        {
            options.LogoutPath = isDefault
                ? Saml2Defaults.LogoutPath
                : $"{Saml2Defaults.LogoutPath}/{segment}";
        }

        Claim(options.LogoutPath, scheme, nameof(Saml2Options.LogoutPath));
        Claim(options.CallbackPath, scheme, nameof(Saml2Options.CallbackPath));
        Claim(options.MetadataPath, scheme, nameof(Saml2Options.MetadataPath));
    }

    private void Claim(string path, string scheme, string key)
    {
        if (paths.Claim(path, $"{scheme}:{key}") is { } owner)
        {
            throw Saml2OptionsRules.Wrong(
                scheme,
                key,
                $"is '{path}', which {owner} uses already. Give each its own path."
            );
        }
    }

    private static HttpClient NewBackchannel(Saml2Options options)
    {
#pragma warning disable CA2000 // The client lives as long as the options, which is as long as the application.
        var handler = options.BackchannelHttpHandler ?? new HttpClientHandler();
#pragma warning restore CA2000
        return new HttpClient(handler)
        {
            Timeout = options.BackchannelTimeout,
            MaxResponseContentBufferSize = MaximumMetadataBytes,
        };
    }

    private static void ImportSigningKey(Saml2Options options, string scheme)
    {
        if (options.SigningKeyFile is not { } file || options.SigningKey is not null)
        {
            return;
        }

        try
        {
            using var pair = X509Certificate2.CreateFromPemFile(file);
            using var rsa =
                pair.GetRSAPrivateKey()
                ?? throw new CryptographicException("The key is not an RSA key.");
            options.SigningKey = SigningKey.Import(rsa.ExportPkcs8PrivateKey(), pair.RawData);
        }
        catch (Exception e)
            when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw Saml2OptionsRules.Wrong(
                scheme,
                nameof(Saml2Options.SigningKeyFile),
                $"is '{file}', which is not a PEM file with a private key and its certificate: {e.Message}"
            );
        }
    }

    private ISaml2IdentityProviderSource? NewSource(Saml2Options options, string scheme)
    {
        if (!string.IsNullOrWhiteSpace(options.IdpMetadata))
        {
            return FromMetadata(options, scheme, MetadataLocation.Parse(options.IdpMetadata));
        }

        if (
            string.IsNullOrEmpty(options.IdpEntityId)
            || string.IsNullOrEmpty(options.IdpSingleSignOnUrl)
            || options.IdpCertificates.Count == 0
        )
        {
            return null;
        }

        return new FixedIdentityProvider(
            new()
            {
                EntityId = options.IdpEntityId,
                SingleSignOnUrl = options.IdpSingleSignOnUrl,
                SingleLogoutUrl = string.IsNullOrEmpty(options.IdpSingleLogoutUrl)
                    ? null
                    : options.IdpSingleLogoutUrl,
                Keys = [.. options.IdpCertificates.Select((c, i) => ImportKey(c, i, scheme))],
            }
        );
    }

    private MetadataSource FromMetadata(
        Saml2Options options,
        string scheme,
        MetadataLocation location
    )
    {
        if (location.Address is { } address)
        {
            if (
                options.RequireHttpsMetadata
                && address.Scheme != Uri.UriSchemeHttps
                && !address.IsLoopback
            )
            {
                throw Saml2OptionsRules.Wrong(
                    scheme,
                    nameof(Saml2Options.IdpMetadata),
                    $"is '{address}'. Whoever can change metadata on its way can sign in as anybody: use https, a file, or set RequireHttpsMetadata to false."
                );
            }
        }
        else if (location.File is { } file && !File.Exists(file))
        {
            throw Saml2OptionsRules.Wrong(
                scheme,
                nameof(Saml2Options.IdpMetadata),
                $"names the file '{file}', which does not exist. It has to be an address (https://…), a file, or the XML itself."
            );
        }
        else if (location.Xml is { } xml)
        {
            try
            {
                IdentityProviderMetadata.Read(xml, options.IdpEntityId, time.GetUtcNow());
            }
            catch (Saml2MetadataException e)
            {
                throw Saml2OptionsRules.Wrong(
                    scheme,
                    nameof(Saml2Options.IdpMetadata),
                    $"cannot be used. {e.Message}"
                );
            }
        }

        return new(
            location,
            options,
            scheme,
            loggers.CreateLogger("Latchkey.Saml.AspNetCore.Metadata")
        );
    }

    private static VerificationKey ImportKey(string text, int index, string scheme)
    {
        try
        {
            return VerificationKey.FromCertificate(CertificateText.Decode(text));
        }
        catch (Exception e)
            when (e
                    is CryptographicException
                        or FormatException
                        or IOException
                        or UnauthorizedAccessException
            )
        {
            throw Saml2OptionsRules.Wrong(
                scheme,
                $"{nameof(Saml2Options.IdpCertificates)}:{index}",
                $"is not a usable certificate (PEM, base64, or the name of a file): {e.Message}"
            );
        }
    }
}
