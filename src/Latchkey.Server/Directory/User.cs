using Latchkey.Server.Roles;
using Latchkey.Server.SignIn.Passwords;
using Latchkey.Server.Storage.Search;

namespace Latchkey.Server.Directory;

/// <summary>A person of the directory (J-66). Text is kept as typed; only the e-mail address is lower-cased on the way in (J-67) and then compared as stored.</summary>
internal sealed class User : ISearched
{
    /// <summary>Stable for life, never reused; the attribute source "id" (S2-17).</summary>
    public Guid Id { get; init; } = Guid.CreateVersion7();

    /// <summary>Unique without regard to case, see <see cref="NormalizedUsername"/>.</summary>
    public required string Username { get; set; }

    /// <summary>The user name in upper case (invariant), for the unique index and for signing in.</summary>
    public required string NormalizedUsername { get; set; }

    /// <summary>Lower case, unique.</summary>
    public required string Email { get; set; }

    public string? AlternateEmail { get; set; }
    public string? RecoveryEmail { get; set; }
    public string? FirstName { get; set; }
    public string? MiddleName { get; set; }
    public string? LastName { get; set; }
    public string? DisplayName { get; set; }
    public string? Description { get; set; }
    public string? Company { get; set; }
    public string? CostCenter { get; set; }
    public string? Department { get; set; }

    /// <summary>Unique where set.</summary>
    public string? EmployeeIdentifier { get; set; }

    public string? EmployeeType { get; set; }
    public string? JobTitle { get; set; }
    public string? Location { get; set; }
    public Guid? ManagerId { get; set; }

    /// <summary>The tag of the language they are spoken to in (BCP 47), such as <c>de</c>; null for what the organisation or the browser says.</summary>
    public string? Language { get; set; }

    /// <summary>Street addresses, by kind ("work", "home").</summary>
    public IReadOnlyList<PostalAddress> Addresses { get; set; } = [];

    /// <summary>Phone numbers, by kind ("mobile", "work").</summary>
    public IReadOnlyList<PhoneNumber> PhoneNumbers { get; set; } = [];

    /// <summary>Custom attributes by name; a name may carry several values.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Attributes { get; set; } =
        new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);

    public UserState State { get; set; } = UserState.Activated;

    /// <summary>What this user may do in the administration; null for nothing.</summary>
    public Role? Role { get; set; }

    /// <summary>ASP.NET Core Identity's hash, or another system's until the first sign-in; null while no password is set.</summary>
    public string? PasswordHash { get; set; }

    /// <summary>Algorithm and cost of another system's hash; null for our own.</summary>
    public string? PasswordFormat { get; set; }

    /// <summary>When the password was set.</summary>
    public DateTimeOffset? PasswordSetAt { get; set; }

    /// <summary>When an administrator wants it changed; null for never. What the policy says comes on top, see <see cref="PasswordExpiry"/>.</summary>
    public DateTimeOffset? PasswordExpiresAt { get; set; }

    /// <summary>Of what the owner was told about the end of this password.</summary>
    public PasswordExpiryNotice PasswordExpiryNotice { get; set; }

    /// <summary>Changes with every change of password or state; sessions made under another stamp are void.</summary>
    public required string SecurityStamp { get; set; }

    /// <summary>Wrong passwords since the last right one.</summary>
    public int AccessFailedCount { get; set; }

    /// <summary>Until when the account is locked everywhere; see <see cref="PasswordLocks"/> for locks of one address.</summary>
    public DateTimeOffset? LockoutEnd { get; set; }

    /// <summary>When the owner was last told by mail that the account was locked.</summary>
    public DateTimeOffset? LockoutToldAt { get; set; }

    public DateTimeOffset? LastSignInAt { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; set; }

    /// <summary>Counts changes; two people editing the same user are told (optimistic concurrency).</summary>
    public long Version { get; set; } = 1;

    public string SearchText
    {
        get =>
            Storage.Search.SearchText.Of(
                Username,
                Email,
                DisplayName,
                FirstName,
                LastName,
                EmployeeIdentifier
            );
        // Follows from the others.
        private set => _ = value;
    }
}

internal enum UserState
{
    Staged,
    Activated,
    Suspended,
}

internal sealed record PostalAddress(
    string Kind,
    string? Street,
    string? Locality,
    string? Region,
    string? PostalCode,
    string? Country
);

internal sealed record PhoneNumber(string Kind, string Number);
