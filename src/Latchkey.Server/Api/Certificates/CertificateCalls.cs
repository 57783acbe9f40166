using System.Text;
using Latchkey.Server.Api.Applications;
using Latchkey.Server.Api.Calls;
using Latchkey.Server.Api.Declaration;
using Latchkey.Server.Applications;
using Latchkey.Server.Certificates;
using Latchkey.Server.Problems;

namespace Latchkey.Server.Api.Certificates;

/// <summary>Shows and rotates the signing certificates of an application.</summary>
internal sealed class CertificateCalls(
    ApplicationCalls applications,
    CertificateQueries queries,
    CertificateRotation rotation,
    Refusal refusal
)
{
    /// <summary>Those of all applications, by their slugs.</summary>
    public async Task<ApiAnswer> ListAllAsync(HttpRequest request, CancellationToken ct)
    {
        var call = ListCall.Read(request.Query, ApplicationSlug.IsValid);
        if (call.Value is not { } list)
        {
            return refusal.Of(400, call.Problems[0]);
        }
        var search = request.Query["search"].ToString();
        var rows = await queries.AfterAsync(search, list.After, list.Limit + 1, ct);
        return list.Answer(rows, CertifiedApplicationBody.Of, row => row.Application.Slug);
    }

    /// <summary>Who has read an application's metadata, and which certificates stood in it: whether the other side knows the next one.</summary>
    public async Task<ApiAnswer> ReadingsAsync(string name, CancellationToken ct) =>
        await applications.FindAsync(name, ct) is { } application
        && await queries.FindAsync(application.Id, ct) is { } found
            ? ApiAnswer.Shown(
                new MetadataReadingsBody([
                    .. found.Readings.Select(r => MetadataReadingBody.Of(r, found.Set)),
                ])
            )
            : refusal.Unknown(ApplicationCalls.Unknown, name);

    public Task<ApiAnswer> ListAsync(string name, CancellationToken ct) =>
        AnswerAsync(name, async found => await rotation.OfAsync(found.Id, ct), ct);

    /// <summary>Publishes the next certificate beside the one that signs.</summary>
    public async Task<ApiAnswer> StartAsync(string name, HttpRequest request, CancellationToken ct)
    {
        var read = await CallBody.ReadAsync(request, "certificate", (s, _) => Choice(s), ct);
        return read.Value is { } choice
            ? await AnswerAsync(name, found => rotation.StartAsync(found.Id, choice, ct), ct)
            : refusal.Of(read.Problems);
    }

    /// <summary>Publishes a pair that was made elsewhere as the next one, or has it sign where none does yet. Its key is not answered, here or anywhere.</summary>
    public async Task<ApiAnswer> AddOwnAsync(string name, HttpRequest request, CancellationToken ct)
    {
        var read = await CallBody.ReadAsync(request, "key pair", (s, _) => Pair(s), ct);
        return read.Value is { } pair
            ? await AnswerAsync(name, found => rotation.AddOwnAsync(found.Id, pair, ct), ct)
            : refusal.Of(read.Problems);
    }

    /// <summary>Lets the next one sign, now or at a time.</summary>
    public async Task<ApiAnswer> SwitchAsync(string name, HttpRequest request, CancellationToken ct)
    {
        var read = await CallBody.ReadAsync(request, "switch", (s, _) => When(s), ct);
        return read.Value is { } when
            ? await AnswerAsync(name, found => rotation.SwitchAsync(found.Id, when.At, ct), ct)
            : refusal.Of(read.Problems);
    }

    public Task<ApiAnswer> UndoAsync(string name, CancellationToken ct) =>
        AnswerAsync(name, found => rotation.UndoAsync(found.Id, ct), ct);

    public Task<ApiAnswer> RetireAsync(string name, string certificate, CancellationToken ct) =>
        AnswerAsync(
            name,
            found =>
                rotation.RetireAsync(
                    found.Id,
                    Guid.TryParse(certificate, out var id) ? id : Guid.Empty,
                    ct
                ),
            ct
        );

    /// <summary>The certificate as a file.</summary>
    public async Task<IResult> DownloadAsync(
        string name,
        string certificate,
        bool pem,
        CancellationToken ct
    )
    {
        if (await applications.FindAsync(name, ct) is not { } application)
        {
            return refusal.Unknown(ApplicationCalls.Unknown, name);
        }
        var set = await rotation.OfAsync(application.Id, ct);
        var found = Guid.TryParse(certificate, out var id)
            ? set.Published.FirstOrDefault(c => c.Id == id)
            : null;
        if (found is null)
        {
            return refusal.Unknown("api-certificate-unknown", certificate);
        }
        var file = $"latchkey-{application.Slug}-certificate.{(pem ? "pem" : "der")}";
        return pem
            ? Results.Bytes(
                Encoding.ASCII.GetBytes(CertificateText.Pem(found.Certificate) + "\n"),
                CertificateEndpoints.Pem,
                file
            )
            : Results.Bytes(found.Certificate, CertificateEndpoints.Der, file);
    }

    private async Task<ApiAnswer> AnswerAsync(
        string name,
        Func<Application, Task<Outcome<CertificateSet>>> act,
        CancellationToken ct
    )
    {
        if (await applications.FindAsync(name, ct) is not { } application)
        {
            return refusal.Unknown(ApplicationCalls.Unknown, name);
        }
        var outcome = await act(application);
        if (!outcome.Ok)
        {
            return refusal.Of(outcome.Problems);
        }
        // As it will be shown from now on: databases keep times less exactly than memory does.
        var set = await rotation.OfAsync(application.Id, ct);
        return ApiAnswer.Shown(new CertificatesBody(CertificateBody.Of(set)));
    }

    private static KeyChoice Choice(Section section)
    {
        var choice = new KeyChoice(
            section.Word<KeyKind>("key", CertificateWords.Keys.TryParse, CertificateWords.Keys.All)
                ?? KeyKind.Rsa2048,
            section.Word<CertificateHash>(
                "hash",
                CertificateWords.Hashes.TryParse,
                CertificateWords.Hashes.All
            ) ?? CertificateHash.Sha256
        );
        section.End();
        return choice;
    }

    private static HandedKeyPair Pair(Section section)
    {
        var file = section.Text("pkcs12") ?? "";
        var bytes = new byte[file.Length];
        if (!Convert.TryFromBase64String(file, bytes, out var length))
        {
            section.Add("pkcs12", "key-pair-unreadable");
        }
        var pair = new HandedKeyPair(
            section.Text("pem"),
            length == 0 ? null : bytes[..length],
            section.Text("password")
        );
        section.End();
        return pair;
    }

    private static SwitchBody When(Section section)
    {
        var at = section.Time("at");
        section.End();
        return new SwitchBody(at);
    }
}
