using System.Text;
using Latchkey.Server.Certificates;
using Latchkey.Server.Mail;
using Latchkey.Server.Problems;

namespace Latchkey.Server.Applications;

/// <summary>Puts what was said into an application, and says everything that is wrong with it. What depends on other rows is checked by the service.</summary>
internal static class ApplicationRules
{
    public const int MaxLabel = 100;
    public const int MaxDescription = 1000;

    /// <summary>saml-metadata-2.0 §2.2.1 bounds entity IDs.</summary>
    public const int MaxEntityId = 1024;

    public const int MaxCertificates = 20;
    public const int MaxRelayStateBytes = 4096;
    public const int MaxLogo = 200 * 1024;
    public const int MaxCategories = 10;
    public const int MaxCategory = 40;

    /// <summary>Fills the application. With problems it must not be saved.</summary>
    /// <param name="application">Is changed.</param>
    /// <param name="input">What is said.</param>
    /// <param name="creating">Whether what is not said takes its default, which may depend on what is.</param>
    public static List<Problem> Fill(Application application, ApplicationInput input, bool creating)
    {
        var problems = new List<Problem>();
        Names(application, input, problems);
        if (application.Kind == ApplicationKind.Bookmark)
        {
            Bookmark(application, input, problems);
            return problems;
        }
        EntityIds(application, input, problems);
        EndpointRules.Fill(application, input, problems);
        application.SpSigningCertificates =
            Certificates(input.SpSigningCertificates, "sp_signing_certificates", problems)
            ?? application.SpSigningCertificates;
        application.SpEncryptionCertificates =
            Certificates(
                input.SpEncryptionCertificates,
                "sp_encryption_certificates",
                problems,
                CertificateText.IsForEncryption
            ) ?? application.SpEncryptionCertificates;
        SignedRequests(application, input, problems);
        AttributeRules.Fill(application, input, problems);
        IssuingRules.Fill(application, input, creating, problems);
        application.DeclareRedirectEndpoint =
            input.DeclareRedirectEndpoint ?? application.DeclareRedirectEndpoint;
        Starting(application, input, problems);
        if (creating)
        {
            application.Connector = Optional(input.Connector, application.Connector);
        }
        application.ConnectorVariables = input.ConnectorVariables ?? application.ConnectorVariables;
        return problems;
    }

    private static void Names(
        Application application,
        ApplicationInput input,
        List<Problem> problems
    )
    {
        application.Label = input.Label?.Trim() ?? application.Label;
        if (application.Label.Length == 0)
        {
            problems.Add(new Problem("label-empty", "label"));
        }
        else if (application.Label.Length > MaxLabel)
        {
            problems.Add(new Problem("label-too-long", "label", MaxLabel));
        }
        application.Description = Optional(input.Description?.Trim(), application.Description);
        if (application.Description?.Length > MaxDescription)
        {
            problems.Add(new Problem("description-too-long", "description", MaxDescription));
        }
        application.TechnicalContact = Optional(
            input.TechnicalContact?.Trim(),
            application.TechnicalContact
        );
        if (
            application.TechnicalContact is { } contact
            && MailRecipients.Deliverable(contact) is null
        )
        {
            problems.Add(new Problem("contact-undeliverable", "technical_contact"));
        }
        Tile(application, input, problems);
    }

    private static void Bookmark(
        Application application,
        ApplicationInput input,
        List<Problem> problems
    )
    {
        application.LoginUrl = input.LoginUrl ?? application.LoginUrl;
        EndpointRules.Check(application.LoginUrl ?? "", "login_url", problems);
    }

    private static void Tile(
        Application application,
        ApplicationInput input,
        List<Problem> problems
    )
    {
        Logo(application, input.Logo, problems);
        application.Color = Optional(input.Color, application.Color);
        if (application.Color is not null && !ApplicationColors.All.Contains(application.Color))
        {
            problems.Add(
                new Problem(
                    "color-unknown",
                    "color",
                    application.Color,
                    string.Join(", ", ApplicationColors.All)
                )
            );
        }
        application.Hidden = input.Hidden ?? application.Hidden;
        application.Categories =
            input
                .Categories?.Select(c => c.Trim())
                .Where(c => c.Length > 0)
                .Distinct(StringComparer.OrdinalIgnoreCase)
                .ToList()
            ?? application.Categories;
        if (
            application.Categories.Count > MaxCategories
            || application.Categories.Any(c => c.Length > MaxCategory || c.Any(char.IsControl))
        )
        {
            problems.Add(
                new Problem("categories-invalid", "categories", MaxCategories, MaxCategory)
            );
        }
    }

