using Latchkey.Server.Directory.Accounts;
using Latchkey.Server.Roles;

namespace Latchkey.Server.Directory;

/// <summary>Everything an administrator can say about a user (J-66), the whole of it: what is null is empty afterwards.</summary>
internal sealed record UserInput : UserProfile
{
    public UserInput() { }

    public UserInput(UserProfile profile)
        : base(profile) { }

    public Guid? ManagerId { get; init; }
    public IReadOnlyList<PostalAddress> Addresses { get; init; } = [];
    public IReadOnlyList<PhoneNumber> PhoneNumbers { get; init; } = [];

    /// <summary>Custom attributes in order; a name may stand there several times.</summary>
    public IReadOnlyList<CustomAttribute> Attributes { get; init; } = [];

    public UserState State { get; init; } = UserState.Activated;
    public Role? Role { get; init; }

    /// <summary>A new password; null leaves what there is.</summary>
    public string? Password { get; init; }

    /// <summary>For a new user, in place of a password: the hash of another system's.</summary>
    public string? PasswordHash { get; init; }

    /// <summary>For a new user: whether one who is active is told by mail; null for no.</summary>
    public ActivationMail? Mail { get; init; }

    /// <summary>The whole set of the user's groups by hand; null leaves what there is.</summary>
    public IReadOnlyCollection<Guid>? GroupIds { get; init; }

    /// <summary>What a user is now, as a start for changing some of it.</summary>
    public static UserInput From(User user) =>
        new(UserProfile.Of(user))
        {
            ManagerId = user.ManagerId,
            Addresses = user.Addresses,
            PhoneNumbers = user.PhoneNumbers,
            Attributes =
            [
                .. user.Attributes.SelectMany(a =>
                    a.Value.Select(value => new CustomAttribute(a.Key, value))
                ),
            ],
            State = user.State,
            Role = user.Role,
        };
}

/// <summary>One value of a custom attribute.</summary>
internal sealed record CustomAttribute(string Name, string Value);
