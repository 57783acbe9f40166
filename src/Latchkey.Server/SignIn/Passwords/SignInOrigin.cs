using System.Net;
using System.Net.Sockets;
using Latchkey.Web.Texts;

namespace Latchkey.Server.SignIn.Passwords;

/// <summary>From where somebody tries to sign in: an address, and perhaps a browser that is known.</summary>
/// <param name="Address">The network address; null where there is none.</param>
/// <param name="Browser">A text that stands for the browser, if somebody has signed in from it before.</param>
/// <param name="KnownTo">Who signed in from it.</param>
internal sealed record SignInOrigin(
    IPAddress? Address,
    string? Browser = null,
    IReadOnlyCollection<Guid>? KnownTo = null
)
{
    /// <summary>Whoever tries passwords must not stop their owner elsewhere: an address counts for itself, and a browser apart from its address.</summary>
    public string Key => Browser is null ? Network(Address) : $"browser {Browser}";

    /// <summary>Whether this user signed in from this browser before.</summary>
    public bool IsKnownTo(Guid userId) => KnownTo?.Contains(userId) == true;

    /// <summary>By what the tries at one account are counted.</summary>
    public string KeyFor(Guid userId) => IsKnownTo(userId) ? Key : Network(Address);

    /// <summary>An address as people read it.</summary>
    public static string? Shown(IPAddress? address) =>
        (address?.IsIPv4MappedToIPv6 == true ? address.MapToIPv4() : address)?.ToString();

    /// <summary>One subscriber of IPv6 has a whole /64 to try from.</summary>
    public static string Network(IPAddress? address)
    {
        if (address is null)
            return "";
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return address.ToString();
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return $"{new IPAddress(bytes)}/64";
    }
}

/// <summary>Origins as people read them.</summary>
internal static class PasswordOrigins
{
    public static string Say(ITexts texts, string origin) =>
        origin.StartsWith("browser ", StringComparison.Ordinal)
            ? texts["user.facts.password.known-browser"]
            : origin;
}