    private static void Logo(Application application, string? said, List<Problem> problems)
    {
        if (string.IsNullOrEmpty(said) || said == application.Logo)
        {
            application.Logo = Optional(said, application.Logo);
            return;
        }
        var made = ApplicationLogo.FromDataUri(said);
        application.Logo = made.Value ?? application.Logo;
        problems.AddRange(made.Problems);
    }

    private static void EntityIds(
        Application application,
        ApplicationInput input,
        List<Problem> problems
    )
    {
        application.IdpEntityId = input.IdpEntityId ?? application.IdpEntityId;
        EntityId(application.IdpEntityId, "idp_entity_id", problems);
        application.SpEntityId = input.SpEntityId ?? application.SpEntityId;
        EntityId(application.SpEntityId, "sp_entity_id", problems);
    }

    /// <summary>Any text counts as an entity ID (K-01), but none that can only have come from a slip while copying.</summary>
    private static void EntityId(string value, string where, List<Problem> problems)
    {
        if (value.Length == 0)
        {
            problems.Add(new Problem("entity-id-empty", where));
        }
        else if (value.Length > MaxEntityId)
        {
            problems.Add(new Problem("entity-id-too-long", where, MaxEntityId));
        }
        else if (value != value.Trim() || value.Any(char.IsControl))
        {
            problems.Add(new Problem("entity-id-spaces", where));
        }
    }

    private static IReadOnlyList<string>? Certificates(
        IReadOnlyList<string>? texts,
        string where,
        List<Problem> problems,
        Func<string, bool>? isUsable = null
    )
    {
        if (texts is null)
        {
            return null;
        }
        var certificates = new List<string>();
        for (var i = 0; i < texts.Count; i++)
        {
            if (string.IsNullOrWhiteSpace(texts[i]))
            {
                continue;
            }
            if (!CertificateText.TryParse(texts[i], out var parsed, out var fault))
            {
                problems.Add(new Problem(fault, $"{where}[{i}]"));
            }
            else if (isUsable is not null && !parsed.All(isUsable))
            {
                problems.Add(new Problem("certificate-not-rsa", $"{where}[{i}]"));
            }
            else
            {
                certificates.AddRange(parsed);
            }
        }
        if (certificates.Count > MaxCertificates)
        {
            problems.Add(new Problem("certificates-too-many", where, MaxCertificates));
        }
        return [.. certificates.Distinct(StringComparer.Ordinal)];
    }

    private static void SignedRequests(
        Application application,
        ApplicationInput input,
        List<Problem> problems
    )
    {
        application.RequireSignedRequests =
            input.RequireSignedRequests ?? application.RequireSignedRequests;
        // Only where this input is at fault: a certificate that could not be read has been reported already.
        if (
            application is { RequireSignedRequests: true, SpSigningCertificates.Count: 0 }
            && !problems.Exists(p => p.Where.StartsWith("sp_signing", StringComparison.Ordinal))
        )
        {
            problems.Add(
                new Problem("signed-requests-without-certificate", "require_signed_requests")
            );
        }
    }

    private static void Starting(
        Application application,
        ApplicationInput input,
        List<Problem> problems
    )
    {
        application.DefaultRelayState = Optional(
            input.DefaultRelayState,
            application.DefaultRelayState
        );
        if (Encoding.UTF8.GetByteCount(application.DefaultRelayState ?? "") > MaxRelayStateBytes)
        {
            problems.Add(new Problem("relay-state-too-long", "relay_state", MaxRelayStateBytes));
        }
        application.LoginUrl = Optional(input.LoginUrl, application.LoginUrl);
        if (application.LoginUrl is not null)
        {
            EndpointRules.Check(application.LoginUrl, "login_url", problems);
        }
    }

    private static string? Optional(string? said, string? current) =>
        said is null ? current
        : said.Length == 0 ? null
        : said;
}
