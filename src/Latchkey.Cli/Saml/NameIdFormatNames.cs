using Latchkey.Saml.Protocol;

namespace Latchkey.Cli.Saml;

/// <summary>Short names of NameID formats for the command line.</summary>
internal static class NameIdFormatNames
{
    public const string Description =
        "emailAddress, persistent, transient, unspecified, or another URI.";

    /// <summary>The URI of a short name; anything else as it is.</summary>
    public static string? UriOf(string? name) =>
        name switch
        {
            "emailAddress" => NameIdFormats.EmailAddress,
            "persistent" => NameIdFormats.Persistent,
            "transient" => NameIdFormats.Transient,
            "unspecified" => NameIdFormats.Unspecified,
            _ => name,
        };
}
