using Latchkey.Server.Applications;
using Latchkey.Server.Certificates;
using Latchkey.Server.Insights;
using Latchkey.Server.Problems;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Api.Declaration;

/// <summary>
/// Plans and carries out which key pair an application signs by. A pair of one's own is taken as its page takes it: where
/// nothing signs yet it does at once, else it is published as the next, and to switch is left to whoever knows that the
/// other side has it. A certificate that is published already is no difference, so its private key need not be there.
/// </summary>
internal static class KeyPairPlanner
{
    /// <summary>What a plan says where a key has to be made.</summary>
    public const string MadeHere = "made here: the application has to be told its certificate";

    /// <summary>Adds what would change.</summary>
    /// <param name="database">What there is.</param>
    /// <param name="files">Where private keys are found.</param>
    /// <param name="planned">What the application says and what it will be.</param>
    /// <param name="now">The moment of the plan.</param>
    /// <param name="found">Takes what is wrong.</param>
    /// <param name="changes">Takes the change.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The pair to take; null for none.</returns>
    public static async Task<HandedKeyPair?> PlanAsync(
        LatchkeyDbContext database,
        MetadataFiles files,
        (DeclaredApplication Declared, Application? Existing, Application Result) planned,
        DateTimeOffset now,
        List<Problem> found,
        List<FieldChange> changes,
        CancellationToken cancellationToken
    )
    {
        var set = CertificateSet.Of(
            planned.Existing is { Id: var id }
                ? await database
                    .ApplicationCertificates.AsNoTracking()
                    .Where(c => c.ApplicationId == id)
                    .ToListAsync(cancellationToken)
                : [],
            now
        );
        if (planned.Declared.KeyPair is not { } said)
        {
            if (
                set.Active is null
                && planned.Result is { Active: true, Kind: ApplicationKind.Saml }
            )
            {
                changes.Add(new FieldChange(Field, null, MadeHere));
            }
            return null;
        }
        if (planned.Result.Kind == ApplicationKind.Bookmark)
        {
            found.Add(new Problem("certificate-none", Field));
            return null;
        }
        if (!CertificateText.TryParse(said.Certificate, out var certificates, out var fault))
        {
            found.Add(new Problem(fault, Field));
            return null;
        }
        var certificate = Convert.FromBase64String(certificates[0]);
        if (set.Published.Any(c => c.Certificate.AsSpan().SequenceEqual(certificate)))
        {
            return null;
        }
        if (set.Next is not null)
        {
            found.Add(new Problem("rotation-started", Field));
            return null;
        }
        if (Secrets(said, certificate, files, found) is not { } handed)
        {
            return null;
        }
        Check(handed, certificate, now, found);
        changes.Add(new FieldChange(Field, Shown(set.Active?.Certificate), Shown(certificate)));
        return handed;
    }

    /// <summary>Takes the pair, and only then opens an application that is to be open: it never signs by another.</summary>
    public static async Task<Outcome<Application>> ApplyAsync(
        CertificateRotation rotation,
        ApplicationService applications,
        Application application,
        HandedKeyPair pair,
        bool activate
    )
    {
        var taken = await rotation.AddOwnAsync(application.Id, pair);
        if (!taken.Ok)
        {
            return Outcome<Application>.Failed(Placed(taken.Problems));
        }
        return activate ? await applications.ActivateAsync(application.Id) : application;
    }

    private const string Field = "key_pair";

    private static HandedKeyPair? Secrets(
        DeclaredKeyPair said,
        byte[] certificate,
        MetadataFiles files,
        List<Problem> found
    )
    {
        if (said.PrivateKey is not { } reference)
        {
            found.Add(new Problem("key-pair-secret-missing", Field));
            return null;
        }
        var key = files.Secret(reference);
        var password = said.Password is { } named ? files.Secret(named) : null;
        foreach (
            var (secret, name) in new[] { (key, reference), (password, said.Password ?? reference) }
        )
        {
            if (secret is { Ok: false })
            {
                found.Add(new Problem("key-pair-secret-unset", Field, name.ToString()));
            }
        }
        return key.Value is { } text && password is not { Ok: false }
            ? new HandedKeyPair(
                CertificateText.Pem(certificate) + "\n" + text,
                File: null,
                password?.Value
            )
            : null;
    }

    private static void Check(
        HandedKeyPair handed,
        byte[] certificate,
        DateTimeOffset now,
        List<Problem> found
    )
    {
        var read = OwnKeyPair.Read(handed, now);
        using var pair = read.Value;
        found.AddRange(Placed(read.Problems));
        if (pair is not null && !pair.Certificate.RawData.AsSpan().SequenceEqual(certificate))
        {
            // Beside the key stood another certificate, to which it belongs.
            found.Add(new Problem("key-pair-mismatch", Field));
        }
    }

    private static IReadOnlyList<Problem> Placed(IEnumerable<Problem> problems) =>
        [.. problems.Select(p => p with { Where = Field })];

    private static string? Shown(byte[]? certificate) =>
        certificate is null ? null : "SHA-256 " + CertificateText.Sha256(certificate);
}
