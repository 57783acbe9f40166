using System.CommandLine;
using System.Text.RegularExpressions;
using Latchkey.Saml.Keys;

namespace Latchkey.Cli.Saml;

/// <summary>The options of the commands that sign.</summary>
internal sealed partial class SigningOptions
{
    private static readonly Dictionary<string, SignatureAlgorithm> s_algorithms =
        Enum.GetValues<SignatureAlgorithm>()
            .ToDictionary(algorithm => NameOf(algorithm.ToString()), StringComparer.Ordinal);

    public SigningOptions(bool required)
    {
        Key = new Option<string?>("--key")
        {
            Description =
                "The private key that signs, a PEM file." + (required ? "" : " Default: unsigned."),
            HelpName = "PEM",
            Required = required,
        };
        Certificate = new Option<string?>("--certificate")
        {
            Description = "Its certificate, a PEM file. Default: in the key's file.",
            HelpName = "PEM",
        };
        Algorithm = new Option<string?>("--algorithm")
        {
            Description =
                "The signature algorithm. Default: rsa-sha256, or the ECDSA that fits the key's curve.",
        };
        Algorithm.AcceptOnlyFromAmong([.. s_algorithms.Keys]);
    }

    public Option<string?> Key { get; }

    public Option<string?> Certificate { get; }

    public Option<string?> Algorithm { get; }

    public void AddTo(Command command)
    {
        command.Options.Add(Key);
        command.Options.Add(Certificate);
        command.Options.Add(Algorithm);
    }

    /// <summary>The key, or null when none was named.</summary>
    public async Task<SigningKey?> KeyAsync(
        ParseResult parsed,
        CancellationToken cancellationToken
    ) =>
        parsed.GetValue(Key) is { } path
            ? await KeyFiles.ReadSigningKeyAsync(
                path,
                parsed.GetValue(Certificate),
                cancellationToken
            )
            : null;

    /// <summary>The algorithm that was named, else the key's own.</summary>
    public SignatureAlgorithm AlgorithmOf(ParseResult parsed, SigningKey? key) =>
        parsed.GetValue(Algorithm) is { } name
            ? s_algorithms[name]
            : key?.DefaultAlgorithm ?? SignatureAlgorithm.RsaSha256;

    /// <summary>A name of the library as it is written on the command line.</summary>
    public static string NameOf(string name) => Hump().Replace(name, "-$0").ToLowerInvariant();

    // RsaSha256 is rsa-sha256 on the command line.
    [GeneratedRegex("(?<!^)[A-Z]", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Hump();
}
