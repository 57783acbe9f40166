using System.CommandLine;
using System.Security.Cryptography;

namespace Latchkey.Cli.Saml;

/// <summary><c>latchkey saml</c>: tools for those who connect the two sides of a sign-in.</summary>
internal static class SamlCommand
{
    /// <summary>Done; accepted.</summary>
    public const int Accepted = 0;

    /// <summary>The message or the metadata is refused, or cannot be read.</summary>
    public const int Refused = 1;

    /// <summary>Unusable arguments.</summary>
    public const int Unusable = 2;

    public static Command Build() =>
        new("saml", "Reads, checks and makes SAML messages. Nothing is sent anywhere.")
        {
            DecodeCommand.Build(),
            VerifyCommand.Build(),
            MetadataCommand.Build(),
            SignCommand.Build(),
            RequestCommand.Build(),
        };

    /// <summary>Gives a command its action: what makes the arguments unusable becomes one sentence and exit code 2.</summary>
    public static Command Does(
        this Command command,
        Func<ParseResult, TextWriter, CancellationToken, Task<int>> action
    )
    {
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var configuration = parsed.InvocationConfiguration;
                try
                {
                    return await action(parsed, configuration.Output, cancellationToken);
                }
                catch (Exception e)
                    when (e is UnusableException or CryptographicException or ArgumentException)
                {
                    // .NET adds the name of a parameter, which says nothing to a user.
                    var sentence = e is ArgumentException { ParamName: { } name }
                        ? e.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal)
                        : e.Message;
                    await configuration.Error.WriteLineAsync(sentence);
                    return Unusable;
                }
            }
        );
        return command;
    }
}
