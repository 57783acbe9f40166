using System.CommandLine;
using System.Globalization;
using System.Text;
using Latchkey.Saml.Issuing;
using Latchkey.Saml.Protocol;

namespace Latchkey.Cli.Saml;

/// <summary><c>latchkey saml sign</c>: makes a signed test Response, for service providers that test their own side.</summary>
internal static class SignCommand
{
    private const string Summary =
        "Makes a signed Response for a test of your own service provider, with your own test key.";

    private const string Details = """
        Prints the base64 that belongs in the form field SAMLResponse. Never configure a service provider that others
        use to trust a test key.

        Examples:
          openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 30 -subj /CN=test
          latchkey saml sign --key key.pem --certificate cert.pem --issuer https://idp.test --audience urn:app \
            --acs https://app.test/saml/acs --name-id ada@example.com --attribute groups=Engineering \
            --attribute groups=Staff --in-response-to _4fee3b046395c4e751011e97f8900b5273d56685
          latchkey saml sign … --now 2020-01-01T00:00:00Z | latchkey saml decode

        Exit code: 0 made, 2 unusable arguments.
        """;

    private static readonly Dictionary<string, SignedParts> s_parts = new(StringComparer.Ordinal)
    {
        ["assertion"] = SignedParts.Assertion,
        ["response"] = SignedParts.Response,
        ["both"] = SignedParts.AssertionAndResponse,
    };

    private static readonly Dictionary<string, ContentEncryption> s_encryptions =
        Enum.GetValues<ContentEncryption>()
            .ToDictionary(
                encryption => SigningOptions.NameOf(encryption.ToString()),
                StringComparer.Ordinal
            );

    public static Command Build()
    {
        var signing = new SigningOptions(required: true);
        var issuer = Text("--issuer", "ID", "The identity provider's entity ID.", required: true);
        var audience = Text("--audience", "ID", "The service provider's entity ID.", true);
        var acs = Text("--acs", "URL", "The assertion consumer service's address.", true);
        var answers = Text("--in-response-to", "ID", "The request's ID. Default: unsolicited.");
        var nameId = Text("--name-id", "VALUE", "Whom it is about. Default: no NameID.");
        var format = Text("--name-id-format", "FORMAT", NameIdFormatNames.Description);
        var attributes = new Option<string[]>("--attribute")
        {
            Description = "An attribute's value; may be given several times.",
            HelpName = "NAME=VALUE",
            DefaultValueFactory = _ => [],
        };
        var session = Text("--session-index", "ID", "SessionIndex. Default: random.");
        var context = Text(
            "--authn-context",
            "URI",
            "How the person proved who they are. Default: a password."
        );
        var now = Text("--now", "TIME", "When it is made. Default: now.");
        var lifetime = new Option<int>("--lifetime")
        {
            Description = "How many seconds it can be used.",
            HelpName = "SECONDS",
            DefaultValueFactory = _ => 300,
        };
        var parts = new Option<string>("--sign")
        {
            Description = "What carries a signature.",
            DefaultValueFactory = _ => "both",
        };
        parts.AcceptOnlyFromAmong([.. s_parts.Keys]);
        var encryptFor = Text(
            "--encrypt-for",
            "PEM",
            "Encrypt the assertion for this certificate. Default: not encrypted."
        );
        var encryption = new Option<string>("--encryption")
        {
            Description = "How the assertion is encrypted.",
            DefaultValueFactory = _ => SigningOptions.NameOf(nameof(ContentEncryption.Aes256Gcm)),
        };
        encryption.AcceptOnlyFromAmong([.. s_encryptions.Keys]);
        var xml = new Option<bool>("--xml")
        {
            Description = "Print the XML instead of its base64.",
        };
        var command = new ExplainedCommand("sign", Summary, Details)
        {
            issuer,
            audience,
            acs,
            nameId,
            format,
            attributes,
            answers,
            session,
            context,
            now,
            lifetime,
            parts,
            encryptFor,
            encryption,
            xml,
        };
        signing.AddTo(command);
        return command.Does(
            async (parsed, output, cancellationToken) =>
            {
                var time = Input.Time("--now", parsed.GetValue(now), TimeProvider.System);
                var name = parsed.GetValue(nameId);
                using var recipient = parsed.GetValue(encryptFor) is { } path
                    ? await KeyFiles.ReadEncryptionKeyAsync(path, cancellationToken)
                    : null;
                var response = new ResponseToIssue
                {
                    Encryption = recipient is null
                        ? null
                        : new AssertionEncryption(recipient)
                        {
                            Content = s_encryptions[parsed.GetValue(encryption)!],
                        },
                    Id = IdSource.Random.Next(),
                    IssueInstant = time,
                    Issuer = Input.NotEmpty("--issuer", parsed.GetValue(issuer)),
                    Destination = Input.NotEmpty("--acs", parsed.GetValue(acs)),
                    InResponseTo = parsed.GetValue(answers),
                    Assertion = new AssertionToIssue
                    {
                        Id = IdSource.Random.Next(),
                        Audience = Input.NotEmpty("--audience", parsed.GetValue(audience)),
                        NameId = name is null
                            ? null
                            : new NameId(name, NameIdFormatNames.UriOf(parsed.GetValue(format))),
                        NotBefore = time,
                        NotOnOrAfter = time.AddSeconds(parsed.GetValue(lifetime)),
                        AuthnInstant = time,
                        SessionIndex = parsed.GetValue(session) ?? IdSource.Random.Next(),
                        AuthnContextClassRef =
                            parsed.GetValue(context)
                            ?? AuthnContextClasses.PasswordProtectedTransport,
                        Attributes = Attributes(parsed.GetValue(attributes)!),
                    },
                };
                using var key = await signing.KeyAsync(parsed, cancellationToken);
                var message = ResponseWriter.Write(
                    response,
                    key!,
                    s_parts[parsed.GetValue(parts)!],
                    signing.AlgorithmOf(parsed, key)
                );
                await output.WriteLineAsync(
                    parsed.GetValue(xml)
                        ? Encoding.UTF8.GetString(message)
                        : Convert.ToBase64String(message)
                );
                return SamlCommand.Accepted;
            }
        );
    }

    private static Option<string?> Text(
        string name,
        string helpName,
        string description,
        bool required = false
    ) =>
        new(name)
        {
            Description = description,
            HelpName = helpName,
            Required = required,
        };

    // Values of one name belong to one attribute, in the order in which they were given.
    private static IReadOnlyList<SamlAttribute> Attributes(IEnumerable<string> pairs) =>
        [
            .. pairs
                .Select(pair =>
                {
                    var equals = pair.IndexOf('=', StringComparison.Ordinal);
                    return equals > 0
                        ? (Name: pair[..equals], Value: pair[(equals + 1)..])
                        : throw new UnusableException(
                            string.Create(
                                CultureInfo.InvariantCulture,
                                $"--attribute is “{TerminalText.Show(pair)}”; expected NAME=VALUE."
                            )
                        );
                })
                .GroupBy(pair => pair.Name, StringComparer.Ordinal)
                .Select(attribute => new SamlAttribute(
                    attribute.Key,
                    [.. attribute.Select(pair => pair.Value)],
                    AttributeNameFormats.Unspecified
                )),
        ];
}
