using System.Net;
using System.Net.Sockets;
using Latchkey.Web.Texts;

namespace Latchkey.Server.SignIn.Passwords;

/// <summary>From where somebody tries to sign in: an address, and perhaps a browser that is known.</summary>
/// <param name="Address">The network address; null where there is none.</param>
/// <param name="Browser">A text that stands for the browser, if somebody has signed in from it before.</param>
/// <param name="KnownTo">Who signed in from it.</param>
/// <remarks>
/// Whoever tries passwords must not stop their owner elsewhere: an address counts for itself, and a browser apart from its
/// address; but only for those who signed in from it. At all other names it is a stranger like any other, or whoever has one account
/// could try passwords at everybody's.
/// </remarks>
internal sealed record SignInOrigin(
    IPAddress? Address,
    string? Browser = null,
    IReadOnlyCollection<KnownUser>? KnownTo = null
)
{
    private const int SubscriberBits = 56;

    /// <summary>Whether this user signed in from this browser before.</summary>
    public bool IsKnownTo(Guid userId) => KnownTo?.Any(u => u.Id == userId) == true;

    /// <summary>Whether what was typed as a name means somebody who did.</summary>
    public bool IsKnownTo(string typed) => KnownTo?.Any(u => u.IsMeant(typed)) == true;

    /// <summary>By what the tries at one account are counted.</summary>
    public string KeyFor(Guid userId) => Key(IsKnownTo(userId));

    /// <summary>By what the tries at a name are counted, before anybody looks whose it is.</summary>
    public string KeyFor(string typed) => Key(IsKnownTo(typed));

    private string Key(bool isKnown) => isKnown ? $"browser {Browser}" : Network(Address);

    /// <summary>An address as people read it.</summary>
    public static string? Shown(IPAddress? address) =>
        (address?.IsIPv4MappedToIPv6 == true ? address.MapToIPv4() : address)?.ToString();

    /// <summary>One subscriber of IPv6 has a whole /56 to try from (RFC 6177 §2): 256 networks that count as one address.</summary>
    public static string Network(IPAddress? address)
    {
        if (address is null)
            return "";
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return address.ToString();
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(SubscriberBits / 8).Clear();
        return $"{new IPAddress(bytes)}/{SubscriberBits}";
    }
}

/// <summary>A user to whom a browser is known, and what they may type as their name.</summary>
internal sealed record KnownUser(Guid Id, string NormalizedUsername, string Email)
{
    public bool IsMeant(string typed) =>
        string.Equals(typed, NormalizedUsername, StringComparison.OrdinalIgnoreCase)
        || string.Equals(typed, Email, StringComparison.OrdinalIgnoreCase);
}

/// <summary>Origins as people read them.</summary>
internal static class PasswordOrigins
{
    public static string Say(ITexts texts, string origin) =>
        origin.StartsWith("browser ", StringComparison.Ordinal)
            ? texts["user.facts.password.known-browser"]
            : origin;
}
