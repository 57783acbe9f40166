using System.Net;
using System.Net.Sockets;

namespace Latchkey.Server.Applications;

/// <summary>Which addresses a metadata URL may lead to: the public internet, and nothing that only this machine or its network can reach (rule M1).</summary>
internal static class PublicAddress
{
    private static readonly IPNetwork[] Refused =
    [
        // IPv4: this network, private, shared, loopback, link-local with the clouds' metadata services, protocol
        // assignments, documentation, 6to4 relays, benchmarks, multicast, reserved and broadcast (RFC 6890).
        IPNetwork.Parse("0.0.0.0/8"),
        IPNetwork.Parse("10.0.0.0/8"),
        IPNetwork.Parse("100.64.0.0/10"),
        IPNetwork.Parse("127.0.0.0/8"),
        IPNetwork.Parse("169.254.0.0/16"),
        IPNetwork.Parse("172.16.0.0/12"),
        IPNetwork.Parse("192.0.0.0/24"),
        IPNetwork.Parse("192.0.2.0/24"),
        IPNetwork.Parse("192.88.99.0/24"),
        IPNetwork.Parse("192.168.0.0/16"),
        IPNetwork.Parse("198.18.0.0/15"),
        IPNetwork.Parse("198.51.100.0/24"),
        IPNetwork.Parse("203.0.113.0/24"),
        IPNetwork.Parse("224.0.0.0/3"),
        // The virtual machines' agent of Azure: a public number that is only reachable from inside.
        IPNetwork.Parse("168.63.129.16/32"),
    ];

    // The only range of IPv6 that is routed publicly, and what of it is not meant for hosts.
    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");

    private static readonly IPNetwork[] RefusedIPv6 =
    [
        // Teredo, ORCHID and the other protocol assignments; documentation, twice.
        IPNetwork.Parse("2001::/23"),
        IPNetwork.Parse("2001:db8::/32"),
        IPNetwork.Parse("3fff::/20"),
    ];

    private static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");
    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");

    public static bool IsPublic(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            return !Array.Exists(Refused, network => network.Contains(address));
        }
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return false;
        }
        // A tunnel leads to the IPv4 address that it carries.
        if (SixToFour.Contains(address))
        {
            return IsPublic(new IPAddress(address.GetAddressBytes().AsSpan(2, 4)));
        }
        if (Nat64.Contains(address))
        {
            return IsPublic(new IPAddress(address.GetAddressBytes().AsSpan(12, 4)));
        }
        return GlobalUnicast.Contains(address)
            && !Array.Exists(RefusedIPv6, network => network.Contains(address));
    }
}
