using System.Security.Cryptography.X509Certificates;
using Latchkey.Server.Applications;
using Latchkey.Server.Certificates;
using Latchkey.Server.Insights;
using Latchkey.Server.Problems;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Api.Declaration;

/// <summary>What applying a file would do to an application's key pairs.</summary>
/// <param name="Own">Taken as its page takes it: where nothing signs yet it does at once, else it is the next.</param>
/// <param name="Next">Taken as the next.</param>
/// <param name="Switch">When the next is to begin to sign, where that changes.</param>
internal sealed record PlannedKeyPairs(
    HandedKeyPair? Own,
    HandedKeyPair? Next,
    PlannedSwitch? Switch
);

/// <param name="At">Null for at once: the file is older than what it plans.</param>
internal sealed record PlannedSwitch(DateTimeOffset? At);

/// <summary>
/// Plans and carries out which key pair an application signs by, and which one waits. A pair of one's own is taken as its page
/// takes it: where nothing signs yet it does at once, else it is published as the next, and to switch is left to whoever knows
/// that the other side has it, or to the time that the file says. A certificate that is published already is no difference, so
/// its private key need not be there.
/// </summary>
internal sealed class KeyPairPlanner(
    MetadataFiles files,
    DateTimeOffset now,
    List<Problem> found,
    List<FieldChange> changes
)
{
    private readonly HandedKeyPairs _handed = new(files, now, found);

    /// <summary>What a plan says where a key has to be made.</summary>
    public const string MadeHere = "made here: the application has to be told its certificate";

    private const string SwitchField = DeclaredKeyPair.Next + ".switch_at";

    /// <summary>Adds what would change, and what is wrong.</summary>
    /// <param name="database">What there is.</param>
    /// <param name="declared">What the application says.</param>
    /// <param name="existing">What it is; null for a new one.</param>
    /// <param name="result">What it will be.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<PlannedKeyPairs> PlanAsync(
        LatchkeyDbContext database,
        DeclaredApplication declared,
        Application? existing,
        Application result,
        CancellationToken cancellationToken
    )
    {
        var set = CertificateSet.Of(
            existing is { Id: var id }
                ? await database
                    .ApplicationCertificates.AsNoTracking()
                    .Where(c => c.ApplicationId == id)
                    .ToListAsync(cancellationToken)
                : [],
            now
        );
        var saml = result.Kind == ApplicationKind.Saml;
        if (
            set.Active is null
            && declared.KeyPair is null
            && saml
            && (result.Active || declared.NextKeyPair is not null)
        )
        {
            changes.Add(new FieldChange(DeclaredKeyPair.Signing, null, MadeHere));
        }
        var own = Pair(declared.KeyPair, DeclaredKeyPair.Signing, saml);
        var taken = own is null ? null : Own(declared.KeyPair!, own, set);
        var next = Pair(declared.NextKeyPair, DeclaredKeyPair.Next, saml);
        if (next is null)
        {
            return new(taken, null, null);
        }
        return Next(declared.NextKeyPair!, next, set, own, taken);
    }

    /// <summary>Takes the pairs, and only then opens an application that is to be open: it never signs by another.</summary>
    public static async Task<Outcome<Application>> ApplyAsync(
        CertificateRotation rotation,
        ApplicationService applications,
        Application application,
        PlannedKeyPairs planned,
        bool activate
    )
    {
        if (planned.Own is { } own)
        {
            var taken = await rotation.AddOwnAsync(application.Id, own);
            if (!taken.Ok)
            {
                return Failed(taken, DeclaredKeyPair.Signing);
            }
        }
        if (planned.Next is { } next)
        {
            var taken = await rotation.AddNextAsync(application.Id, next);
            if (!taken.Ok)
            {
                return Failed(taken, DeclaredKeyPair.Next);
            }
        }
        if (planned.Switch is { } planning)
        {
            var switched = await rotation.SwitchAsync(application.Id, planning.At);
            if (!switched.Ok)
            {
                return Failed(switched, DeclaredKeyPair.Next);
            }
        }
        return activate ? await applications.ActivateAsync(application.Id) : application;
    }

    /// <summary>The certificate that the file names, DER.</summary>
    private byte[]? Pair(DeclaredKeyPair? said, string field, bool saml)
    {
        if (said is null)
        {
            return null;
        }
        if (!saml)
        {
            found.Add(new Problem("certificate-none", field));
            return null;
        }
        return _handed.Certificate(said, field);
    }

    private HandedKeyPair? Own(DeclaredKeyPair said, byte[] certificate, CertificateSet set)
    {
        if (IsPublished(set, certificate))
        {
            return null;
        }
        if (set.Next is not null)
        {
            found.Add(new Problem("rotation-started", DeclaredKeyPair.Signing));
            return null;
        }
        var handed = _handed.Read(said, certificate, DeclaredKeyPair.Signing);
        if (handed is not null)
        {
            Change(DeclaredKeyPair.Signing, Shown(set.Active?.Certificate), Shown(certificate));
        }
        return handed;
    }

    private PlannedKeyPairs Next(
        DeclaredKeyPair said,
        byte[] certificate,
        CertificateSet set,
        byte[]? own,
        HandedKeyPair? taken
    )
    {
        if (own?.AsSpan().SequenceEqual(certificate) == true)
        {
            found.Add(new Problem("certificate-known", DeclaredKeyPair.Next));
            return new(taken, null, null);
        }
        if (IsPublished(set, certificate))
        {
            // Once it signs, or where somebody took a switch back whose time has passed, the file has nothing more to say.
            var waits = set.Next?.Certificate.AsSpan().SequenceEqual(certificate) == true;
            return new(
                taken,
                null,
                waits && said.SwitchAt > now ? Switch(said, certificate, set) : null
            );
        }
        if (set.Next is not null || (taken is not null && set.Active is not null))
        {
            found.Add(new Problem("rotation-started", DeclaredKeyPair.Next));
            return new(taken, null, null);
        }
        var handed = _handed.Read(said, certificate, DeclaredKeyPair.Next);
        if (handed is null)
        {
            return new(taken, null, null);
        }
        Change(DeclaredKeyPair.Next, null, Shown(certificate));
        return new(taken, handed, Switch(said, certificate, set));
    }

    /// <summary>When the next is to sign, if that is another time than planned.</summary>
    private PlannedSwitch? Switch(DeclaredKeyPair said, byte[] certificate, CertificateSet set)
    {
        if (said.SwitchAt is not { } at || at == set.SwitchAt)
        {
            return null;
        }
        // Into an empty installation, what was planned for a time that has passed has come already. Where another pair signs, nobody is surprised.
        DateTimeOffset? planned = at <= now && set.Active is null ? null : at;
        using var next = X509CertificateLoader.LoadCertificate(certificate);
        if (
            CertificateRotation.SwitchFault(
                now,
                planned,
                new(next.NotBefore.ToUniversalTime()),
                new(next.NotAfter.ToUniversalTime())
            ) is
            { } fault
        )
        {
            found.Add(fault with { Where = SwitchField });
            return null;
        }
        Change(
            SwitchField,
            set.SwitchAt is { } before ? DeclaredTime.Text(before) : null,
            DeclaredTime.Text(at)
        );
        return new(planned);
    }

    private void Change(string field, string? from, string? to) =>
        changes.Add(new FieldChange(field, from, to));

    private static bool IsPublished(CertificateSet set, byte[] certificate) =>
        set.Published.Any(c => c.Certificate.AsSpan().SequenceEqual(certificate));

    private static Outcome<Application> Failed(Outcome<CertificateSet> outcome, string field) =>
        Outcome<Application>.Failed(HandedKeyPairs.Placed(outcome.Problems, field));

    private static string? Shown(byte[]? certificate) =>
        certificate is null ? null : "SHA-256 " + CertificateText.Sha256(certificate);
}
