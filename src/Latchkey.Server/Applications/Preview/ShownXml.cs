using System.Text.RegularExpressions;
using Latchkey.Saml.Inspection;

namespace Latchkey.Server.Applications.Preview;

/// <summary>A Response to look at.</summary>
internal static partial class ShownXml
{
    /// <summary>Indented, without what makes a signature one.</summary>
    public static string Of(byte[] xml) =>
        Secret()
            .Replace(
                MessageInspector.Inspect(xml).Indented ?? "",
                "${start}(removed from the preview)"
            );

    [GeneratedRegex(
        "(?<start><([A-Za-z0-9]+:)?(SignatureValue|X509Certificate|Modulus|Exponent|PublicKey)[^<>]*>)[^<]+",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        1000
    )]
    private static partial Regex Secret();
}
