using System.Security.Cryptography.X509Certificates;
using Latchkey.Server.Applications.Mapping;
using Latchkey.Server.Certificates;
using Latchkey.Server.Directory;
using Latchkey.Server.Problems;
using Latchkey.Web.Texts;

namespace Latchkey.Server.Applications.Pages;

/// <summary>A certificate that stands in the form.</summary>
/// <param name="Key">Its kind and size.</param>
internal sealed record CertificateNote(string Name, string Key, DateTime NotAfter, bool Ended);

/// <summary>What the form's fields say of themselves while they are filled in. Empty texts say nothing.</summary>
internal sealed record FormNotes
{
    public static FormNotes None { get; } = new();

    public string IdpEntityId { get; init; } = "";
    public string SpEntityId { get; init; } = "";
    public IReadOnlyList<string> Acs { get; init; } = [];
    public string NameId { get; init; } = "";
    public IReadOnlyList<string> Attributes { get; init; } = [];

    public string AcsOf(int row) => row < Acs.Count ? Acs[row] : "";

    public string AttributeOf(int row) => row < Attributes.Count ? Attributes[row] : "";
}

/// <summary>Checks fields of the form while they are filled in. What it says is advice: saving checks by itself.</summary>
internal sealed class FormChecks(
    ApplicationQueries queries,
    AccessQueries access,
    SampleReader samples,
    HostProbe hosts,
    TimeProvider time,
    ITexts texts
)
{
    private const int LongestSample = 120;

    /// <summary>What the fields say.</summary>
    /// <param name="form">The form.</param>
    /// <param name="probed">The row of the ACS URL whose host is to be looked at; -1 for none.</param>
    /// <param name="administrator">On whom expressions are tried where nobody is named.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<FormNotes> RunAsync(
        ApplicationForm form,
        int probed,
        User administrator,
        CancellationToken cancellationToken
    )
    {
        var (nameId, attributes) = await SampleAsync(form, administrator, cancellationToken);
        var acs = new List<string>();
        for (var i = 0; i < form.Acs.Count; i++)
        {
            acs.Add(await AcsAsync(form.Acs[i].Url?.Trim(), i == probed, cancellationToken));
        }
        return new FormNotes
        {
            IdpEntityId = await IdpEntityIdAsync(form, cancellationToken),
            SpEntityId = await SpEntityIdAsync(form, cancellationToken),
            Acs = acs,
            NameId = nameId,
            Attributes = attributes,
        };
    }

    /// <summary>The certificates of a text; none if it cannot be read.</summary>
    public IReadOnlyList<CertificateNote> Certificates(string? text)
    {
        if (!CertificateText.TryParse(text ?? "", out var certificates, out _))
        {
            return [];
        }
        var notes = new List<CertificateNote>();
        foreach (var der in certificates)
        {
            using var certificate = X509CertificateLoader.LoadCertificate(
                Convert.FromBase64String(der)
            );
            using var rsa = certificate.GetRSAPublicKey();
            using var ecdsa = certificate.GetECDsaPublicKey();
            var ends = certificate.NotAfter.ToUniversalTime();
            notes.Add(
                new CertificateNote(
                    certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false),
                    rsa is null ? $"ECDSA P-{ecdsa?.KeySize}" : $"RSA {rsa.KeySize}",
                    ends,
                    ends < time.GetUtcNow().UtcDateTime
                )
            );
        }
        return notes;
    }

    /// <summary>Why a text of certificates cannot be read; empty if it can, or holds nothing.</summary>
    public string CertificateFault(string? text) =>
        string.IsNullOrWhiteSpace(text) || CertificateText.TryParse(text, out _, out var fault)
            ? ""
            : texts[$"problem.{fault}"];

    private async Task<string> AcsAsync(
        string? url,
        bool probe,
        CancellationToken cancellationToken
    )
    {
        if (string.IsNullOrEmpty(url))
        {
            return "";
        }
        if (EndpointUrl.Fault(url) is { } fault)
        {
            return texts[$"problem.{fault}", url];
        }
        var address = new Uri(url);
        return EndpointUrl.IsLoopback(address) ? texts["applications.acs.loopback"]
            : probe
                ? texts[
                    $"applications.host.{(await hosts.LookAsync(address, cancellationToken)).ToString().ToLowerInvariant()}",
                    address.IdnHost
                ]
            : texts["applications.acs.ok"];
    }

    private async Task<string> IdpEntityIdAsync(
        ApplicationForm form,
        CancellationToken cancellationToken
    )
    {
        if (string.IsNullOrWhiteSpace(form.IdpEntityId))
        {
            return "";
        }
        var owner = await queries.EntityIdOwnerAsync(
            form.IdpEntityId.Trim(),
            form.Slug,
            cancellationToken
        );
        return owner is null
            ? texts["applications.idp-entity-id.free"]
            : texts["applications.idp-entity-id.taken", owner];
    }

    private async Task<string> SpEntityIdAsync(
        ApplicationForm form,
        CancellationToken cancellationToken
    )
    {
        if (string.IsNullOrWhiteSpace(form.SpEntityId))
        {
            return "";
        }
        var owner = await queries.SpEntityIdOwnerAsync(
            form.SpEntityId.Trim(),
            form.Slug,
            cancellationToken
        );
        return owner is null ? "" : texts["applications.sp-entity-id.shared", owner];
    }

    private async Task<(string NameId, IReadOnlyList<string> Attributes)> SampleAsync(
        ApplicationForm form,
        User administrator,
        CancellationToken cancellationToken
    )
    {
        var user = administrator;
        if (!string.IsNullOrWhiteSpace(form.Sample))
        {
            var found = await access.FindUsersAsync(form.Sample, cancellationToken);
            if (found.Count == 0)
            {
                return (texts["applications.person.none"], []);
            }
            user = found[0];
        }
        var settings = Settings(form, out var problems);
        var sample = await samples.ReadAsync(settings, user, form.Groups, cancellationToken);
        var rows = form.Attributes.Select(
            (row, index) =>
                row.IsBlank ? ""
                : problems.FirstOrDefault(p => Concerns(p, index)) is { } problem
                    ? texts.Say(problem)
                : sample.Values[index] is { } values ? Shown(user, values)
                : texts["applications.sample.too-costly", user.Username]
        );
        var nameId =
            problems.Find(p => p.Where.StartsWith("name_id", StringComparison.Ordinal)) is { } wrong
                ? texts.Say(wrong)
            : sample.NameId is null && IsPseudonym(form) ? ""
            : Shown(user, sample.NameId is null ? [] : [sample.NameId]);
        return (nameId, [.. rows]);
    }

    private string Shown(User user, IReadOnlyList<string> values)
    {
        var text = string.Join(", ", values);
        return values.Count == 0
            ? texts["applications.sample.nothing", user.Username]
            : texts[
                "applications.sample",
                user.Username,
                text.Length <= LongestSample ? text : text[..LongestSample] + "…"
            ];
    }

    private static bool Concerns(Problem problem, int row) =>
        problem.Where.StartsWith($"attributes[{row}]", StringComparison.Ordinal);

    private static bool IsPseudonym(ApplicationForm form) =>
        form.NameIdFormat
            is Saml.Protocol.NameIdFormats.Persistent
                or Saml.Protocol.NameIdFormats.Transient;

    /// <summary>As much of an application as decides what is said about a user.</summary>
    private static Application Settings(ApplicationForm form, out List<Problem> problems)
    {
        var settings = new Application
        {
            Slug = form.Slug ?? "",
            Label = form.Label ?? "",
            IdpEntityId = form.IdpEntityId ?? "",
            SpEntityId = form.SpEntityId?.Trim() ?? "",
            CreatedAt = default,
            UpdatedAt = default,
        };
        problems = [];
        AttributeRules.Fill(
            settings,
            new ApplicationInput
            {
                NameIdSource = AttributeRow.SourceOf(form.NameIdSource, form.NameIdCustom),
                NameIdFormat = form.NameIdFormat,
                Attributes = [.. form.Attributes.Select(row => row.ToMapping())],
            },
            problems
        );
        return settings;
    }
}
