using Latchkey.Saml.Issuing;
using Latchkey.Saml.Keys;
using Latchkey.Server.Applications;
using Latchkey.Server.Directory;
using Latchkey.Server.Directory.Attributes;
using Latchkey.Server.Directory.Rules;

namespace Latchkey.Server.Api.Declaration;

/// <summary>What a declaration file says. A null is "not said": it takes the default when something is made and leaves alone what is there.</summary>
internal sealed record DeclaredState
{
    public IReadOnlyList<DeclaredAttribute> Attributes { get; init; } = [];
    public IReadOnlyList<DeclaredUser> Users { get; init; } = [];
    public IReadOnlyList<DeclaredGroup> Groups { get; init; } = [];

    /// <summary>User names that are given the administrator's right. Nobody loses it by not being named: a file must not lock out who runs the server.</summary>
    public IReadOnlyList<(int Line, string Username)> Administrators { get; init; } = [];

    public IReadOnlyList<DeclaredApplication> Applications { get; init; } = [];
}

/// <summary>A custom attribute that is defined.</summary>
internal sealed record DeclaredAttribute
{
    public required int Line { get; init; }
    public required IReadOnlyDictionary<string, int> Lines { get; init; }
    public required string Name { get; init; }
    public string? Label { get; init; }
    public string? Description { get; init; }
    public AttributeType? Type { get; init; }
}

internal sealed record DeclaredUser
{
    public required int Line { get; init; }
    public required IReadOnlyDictionary<string, int> Lines { get; init; }
    public required string Username { get; init; }

    /// <summary>Texts by field name; only those that the file says.</summary>
    public required IReadOnlyDictionary<string, string> Fields { get; init; }

    public IReadOnlyList<CustomAttribute>? Attributes { get; init; }
    public UserState? State { get; init; }

    /// <summary>Only used when the user is made.</summary>
    public string? Password { get; init; }
}

internal sealed record DeclaredGroup
{
    public required int Line { get; init; }
    public required IReadOnlyDictionary<string, int> Lines { get; init; }
    public required string Name { get; init; }
    public string? Description { get; init; }

    /// <summary>The whole set of members, by user name.</summary>
    public IReadOnlyList<string>? Members { get; init; }

    /// <summary>Who is in without being named; one without conditions takes it away.</summary>
    public GroupRule? Rule { get; init; }

    /// <summary>What members have from the group, the whole of it.</summary>
    public IReadOnlyList<GroupAttributeInput>? Attributes { get; init; }
}

internal sealed record DeclaredApplication
{
    public required int Line { get; init; }
    public required IReadOnlyDictionary<string, int> Lines { get; init; }
    public required string Slug { get; init; }

    /// <summary>A file's path, an https address or the XML itself.</summary>
    public string? SpMetadata { get; init; }

    /// <summary>The address at which its metadata is followed; null to leave that as it is.</summary>
    public DeclaredFollowing? Following { get; init; }

    /// <summary>Everything the file says itself; what the metadata says goes below it.</summary>
    public required ApplicationInput Said { get; init; }

    /// <summary>The names of the groups whose members may sign in, the whole set.</summary>
    public IReadOnlyList<string>? Groups { get; init; }

    /// <summary>The names of the users who may sign in without a group, the whole set.</summary>
    public IReadOnlyList<string>? Users { get; init; }
}
