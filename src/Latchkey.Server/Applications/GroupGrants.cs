using Latchkey.Server.Problems;

namespace Latchkey.Server.Applications;

/// <summary>Grants an application to one group and takes it back, whatever else is granted meanwhile: the same as its page does, from the group's side.</summary>
internal sealed class GroupGrants(ApplicationService applications, AccessQueries access)
{
    /// <summary>How often somebody else may be faster.</summary>
    private const int Tries = 5;

    public Task<Outcome<Application>> GrantAsync(
        Guid applicationId,
        Guid groupId,
        CancellationToken cancellationToken = default
    ) => ChangeAsync(applicationId, ids => [.. ids.Union([groupId])], cancellationToken);

    public Task<Outcome<Application>> RevokeAsync(
        Guid applicationId,
        Guid groupId,
        CancellationToken cancellationToken = default
    ) => ChangeAsync(applicationId, ids => [.. ids.Except([groupId])], cancellationToken);

    private async Task<Outcome<Application>> ChangeAsync(
        Guid id,
        Func<IReadOnlyList<Guid>, IReadOnlyCollection<Guid>> change,
        CancellationToken cancellationToken
    )
    {
        for (var attempt = 1; ; attempt++)
        {
            if (await applications.FindAsync(id, cancellationToken) is not { } application)
            {
                return new Problem("application-missing", "id");
            }
            // Every grant counts the version up: what was read is what is changed, or it is read again.
            var outcome = await applications.UpdateAsync(
                id,
                new ApplicationInput
                {
                    GroupIds = change(await access.GroupIdsAsync(id, cancellationToken)),
                },
                application.Version,
                cancellationToken
            );
            if (outcome.Ok || attempt == Tries || outcome.Problems[0].Where != "version")
            {
                return outcome;
            }
        }
    }
}
