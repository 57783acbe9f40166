using System.Buffers.Text;
using System.Text;
using Latchkey.Server.Applications;
using Latchkey.Server.Applications.Following;
using Latchkey.Server.Problems;
using Latchkey.Web.Texts;

namespace Latchkey.Server.Api.Applications;

/// <summary><c>/api/v1/applications</c>: the list by pages, one application, and its end.</summary>
internal static class ApplicationEndpoints
{
    public const int MostRows = 200;

    public static void MapApplicationApi(this IEndpointRouteBuilder api)
    {
        var applications = api.MapGroup("/applications");
        applications.MapGet("", ListAsync);
        applications.MapGet("/{application}", ShowAsync);
        applications.MapDelete("/{application}", DeleteAsync);
    }

    private static async Task<IResult> ListAsync(
        ApplicationQueries queries,
        ITexts texts,
        CancellationToken cancellationToken,
        string? search = null,
        string? cursor = null,
        int limit = 50
    )
    {
        if (limit is < 1 or > MostRows)
        {
            return Refuse(texts, 400, new Problem("api-limit", "limit", limit, MostRows));
        }
        string? after = null;
        if (!string.IsNullOrEmpty(cursor) && !TryRead(cursor, out after))
        {
            return Refuse(texts, 400, new Problem("api-cursor-unreadable", "cursor"));
        }
        // One more than asked for tells whether there is a next page.
        var rows = await queries.AfterAsync(search, after, limit + 1, cancellationToken);
        var page = rows.Take(limit).ToList();
        return Results.Json(
            new
            {
                Items = page.Select(row => new
                {
                    row.Id,
                    Kind = ApplicationAnswer.Word(row.Kind),
                    row.Slug,
                    row.Label,
                    row.SpEntityId,
                    row.Active,
                    row.Groups,
                    row.Users,
                    row.CertificateNotAfter,
                }),
                NextCursor = rows.Count > limit
                    ? Base64Url.EncodeToString(Encoding.UTF8.GetBytes(page[^1].Slug))
                    : null,
            }
        );
    }

    private static async Task<IResult> ShowAsync(
        string application,
        ApplicationService applications,
        ApplicationQueries queries,
        AccessQueries access,
        MetadataFollowing following,
        ITexts texts,
        CancellationToken cancellationToken
    )
    {
        if (await FindAsync(applications, application, cancellationToken) is not { } found)
        {
            return Refuse(texts, 404, new Problem("api-application-unknown", "", application));
        }
        var groupIds = await access.GroupIdsAsync(found.Id, cancellationToken);
        var groups = await access.GroupsAsync(cancellationToken);
        var userIds = await access.UserIdsAsync(found.Id, cancellationToken);
        var users = await access.UsersAsync(userIds, cancellationToken);
        return Results.Json(
            ApplicationAnswer.Of(
                found,
                await queries.ActiveCertificateAsync(found.Id, cancellationToken),
                groups.Where(g => groupIds.Contains(g.Id)).Select(g => g.Name),
                users.Select(u => u.Username),
                await following.FindAsync(found.Id, cancellationToken)
            )
        );
    }

    private static async Task<IResult> DeleteAsync(
        string application,
        ApplicationService applications,
        ITexts texts,
        CancellationToken cancellationToken
    )
    {
        var found = await FindAsync(applications, application, cancellationToken);
        if (found is null)
        {
            return Refuse(texts, 404, new Problem("api-application-unknown", "", application));
        }
        var deleted = await applications.DeleteAsync(found.Id, cancellationToken);
        return deleted.Ok ? Results.NoContent() : Refuse(texts, 409, [.. deleted.Problems]);
    }

    /// <summary>By slug, or by id. A slug may look like an id; then the slug counts.</summary>
    private static async Task<Application?> FindAsync(
        ApplicationService applications,
        string name,
        CancellationToken cancellationToken
    ) =>
        await applications.FindBySlugAsync(name, cancellationToken)
        ?? (
            Guid.TryParse(name, out var id)
                ? await applications.FindAsync(id, cancellationToken)
                : null
        );

    private static bool TryRead(string cursor, out string? slug)
    {
        slug = Base64Url.IsValid(cursor)
            ? Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor))
            : null;
        return slug is not null && ApplicationSlug.IsValid(slug);
    }

    private static IResult Refuse(ITexts texts, int status, params Problem[] problems) =>
        new ApiProblems(
            status,
            [
                .. problems.Select(p => new ApiProblem(
                    p.Code,
                    texts.Say(p),
                    Field: p.Where.Length == 0 ? null : p.Where
                )),
            ]
        ).ToResult();
}
