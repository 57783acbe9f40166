using System.CommandLine;
using System.Text;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Responses;

namespace Latchkey.Cli.Saml;

/// <summary><c>latchkey saml verify</c>: the verdict on a Response, or on every one in a folder.</summary>
internal static class VerifyCommand
{
    private const string Summary =
        "Checks a Response as a service provider does, and says whether it is accepted and what is wrong with it.";

    private const string Details = """
        RESPONSE is a file with the base64 of the form field or with the XML, or - for standard input. A folder means
        every *.b64 and *.xml in it: one line of JSON each, with "file". All signing keys in the metadata's role count,
        and no others. Without --request-id and without --allow unsolicited a Response that nobody asked for is
        refused. Whether a Response was used before cannot be seen here; a service provider has to remember that.

        Examples:
          latchkey saml verify response.b64 --idp-metadata idp.xml --sp-entity-id https://app.example.com \
            --acs https://app.example.com/saml/acs --request-id _4fee3b046395c4e751011e97f8900b5273d56685
          latchkey saml verify captured/ --idp-metadata idp.xml --sp-entity-id urn:app --acs https://app.example.com/acs \
            --decryption-key sp.pem --allow unsolicited --now 2026-03-01T12:00:00Z

        --json prints {"accepted", "nameId", "nameIdFormat", "attributes": {name: [values]}, "sessionIndex",
        "findings": [{"code", "rule", "severity", "expected", "found", "at", "spec"}]}.

        Exit code: 0 accepted, 1 refused (one of a folder's), 2 unusable arguments.
        """;

    public static Command Build()
    {
        var response = new Argument<string>("RESPONSE")
        {
            Description = "A file, a folder, or - for standard input.",
        };
        var metadata = new Option<string>("--idp-metadata")
        {
            Description = "The identity provider's metadata, a file.",
            Required = true,
            HelpName = "FILE",
        };
        var identityProvider = new Option<string?>("--idp-entity-id")
        {
            Description = "Which identity provider, when the metadata describes several.",
            HelpName = "ID",
        };
        var serviceProvider = new Option<string>("--sp-entity-id")
        {
            Description = "The service provider's entity ID: what Audience must be.",
            Required = true,
            HelpName = "ID",
        };
        var acs = new Option<string>("--acs")
        {
            Description =
                "The assertion consumer service's address: what Destination and Recipient must be.",
            Required = true,
            HelpName = "URL",
        };
        var request = new Option<string?>("--request-id")
        {
            Description = "The ID of the AuthnRequest that is answered.",
            HelpName = "ID",
        };
        var now = new Option<string?>("--now")
        {
            Description = "Check as of this time. Default: now.",
            HelpName = "TIME",
        };
        var decryption = new Option<string[]>("--decryption-key")
        {
            Description =
                "A private key (RSA, PEM) that opens what is encrypted; may be given several times.",
            HelpName = "PEM",
            DefaultValueFactory = _ => [],
        };
        var allow = new Option<string[]>("--allow")
        {
            Description = $"What else to accept, separated by commas: {Allowances.Names}.",
            HelpName = "NAMES",
            DefaultValueFactory = _ => [],
        };
        var json = new Option<bool>("--json") { Description = "Print the verdict as JSON." };
        return new ExplainedCommand("verify", Summary, Details)
        {
            response,
            metadata,
            identityProvider,
            serviceProvider,
            acs,
            request,
            now,
            decryption,
            allow,
            json,
        }.Does(
            async (parsed, output, cancellationToken) =>
            {
                var time = Input.Time("--now", parsed.GetValue(now), TimeProvider.System);
                var entity = await IdentityProviderFile.ReadAsync(
                    parsed.GetRequiredValue(metadata),
                    parsed.GetValue(identityProvider),
                    time,
                    cancellationToken
                );
                var requestId = parsed.GetValue(request);
                var rules = new ResponseRules
                {
                    ServiceProviderEntityId = Input.NotEmpty(
                        "--sp-entity-id",
                        parsed.GetValue(serviceProvider)
                    ),
                    AssertionConsumerServiceUrl = Input.NotEmpty("--acs", parsed.GetValue(acs)),
                    IdentityProviderEntityId = entity.EntityId,
                    Keys = IdentityProviderFile.KeysOf(entity),
                    RequestId = requestId is null
                        ? null
                        : Input.NotEmpty("--request-id", requestId),
                    DecryptionKeys = await DecryptionKeysAsync(
                        parsed.GetValue(decryption)!,
                        cancellationToken
                    ),
                    Now = time,
                };
                rules = Allowances.Apply(rules, parsed.GetValue(allow)!);
                return await RunAsync(
                    parsed.GetValue(response)!,
                    rules,
                    parsed.GetValue(json),
                    output,
                    parsed.InvocationConfiguration.Error,
                    cancellationToken
                );
            }
        );
    }

