using Latchkey.Server.Problems;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Applications;

/// <summary>What keeps an application from being saved because of other rows.</summary>
internal static class ApplicationConflicts
{
    public static async Task<List<Problem>> FindAsync(
        LatchkeyDbContext db,
        Application application,
        ApplicationInput input,
        CancellationToken cancellationToken
    )
    {
        var problems = new List<Problem>();
        var others = db.Applications.AsNoTracking().Where(a => a.Id != application.Id);
        if (await others.AnyAsync(a => a.Slug == application.Slug, cancellationToken))
        {
            problems.Add(new Problem("slug-taken", "slug", application.Slug));
        }
        var sameIdp = await others
            .Where(a => a.IdpEntityId == application.IdpEntityId)
            .Select(a => a.Label)
            .FirstOrDefaultAsync(cancellationToken);
        if (sameIdp is not null)
        {
            problems.Add(new Problem("idp-entity-id-taken", "idp_entity_id", sameIdp));
        }
        await ApplicationAccess.CheckAsync(db, input, problems, cancellationToken);
        return problems;
    }
}
