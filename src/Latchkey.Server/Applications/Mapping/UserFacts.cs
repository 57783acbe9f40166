using Latchkey.Server.Directory;
using Latchkey.Server.Directory.Attributes;
using Latchkey.Server.SignIn;

namespace Latchkey.Server.Applications.Mapping;

/// <summary>What is known of a user when something is said about them to an application.</summary>
internal sealed record UserFacts
{
    public required User User { get; init; }

    /// <summary>The names of those of the user's groups that give access to the application, sorted.</summary>
    public required IReadOnlyList<string> Groups { get; init; }

    /// <summary>What those groups give as custom attributes, by the name of the group; only where <see cref="ExpressionNeeds.AccessAttributes"/> is.</summary>
    public IReadOnlyDictionary<
        string,
        IReadOnlyList<GroupAttribute>
    > GroupAttributes { get; init; } = new Dictionary<string, IReadOnlyList<GroupAttribute>>();

    /// <summary>The names of all of the user's groups; only where <see cref="ExpressionNeeds.AllGroups"/> is.</summary>
    public IReadOnlyList<string> AllGroups { get; init; } = [];

    /// <summary>Only where <see cref="ExpressionNeeds.Manager"/> is.</summary>
    public string? ManagerEmail { get; init; }

    /// <summary>The user's pairwise pseudonym at the service provider; only where <see cref="ExpressionNeeds.Pseudonym"/> is.</summary>
    public string? Pseudonym { get; init; }

    /// <summary>One attribute of each of those groups that match a pattern and have it, each value once.</summary>
    public IReadOnlyList<string> OfGroups(string attribute, string? pattern) =>
        [
            .. Groups
                .Where(group => NamePattern.Matches(pattern, group))
                .SelectMany(group => GroupAttributes.GetValueOrDefault(group) ?? [])
                .Where(given => given.Name == attribute)
                .Select(given => given.Value)
                .Distinct(StringComparer.Ordinal),
        ];

    /// <summary>How the user signed in, see <see cref="AuthnMethods"/>.</summary>
    public IReadOnlyList<string> Methods { get; init; } = [AuthnMethods.Password];
}
