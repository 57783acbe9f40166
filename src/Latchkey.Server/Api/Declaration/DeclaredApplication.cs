using Latchkey.Saml.Metadata;
using Latchkey.Server.Applications;

namespace Latchkey.Server.Api.Declaration;

/// <summary>What a file or a call says about an application; a null is "not said".</summary>
internal sealed record DeclaredApplication
{
    public required int Line { get; init; }
    public required IReadOnlyDictionary<string, int> Lines { get; init; }

    /// <summary>Empty where a call leaves it to the label.</summary>
    public required string Slug { get; init; }

    /// <summary>A file's path, an https address or the XML itself.</summary>
    public string? SpMetadata { get; init; }

    /// <summary>The address at which its metadata is followed; null to leave that as it is.</summary>
    public DeclaredFollowing? Following { get; init; }

    /// <summary>The key pair of its own that it signs by; null to leave that as it is.</summary>
    public DeclaredKeyPair? KeyPair { get; init; }

    /// <summary>The one that waits to sign after it; null to leave that as it is.</summary>
    public DeclaredKeyPair? NextKeyPair { get; init; }

    /// <summary>What is said besides the lists below; what metadata and connector say goes below it.</summary>
    public required ApplicationInput Plain { get; init; }

    public ApplicationKind? Kind { get; init; }

    /// <summary>Addresses alone: HTTP-POST, numbered from 0, the first one the default.</summary>
    public IReadOnlyList<string>? AcsUrls { get; init; }

    /// <summary>The same with binding, number and default.</summary>
    public IReadOnlyList<IndexedEndpoint>? AcsEndpoints { get; init; }

    /// <summary>The attributes with a source or an expression, the whole list.</summary>
    public IReadOnlyList<AttributeMapping>? Mapped { get; init; }

    /// <summary>The attributes with a value of their own, the whole list.</summary>
    public IReadOnlyList<AttributeMapping>? Constant { get; init; }

    /// <summary>The names of the groups whose members may sign in, the whole set.</summary>
    public IReadOnlyList<string>? Groups { get; init; }

    /// <summary>The names of the users who may sign in without a group, the whole set.</summary>
    public IReadOnlyList<string>? Users { get; init; }

    /// <summary>The version that was looked at.</summary>
    public int? Version { get; init; }

    /// <summary>What is said, over what there is: saying one of the two lists of attributes leaves the other alone, and addresses that are there already keep their numbers.</summary>
    /// <param name="current">What the application is, or what metadata or connector propose for a new one.</param>
    public ApplicationInput Said(ApplicationInput? current) =>
        Plain with
        {
            Kind = Kind ?? ApplicationKind.Saml,
            Slug = Slug,
            AcsEndpoints = Acs(current?.AcsEndpoints),
            Attributes = Attributes(current?.Attributes ?? []),
        };

    private IReadOnlyList<IndexedEndpoint>? Acs(IReadOnlyList<IndexedEndpoint>? current) =>
        AcsEndpoints
        ?? (
            AcsUrls is null || current?.Select(e => e.Location).SequenceEqual(AcsUrls) == true
                ? null
                : ApplicationInput.AcsFrom(AcsUrls)
        );

    private List<AttributeMapping>? Attributes(IReadOnlyList<AttributeMapping> current)
    {
        if (Mapped is null && Constant is null)
        {
            return null;
        }
        var (constant, mapped) = (
            current.Where(a => a.Kind == AttributeKind.Constant).ToList(),
            current.Where(a => a.Kind != AttributeKind.Constant).ToList()
        );
        // The same two lists: whoever mixed them on the page keeps their order.
        return
            (Mapped ?? mapped).SequenceEqual(mapped)
            && (Constant ?? constant).SequenceEqual(constant)
            ? null
            : [.. Mapped ?? mapped, .. Constant ?? constant];
    }
}
