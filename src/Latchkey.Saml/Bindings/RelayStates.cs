using System.Text;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Protocol;

namespace Latchkey.Saml.Bindings;

/// <summary>RelayState: opaque, only bounded.</summary>
internal static class RelayStates
{
    // saml-bindings-2.0 §3.4.3, §3.5.3.
    private const int Specified = 80;

    /// <summary>Whether it is short enough.</summary>
    public static bool Fits(string relayState, MessageLimits limits, FindingList findings)
    {
        var length = Encoding.UTF8.GetByteCount(relayState);
        if (length <= limits.RelayStateBytes)
        {
            // Passed on to the byte, and said: the next system may cut it off.
            if (length > Specified)
                findings.Add(
                    FindingKinds.RelayStateLong,
                    $"at most {Specified} bytes",
                    $"{length} bytes",
                    "RelayState"
                );
            return true;
        }
        findings.Add(
            FindingKinds.RelayStateTooLong,
            $"at most {limits.RelayStateBytes} bytes",
            $"{length} bytes",
            "RelayState"
        );
        return false;
    }
}
