using System.CommandLine;
using Latchkey.Saml.Messages;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Requests;

namespace Latchkey.Cli.Saml;

/// <summary><c>latchkey saml request</c>: makes an AuthnRequest, for identity providers that test their own side.</summary>
internal static class RequestCommand
{
    private const string Summary =
        "Makes an AuthnRequest for a test of your own identity provider.";

    private const string Details = """
        Prints the URL to open in a browser (HTTP-Redirect), or the base64 that belongs in the form field SAMLRequest
        (HTTP-POST). The request's ID goes to standard error; latchkey saml verify wants it as --request-id.

        Examples:
          latchkey saml request --issuer urn:app --destination https://idp.test/sso
          latchkey saml request --issuer urn:app --idp-metadata idp.xml --acs https://app.test/saml/acs \
            --name-id-format persistent --force-authn --relay-state /start --key key.pem --certificate cert.pem
          latchkey saml request --issuer urn:app --idp-metadata idp.xml --binding post

        Exit code: 0 made, 2 unusable arguments.
        """;

    public static Command Build()
    {
        var signing = new SigningOptions(required: false);
        var issuer = new Option<string>("--issuer")
        {
            Description = "The service provider's entity ID.",
            HelpName = "ID",
            Required = true,
        };
        var destination = Text("--destination", "URL", "The single sign-on service's address.");
        var metadata = Text("--idp-metadata", "FILE", "Metadata to take that address from.");
        var provider = Text(
            "--idp-entity-id",
            "ID",
            "Which identity provider, when the metadata describes several."
        );
        var acs = Text("--acs", "URL", "Where the Response is wanted.");
        var index = new Option<int?>("--acs-index")
        {
            Description = "Where the Response is wanted, by its index in the metadata.",
            HelpName = "NUMBER",
        };
        var id = Text("--id", "ID", "The request's ID. Default: random.");
        var format = Text("--name-id-format", "FORMAT", NameIdFormatNames.Description);
        var contexts = new Option<string[]>("--authn-context")
        {
            Description = "A class of authentication that is wanted; may be given several times.",
            HelpName = "URI",
            DefaultValueFactory = _ => [],
        };
        var force = new Option<bool>("--force-authn") { Description = "Ask for a fresh proof." };
        var passive = new Option<bool>("--passive") { Description = "Nothing may be shown." };
        var relayState = Text("--relay-state", "TEXT", "Comes back with the Response.");
        var now = Text("--now", "TIME", "When it is made. Default: now.");
        var binding = new Option<string>("--binding")
        {
            Description = "How it is sent.",
            DefaultValueFactory = _ => "redirect",
        };
        binding.AcceptOnlyFromAmong("redirect", "post");
        var command = new ExplainedCommand("request", Summary, Details)
        {
            issuer,
            destination,
            metadata,
            provider,
            binding,
            acs,
            index,
            format,
            contexts,
            force,
            passive,
            relayState,
            id,
            now,
        };
        signing.AddTo(command);
        return command.Does(
            async (parsed, output, cancellationToken) =>
            {
                var time = Input.Time("--now", parsed.GetValue(now), TimeProvider.System);
                var isRedirect = parsed.GetValue(binding) == "redirect";
                var address =
                    parsed.GetValue(destination)
                    ?? await AddressAsync(
                        parsed.GetValue(metadata),
                        parsed.GetValue(provider),
                        isRedirect ? SamlBindings.Redirect : SamlBindings.Post,
                        time,
                        cancellationToken
                    );
                if (!isRedirect && parsed.GetValue(relayState) is not null)
                {
                    throw new UnusableException(
                        "--relay-state has no place in a form value; post it as a field of its own."
                    );
                }
                var classes = parsed.GetValue(contexts)!;
                var request = new AuthnRequest
                {
                    Id = parsed.GetValue(id) ?? IdSource.Random.Next(),
                    IssueInstant = time,
                    Issuer = Input.NotEmpty("--issuer", parsed.GetValue(issuer)),
                    Destination = Input.NotEmpty("--destination", address),
                    AssertionConsumerServiceUrl = parsed.GetValue(acs),
                    AssertionConsumerServiceIndex = parsed.GetValue(index),
                    ForceAuthn = parsed.GetValue(force),
                    IsPassive = parsed.GetValue(passive),
                    NameIdPolicy = parsed.GetValue(format) is { } wanted
                        ? new NameIdPolicy(NameIdFormatNames.UriOf(wanted), AllowCreate: true)
                        : null,
                    RequestedAuthnContext =
                        classes.Length == 0 ? null : new RequestedAuthnContext(classes),
                };
                using var key = await signing.KeyAsync(parsed, cancellationToken);
                var algorithm = signing.AlgorithmOf(parsed, key);
                await output.WriteLineAsync(
                    isRedirect
                        ? MessageWriter.ToRedirectUrl(
                            request,
                            address,
                            parsed.GetValue(relayState),
                            key,
                            algorithm
                        )
                        : MessageWriter.ToFormValue(request, key, algorithm)
                );
                await parsed.InvocationConfiguration.Error.WriteLineAsync($"ID: {request.Id}");
                return SamlCommand.Accepted;
            }
        );
    }

    private static async Task<string> AddressAsync(
        string? metadata,
        string? entityId,
        string binding,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        if (metadata is null)
        {
            throw new UnusableException("Where to? Give --destination or --idp-metadata.");
        }
        var entity = await IdentityProviderFile.ReadAsync(
            metadata,
            entityId,
            now,
            cancellationToken
        );
        return entity
                .IdentityProvider!.SingleSignOnServices.FirstOrDefault(service =>
                    service.Binding == binding
                )
                ?.Location
            ?? throw new UnusableException(
                TerminalText.Show($"{entity.EntityId} has no single sign-on service for {binding}.")
            );
    }

    private static Option<string?> Text(string name, string helpName, string description) =>
        new(name) { Description = description, HelpName = helpName };
}