    private static async Task<IReadOnlyList<DecryptionKey>> DecryptionKeysAsync(
        IEnumerable<string> paths,
        CancellationToken cancellationToken
    )
    {
        var keys = new List<DecryptionKey>();
        foreach (var path in paths)
        {
            keys.Add(await KeyFiles.ReadDecryptionKeyAsync(path, cancellationToken));
        }
        return keys;
    }

    private static async Task<int> RunAsync(
        string path,
        ResponseRules rules,
        bool asJson,
        TextWriter output,
        TextWriter errors,
        CancellationToken cancellationToken
    )
    {
        if (Directory.Exists(path))
        {
            return await RunFolderAsync(path, rules, output, errors, cancellationToken);
        }
        var verdict = Verify(await Input.ReadAsync(path, cancellationToken), path, rules);
        if (asJson)
        {
            await output.WriteLineAsync(VerdictJson.Of(verdict, file: null));
        }
        else
        {
            await VerdictText.WriteAsync(output, verdict);
        }
        return verdict.Accepted ? SamlCommand.Accepted : SamlCommand.Refused;
    }

    private static async Task<int> RunFolderAsync(
        string path,
        ResponseRules rules,
        TextWriter output,
        TextWriter errors,
        CancellationToken cancellationToken
    )
    {
        var files = Directory
            .EnumerateFiles(path)
            .Where(file => IsXml(file) || IsBase64(file))
            .Order(StringComparer.Ordinal)
            .ToList();
        if (files.Count == 0)
        {
            throw new UnusableException(
                TerminalText.Show($"There is no *.b64 and no *.xml in {path}.")
            );
        }
        var code = SamlCommand.Accepted;
        foreach (var file in files)
        {
            byte[] octets;
            try
            {
                octets = await Input.ReadAsync(file, cancellationToken);
            }
            catch (UnusableException e)
            {
                // The others are verified all the same; nobody may take this one for verified.
                await errors.WriteLineAsync(e.Message);
                code = SamlCommand.Unusable;
                continue;
            }
            var verdict = Verify(octets, file, rules);
            await output.WriteLineAsync(VerdictJson.Of(verdict, Path.GetFileName(file)));
            code = verdict.Accepted ? code : Math.Max(code, SamlCommand.Refused);
        }
        return code;
    }

    // The name decides where it can; else what stands in the file: base64 never begins as XML does.
    private static Verdict<VerifiedAssertion> Verify(
        byte[] octets,
        string path,
        ResponseRules rules
    )
    {
        var isXml = IsXml(path) || (!IsBase64(path) && LooksLikeXml(octets));
        return ResponseValidator.Validate(
            isXml ? Convert.ToBase64String(octets) : Encoding.UTF8.GetString(octets),
            rules
        );
    }

    private static bool IsXml(string path) =>
        path.EndsWith(".xml", StringComparison.OrdinalIgnoreCase);

    private static bool IsBase64(string path) =>
        path.EndsWith(".b64", StringComparison.OrdinalIgnoreCase);

    private static bool LooksLikeXml(ReadOnlySpan<byte> octets)
    {
        if (octets.StartsWith("\uFEFF"u8))
        {
            octets = octets[3..];
        }
        return octets.TrimStart(" \t\r\n"u8) is [(byte)'<', ..];
    }
}
