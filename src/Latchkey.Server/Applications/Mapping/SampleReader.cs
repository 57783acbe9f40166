using Latchkey.Saml.Protocol;
using Latchkey.Server.Directory;
using Latchkey.Server.SingleSignOn;

namespace Latchkey.Server.Applications.Mapping;

/// <summary>What an application would be told about one user.</summary>
/// <param name="NameId">Null where the user has nothing there, or the value is made at the sign-in.</param>
/// <param name="Values">For each row its values; null where an expression costs too much.</param>
internal sealed record Sample(string? NameId, IReadOnlyList<IReadOnlyList<string>?> Values);

/// <summary>Tries the settings of an application on a user while they are typed. Nothing is made for it: no pseudonym, no event.</summary>
internal sealed class SampleReader(UserFactsReader people, AccessQueries access)
{
    /// <param name="application">The settings; need not be saved.</param>
    /// <param name="user">On whom.</param>
    /// <param name="groupIds">The groups that give access.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<Sample> ReadAsync(
        Application application,
        User user,
        IReadOnlyCollection<Guid> groupIds,
        CancellationToken cancellationToken
    )
    {
        var plan = AttributePlan.Of(application);
        var facts = await people.ReadAsync(
            application,
            plan.Needs,
            user,
            await access.GroupNamesAsync(user.Id, groupIds, cancellationToken),
            [SignIn.AuthnMethods.Password],
            forReal: false,
            cancellationToken
        );
        var nameId = application.NameIdFormat is NameIdFormats.Persistent or NameIdFormats.Transient
            ? null
            : Try(() => plan.NameId(facts));
        return new Sample(
            nameId,
            [.. application.Attributes.Select((_, index) => Try(() => plan.Values(index, facts)))]
        );
    }

    private static T? Try<T>(Func<T?> make)
        where T : class
    {
        try
        {
            return make();
        }
        catch (AttributeTooCostlyException)
        {
            return null;
        }
    }
}
