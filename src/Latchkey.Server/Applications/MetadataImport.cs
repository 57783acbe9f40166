using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Metadata;
using Latchkey.Saml.Protocol;
using Latchkey.Server.Certificates;
using Latchkey.Server.Problems;

namespace Latchkey.Server.Applications;

/// <summary>Service-provider metadata from a file, a text or an address, made into a proposal for an application.</summary>
internal sealed class MetadataImport(MetadataFetch fetch, TimeProvider time)
{
    public const int MaxBytes = 1024 * 1024;

    /// <summary>A signed file can be played back until it ends: one that ends in more than this is refused (SDP-MD03).</summary>
    private static readonly TimeSpan s_longestValidity = TimeSpan.FromDays(400);

    /// <summary>From an https address, guarded (rule M1).</summary>
    public async Task<Outcome<ImportedMetadata>> FetchAsync(
        string url,
        CancellationToken cancellationToken = default
    )
    {
        var fetched = await GetAsync(url, cancellationToken);
        return fetched.Ok
            ? Read(fetched.Value.Body)
            : Outcome<ImportedMetadata>.Failed(fetched.Problems);
    }

    /// <summary>The file at an https address, unread, guarded (rule M1).</summary>
    public Task<Outcome<FetchedFile>> GetAsync(
        string url,
        CancellationToken cancellationToken = default
    ) => fetch.GetAsync(url, cancellationToken: cancellationToken);

    /// <summary>From pasted text.</summary>
    public Outcome<ImportedMetadata> Read(string text) => Read(Bytes(text));

    /// <summary>Pasted text as the bytes of a file.</summary>
    public static byte[] Bytes(string text)
    {
        // Pasted text often begins with a line break, which may not stand before an XML declaration.
        var trimmed = text.Trim();
        // The declaration speaks of the bytes of a file; what was pasted is characters and becomes UTF-8.
        return Encoding.UTF8.GetBytes(WithoutDeclaration(trimmed));
    }

    /// <summary>From a file's bytes.</summary>
    /// <param name="xml">The file.</param>
    /// <param name="pinned">Keys of which one must have signed it, with an end to its validity that is near enough (rule M2); null to judge it by where it came from.</param>
    public Outcome<ImportedMetadata> Read(
        ReadOnlyMemory<byte> xml,
        IReadOnlyList<VerificationKey>? pinned = null
    ) =>
        Read(
            xml,
            new MetadataRules
            {
                Now = time.GetUtcNow(),
                Keys = pinned,
                RequireValidUntil = pinned is not null,
                LongestValidity = pinned is null ? null : s_longestValidity,
            }
        );

    /// <summary>From bytes that were read before, as they counted then.</summary>
    public Outcome<ImportedMetadata> ReadAsOf(ReadOnlyMemory<byte> xml, DateTimeOffset then) =>
        Read(xml, new MetadataRules { Now = then });

    private static Outcome<ImportedMetadata> Read(ReadOnlyMemory<byte> xml, MetadataRules rules)
    {
        if (xml.Length > MaxBytes)
        {
            return new Problem("metadata-too-large", "metadata", MaxBytes / 1024);
        }
        if (xml.Span.Trim((byte)' ').IsEmpty)
        {
            return new Problem("metadata-empty", "metadata");
        }
        var verdict = MetadataReader.Read(xml, rules);
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
            DisplayName = DisplayName(entity),
            Description = Text(role.UiInfo.Descriptions, ApplicationRules.MaxDescription),
            Logo = role
                .UiInfo.Logos.Select(logo => ApplicationLogo.FromDataUri(logo.Url.Trim()).Value)
                .FirstOrDefault(logo => logo is not null),
            AcsEndpoints = acs,
            SloEndpoints =
            [
                .. role.SingleLogoutServices.Where(e =>
                    ApplicationWords.LogoutBindings.Uris.Contains(e.Binding)
                    && EndpointUrl.Fault(e.Location) is null
                    && (e.ResponseLocation is null || EndpointUrl.Fault(e.ResponseLocation) is null)
                ),
            ],
            SigningCertificates = signing,
            EncryptionCertificates = ForEncryption(role, notices),
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
            ValidUntil = entity.ValidUntil,
            CacheDuration = entity.CacheDuration,
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
            else
            {
                Keep(endpoint, kept, notices);
            }
        }
        if (kept.Count == 0)
        {
            notices.Add(new Problem("metadata-no-post-acs", "acs_urls"));
        }
        return kept;
    }

    /// <summary>Each address once, each index once, at most one default; what could not stay as it was is said.</summary>
    private static void Keep(
        IndexedEndpoint endpoint,
        List<IndexedEndpoint> kept,
        List<Problem> notices
    )
    {
        if (kept.Find(k => k.Location == endpoint.Location) is { } same)
        {
            notices.Add(
                new Problem(
                    "metadata-acs-twice",
                    "acs_urls",
                    endpoint.Location,
                    same.Index,
                    endpoint.Index
                )
            );
            return;
        }
        if (kept.Exists(k => k.Index == endpoint.Index))
        {
            var free = kept.Max(k => k.Index) + 1;
            notices.Add(
                new Problem(
                    "metadata-acs-index",
                    "acs_urls",
                    endpoint.Index,
                    endpoint.Location,
                    free
                )
            );
            endpoint = endpoint with { Index = free };
        }
        if (endpoint.IsDefault == true && kept.Exists(k => k.IsDefault == true))
        {
            endpoint = endpoint with { IsDefault = null };
        }
        kept.Add(endpoint);
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

    /// <summary>Those that can be encrypted to. A key of an elliptic curve, which serves both purposes where its descriptor names none, is there to verify with.</summary>
    private static List<string> ForEncryption(ServiceProviderRole role, List<Problem> notices)
    {
        var all = Certificates(role.EncryptionCertificates, []);
        var usable = all.FindAll(CertificateText.IsForEncryption);
        if (usable.Count < all.Count)
        {
            notices.Add(new Problem("metadata-encryption-not-rsa", "sp_encryption_certificates"));
        }
        return usable;
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
            DisplayName(entity)
            ?? Host(entity.EntityId)
            ?? acs.Select(e => Host(e.Location)).FirstOrDefault(host => host is not null);
        return label ?? Shorten(entity.EntityId, ApplicationRules.MaxLabel) ?? "";
    }

    private static string? DisplayName(EntityDescriptor entity) =>
        Text(entity.ServiceProvider!.UiInfo.DisplayNames, ApplicationRules.MaxLabel)
        ?? Shorten(entity.OrganizationDisplayName, ApplicationRules.MaxLabel);

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
