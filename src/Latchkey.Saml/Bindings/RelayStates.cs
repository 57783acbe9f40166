using System.Text;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Protocol;

namespace Latchkey.Saml.Bindings;

/// <summary>RelayState: opaque, only bounded.</summary>
internal static class RelayStates
{
    /// <summary>Whether it is short enough.</summary>
    public static bool Fits(string relayState, MessageLimits limits, FindingList findings)
    {
        var length = Encoding.UTF8.GetByteCount(relayState);
        if (length <= limits.RelayStateBytes)
            return true;
        findings.Add(
            FindingKinds.RelayStateTooLong,
            $"at most {limits.RelayStateBytes} bytes",
            $"{length} bytes",
            "RelayState"
        );
        return false;
    }
}
