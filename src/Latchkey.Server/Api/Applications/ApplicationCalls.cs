using Latchkey.Server.Api.Calls;
using Latchkey.Server.Api.Declaration;
using Latchkey.Server.Applications;
using Latchkey.Server.Applications.Following;
using Latchkey.Server.Problems;

namespace Latchkey.Server.Api.Applications;

/// <summary>Lists, shows, makes, changes and deletes applications, by the services that the pages use.</summary>
internal sealed class ApplicationCalls(
    ApplicationService applications,
    ApplicationQueries queries,
    AccessQueries access,
    ApplicationSources sources,
    MetadataFollowing following,
    Names names,
    Refusal refusal
)
{
    public const string Unknown = "api-application-unknown";

    public async Task<ApiAnswer> ListAsync(HttpRequest request, CancellationToken ct)
    {
        var call = ListCall.Read(request.Query, ApplicationSlug.IsValid);
        if (call.Value is not { } list)
        {
            return refusal.Of(400, call.Problems[0]);
        }
        var search = request.Query["search"].ToString();
        var rows = await queries.AfterAsync(search, list.After, list.Limit + 1, ct);
        return list.Answer(rows, ApplicationShown.Row, row => row.Slug);
    }

    public async Task<ApiAnswer> ShowAsync(string name, CancellationToken ct) =>
        await FindAsync(name, ct) is { } found
            ? ApiAnswer.Shown(await BodyAsync(found, ct), found.Version)
            : refusal.Unknown(Unknown, name);

    public async Task<ApiAnswer> CreateAsync(HttpRequest request, CancellationToken ct)
    {
        var read = await ReadAsync(request, ct);
        if (read.Value is not { } declared)
        {
            return refusal.Of(read.Problems);
        }
        var input = await InputAsync(declared, null, ct);
        if (input.Value is not { } said)
        {
            return refusal.Of(input.Problems);
        }
        var made = await applications.CreateAsync(said, ct);
        return made.Value is { } application
            ? ApiAnswer.Made(
                await StoredAsync(application, ct),
                $"/api/v1/applications/{application.Slug}",
                application.Version
            )
            : refusal.Of([.. made.Problems.Select(p => ApplicationFields.Place(p, said))]);
    }

    /// <summary>Changes what the body says and nothing else (J-27).</summary>
    public async Task<ApiAnswer> UpdateAsync(string name, HttpRequest request, CancellationToken ct)
    {
        if (await FindAsync(name, ct) is not { } existing)
        {
            return refusal.Unknown(Unknown, name);
        }
        var problems = new List<Problem>();
        var version = IfMatch.Read(request, problems);
        if (problems.Count > 0)
        {
            return refusal.Of(400, problems[0]);
        }
        var read = await ReadAsync(request, ct);
        if (read.Value is not { } declared)
        {
            return refusal.Of(read.Problems);
        }
        var input = await InputAsync(declared, existing, ct);
        if (input.Value is not { } said)
        {
            return refusal.Of(input.Problems);
        }
        var changed = await applications.UpdateAsync(
            existing.Id,
            said,
            version ?? declared.Version,
            ct
        );
        return changed.Value is { } application
            ? ApiAnswer.Shown(await StoredAsync(application, ct), application.Version)
            : refusal.Of([.. changed.Problems.Select(p => ApplicationFields.Place(p, said))]);
    }

    public async Task<ApiAnswer> DeleteAsync(string name, CancellationToken ct)
    {
        if (await FindAsync(name, ct) is not { } found)
        {
            return refusal.Unknown(Unknown, name);
        }
        var deleted = await applications.DeleteAsync(found.Id, ct);
        return deleted.Ok ? ApiAnswer.Nothing : refusal.Of(deleted.Problems);
    }

    /// <summary>By slug, or by id. A slug may look like an id; then the slug counts.</summary>
    public async Task<Application?> FindAsync(string name, CancellationToken ct) =>
        await applications.FindBySlugAsync(name, ct)
        ?? (Guid.TryParse(name, out var id) ? await applications.FindAsync(id, ct) : null);

    public async Task<ApplicationBody> BodyAsync(Application application, CancellationToken ct) =>
        ApplicationShown.Of(
            application,
            await queries.ActiveCertificateAsync(application.Id, ct),
            await access.GroupNamesAsync(application.Id, ct),
            await access.UserNamesAsync(application.Id, ct),
            await following.FindAsync(application.Id, ct)
        );

    /// <summary>As it will be shown from now on: databases keep times less exactly than memory does.</summary>
    public async Task<ApplicationBody> StoredAsync(Application saved, CancellationToken ct) =>
        await BodyAsync((await applications.FindAsync(saved.Id, ct))!, ct);

    private static Task<Outcome<DeclaredApplication>> ReadAsync(
        HttpRequest request,
        CancellationToken ct
    ) =>
        CallBody.ReadAsync(
            request,
            "application",
            (section, _) => ApplicationReader.ReadCall(section),
            ct
        );

    private async Task<Outcome<ApplicationInput>> InputAsync(
        DeclaredApplication declared,
        Application? existing,
        CancellationToken ct
    )
    {
        var problems = new List<Problem>();
        if (existing is not null && declared.SpMetadata is not null)
        {
            // A change of metadata is looked at before it is applied; the page shows the difference.
            problems.Add(new Problem("api-metadata-create-only", "sp_metadata"));
        }
        if (existing is not null && declared.Kind is { } kind && kind != existing.Kind)
        {
            var word = ApplicationWords.Kind.Of(existing.Kind);
            problems.Add(new Problem("kind-fixed", "kind", word));
        }
        // First what may be fetched from elsewhere: no transaction waits for it.
        var input =
            problems.Count > 0
                ? new ApplicationInput()
                : await sources.InputAsync(declared, existing, MetadataFiles.None, problems, ct);
        input = input with
        {
            GroupIds = await names.GroupsAsync(declared.Groups, "groups", problems, ct),
            UserIds = await names.UsersAsync(declared.Users, "users", problems, ct),
        };
        return problems.Count > 0 ? Outcome<ApplicationInput>.Failed(problems) : input;
    }
}
