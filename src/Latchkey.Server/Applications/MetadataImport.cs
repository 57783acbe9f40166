using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Metadata;
using Latchkey.Saml.Protocol;
using Latchkey.Server.Certificates;
using Latchkey.Server.Problems;

namespace Latchkey.Server.Applications;

/// <summary>Service-provider metadata from a file, a text or an address, made into a proposal for an application.</summary>
internal sealed class MetadataImport(MetadataFetch fetch, TimeProvider time)
{
    public const int MaxBytes = 1024 * 1024;

    /// <summary>From an https address, guarded (rule M1).</summary>
    public async Task<Outcome<ImportedMetadata>> FetchAsync(
        string url,
        CancellationToken cancellationToken = default
    )
    {
        var fetched = await fetch.GetAsync(url, cancellationToken);
        return fetched.Ok
            ? Read(fetched.Value)
            : Outcome<ImportedMetadata>.Failed(fetched.Problems);
    }

    /// <summary>From pasted text.</summary>
    public Outcome<ImportedMetadata> Read(string text)
    {
        // Pasted text often begins with a line break, which may not stand before an XML declaration.
        var trimmed = text.Trim();
        // The declaration speaks of the bytes of a file; what was pasted is characters and becomes UTF-8.
        return Read(Encoding.UTF8.GetBytes(WithoutDeclaration(trimmed)));
    }

    /// <summary>From a file's bytes.</summary>
    public Outcome<ImportedMetadata> Read(ReadOnlyMemory<byte> xml)
    {
        if (xml.Length > MaxBytes)
        {
            return new Problem("metadata-too-large", "metadata", MaxBytes / 1024);
        }
        if (xml.Span.Trim((byte)' ').IsEmpty)
        {
            return new Problem("metadata-empty", "metadata");
        }
        var verdict = MetadataReader.Read(xml, time.GetUtcNow());
        if (!verdict.Accepted)
        {
            return Outcome<ImportedMetadata>.Failed([
                .. verdict
                    .Findings.Where(f => f.Kind.Severity == Severity.Refusal)
                    .Select(f => new Problem(
                        "metadata-refused",
                        "metadata",
                        f.Kind.Title,
                        f.Kind.Remedy,
                        f.At ?? "-",
                        f.Code
                    )),
            ]);
        }
        var serviceProviders = verdict
            .Value.Entities.Where(entity => entity.ServiceProvider is not null)
            .ToList();
        if (serviceProviders.Count == 0)
        {
            return new Problem("metadata-no-service-provider", "metadata");
        }
        // In a file of many, nobody could tell whose entry was left out.
        var leftOut = verdict.Value.Entities.Count == 1 ? LeftOut(verdict.Findings) : [];
        return new ImportedMetadata([
            .. serviceProviders.Select(entity => Import(entity, leftOut)),
        ]);
    }

    private static Problem[] LeftOut(IReadOnlyList<Finding> findings) =>
        [
            .. findings.Select(f => new Problem(
                "metadata-left-out",
                "metadata",
                f.Kind.Title,
                f.Found ?? "-",
                f.At ?? "-"
            )),
        ];

    private static string WithoutDeclaration(string text)
    {
        if (!text.StartsWith("<?xml ", StringComparison.Ordinal))
        {
            return text;
        }
        var end = text.IndexOf("?>", StringComparison.Ordinal);
        return end < 0 ? text : text[(end + 2)..].TrimStart();
    }

    private static ImportedServiceProvider Import(EntityDescriptor entity, Problem[] leftOut)
    {
        var role = entity.ServiceProvider!;
        var notices = leftOut.ToList();
        var acs = AcsEndpoints(role, notices);
        var signing = Certificates(role.SigningCertificates, notices);
        var attributes = Attributes(role, notices);
        return new ImportedServiceProvider
        {
            EntityId = entity.EntityId,
            Label = Label(entity, acs),
            Description = Text(role.UiInfo.Descriptions, ApplicationRules.MaxDescription),
            Logo = role
                .UiInfo.Logos.Select(logo => logo.Url.Trim())
                .FirstOrDefault(url =>
                    url.Length <= ApplicationRules.MaxLogo && ApplicationLogo.IsAllowed(url)
                ),
            AcsEndpoints = acs,
            SloEndpoints =
            [
                .. role.SingleLogoutServices.Where(e =>
                    EndpointUrl.Fault(e.Location) is null
                    && (e.ResponseLocation is null || EndpointUrl.Fault(e.ResponseLocation) is null)
                ),
            ],
            SigningCertificates = signing,
            EncryptionCertificates = Certificates(role.EncryptionCertificates, []),
            RequireSignedRequests = role.AuthnRequestsSigned && signing.Count > 0,
            WantAssertionsSigned = role.WantAssertionsSigned,
            RequiredAttributes =
            [
                .. role
                    .RequestedAttributes.Where(a => a.IsRequired)
                    .Select(a => a.Name)
                    .Distinct(StringComparer.Ordinal)
                    .Take(AttributeRules.MaxAttributes),
            ],
            NameIdFormat = role.NameIdFormats.FirstOrDefault(format =>
                format
                    is NameIdFormats.EmailAddress
                        or NameIdFormats.Persistent
                        or NameIdFormats.Transient
                        or NameIdFormats.Unspecified
            ),
            Attributes = attributes,
            Notices = notices,
        };
    }

