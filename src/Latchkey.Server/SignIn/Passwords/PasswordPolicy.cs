using Latchkey.Server.Storage;
using Latchkey.Web.Texts;

namespace Latchkey.Server.SignIn.Passwords;

/// <summary>Rules for the passwords of some groups, or of everybody who has no others (J-71).</summary>
internal sealed class PasswordPolicy : IVersioned
{
    /// <summary>The policy of everybody who is in no group with one. Its row is made when it is first changed.</summary>
    public static readonly Guid DefaultId = new("0d5f3c1e-8a50-4a5e-9d3b-6f6e5a0c1d01");

    public const string DefaultName = "Default";

    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required string Name { get; set; }

    /// <summary>In upper case (invariant), unique.</summary>
    public required string NormalizedName { get; set; }

    /// <summary>Of several policies that fit a user the lowest counts.</summary>
    public int Rank { get; set; }

    public PasswordRules Rules { get; set; } = new();
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; set; }
    public long Version { get; set; } = 1;

    public bool IsDefault => Id == DefaultId;

    /// <summary>Its name on pages. The default's cannot be changed, so it is ours to say in each language; the API and files name it <see cref="DefaultName"/>.</summary>
    public string ShownName(ITexts texts) => IsDefault ? texts["policy.default.name"] : Name;
}

/// <summary>That a policy is for the members of a group.</summary>
internal sealed class PasswordPolicyGroup
{
    public required Guid PolicyId { get; init; }
    public required Guid GroupId { get; init; }
}

/// <summary>A password that a user had before, to be refused when it comes again.</summary>
internal sealed class FormerPassword
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required Guid UserId { get; init; }
    public required string Hash { get; init; }

    /// <summary>When it was replaced.</summary>
    public required DateTimeOffset ReplacedAt { get; init; }
}

/// <summary>Wrong passwords for one account from one place.</summary>
internal sealed class PasswordTries
{
    public required Guid UserId { get; init; }

    /// <summary>An address (of IPv6 its /56), or a browser the user has signed in from before.</summary>
    public required string Origin { get; init; }

    /// <summary>In a row, since the last lock.</summary>
    public required int Count { get; set; }

    public required DateTimeOffset LastAt { get; set; }

    /// <summary>Until when no password from there is looked at.</summary>
    public DateTimeOffset? LockedUntil { get; set; }
}

/// <summary>Of what the owner of a password that ends was told.</summary>
internal enum PasswordExpiryNotice
{
    None,
    Warned,
    Expired,
}