    /// <summary>The endpoints we can answer at: HTTP-POST, at addresses that rule I3 allows.</summary>
    private static List<IndexedEndpoint> AcsEndpoints(
        ServiceProviderRole role,
        List<Problem> notices
    )
    {
        var kept = new List<IndexedEndpoint>();
        foreach (var endpoint in role.AssertionConsumerServices)
        {
            if (endpoint.Binding != SamlBindings.Post)
            {
                continue;
            }
            if (EndpointUrl.Fault(endpoint.Location) is { } fault)
            {
                notices.Add(new Problem(fault, "acs_urls", endpoint.Location));
            }
            else if (
                kept.TrueForAll(k => k.Location != endpoint.Location && k.Index != endpoint.Index)
            )
            {
                kept.Add(
                    kept.Exists(k => k.IsDefault == true) && endpoint.IsDefault == true
                        ? endpoint with
                        {
                            IsDefault = null,
                        }
                        : endpoint
                );
            }
        }
        if (kept.Count == 0)
        {
            notices.Add(new Problem("metadata-no-post-acs", "acs_urls"));
        }
        return kept;
    }

    private static List<string> Certificates(
        IReadOnlyList<ReadOnlyMemory<byte>> certificates,
        List<Problem> notices
    )
    {
        var kept = new List<string>();
        foreach (var der in certificates)
        {
            var fault = Fault(der);
            if (fault is null)
            {
                kept.Add(Convert.ToBase64String(der.Span));
            }
            else
            {
                notices.Add(new Problem(fault, "sp_signing_certificates"));
            }
        }
        return [.. kept.Distinct(StringComparer.Ordinal)];
    }

    private static string? Fault(ReadOnlyMemory<byte> der)
    {
        try
        {
            using var certificate = X509CertificateLoader.LoadCertificate(der.Span);
            return CertificateText.KeyFault(certificate);
        }
        catch (CryptographicException)
        {
            return "certificate-unreadable";
        }
    }

    private static List<AttributeMapping>? Attributes(
        ServiceProviderRole role,
        List<Problem> notices
    )
    {
        if (role.RequestedAttributes.Count == 0)
        {
            return null;
        }
        var rows = new List<AttributeMapping>();
        foreach (
            var requested in role
                .RequestedAttributes.DistinctBy(a => a.Name, StringComparer.Ordinal)
                .Take(AttributeRules.MaxAttributes)
        )
        {
            if (WellKnownAttributes.RowFor(requested) is { } row)
            {
                rows.Add(row);
            }
            else
            {
                notices.Add(
                    new Problem(
                        requested.IsRequired
                            ? "metadata-attribute-required-unknown"
                            : "metadata-attribute-unknown",
                        "attributes",
                        requested.FriendlyName is null
                            ? requested.Name
                            : $"{requested.FriendlyName} ({requested.Name})"
                    )
                );
            }
        }
        return rows;
    }

    /// <summary>mdui:DisplayName, then OrganizationDisplayName, then the host.</summary>
    private static string Label(EntityDescriptor entity, List<IndexedEndpoint> acs)
    {
        var label =
            Text(entity.ServiceProvider!.UiInfo.DisplayNames, ApplicationRules.MaxLabel)
            ?? Shorten(entity.OrganizationDisplayName, ApplicationRules.MaxLabel)
            ?? Host(entity.EntityId)
            ?? acs.Select(e => Host(e.Location)).FirstOrDefault(host => host is not null);
        return label ?? Shorten(entity.EntityId, ApplicationRules.MaxLabel) ?? "";
    }

    private static string? Host(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Host.Length > 0 ? uri.Host : null;

    private static string? Text(IReadOnlyList<LocalizedText> texts, int length)
    {
        var english = texts.FirstOrDefault(t =>
            t.Language.StartsWith("en", StringComparison.OrdinalIgnoreCase)
        );
        return Shorten((english ?? texts.FirstOrDefault())?.Text, length);
    }

    private static string? Shorten(string? text, int length)
    {
        var clean = text?.Trim();
        return string.IsNullOrEmpty(clean) ? null
            : clean.Length <= length ? clean
            : clean[..length];
    }
}
