using System.CommandLine;

namespace Latchkey.Cli;

/// <summary>The commands, their arguments and options.</summary>
internal static class CommandLine
{
    public static RootCommand Build() =>
        Saml.ExplainedCommand.ShowDetails(
            new("Latchkey's command line.") { Apply(), Saml.SamlCommand.Build() }
        );

    private static Command Apply()
    {
        var file = new Argument<FileInfo>("FILE")
        {
            Description =
                "The declaration, a YAML file. Metadata files that it names count from its folder.",
        };
        var server = new Option<Uri>("--server")
        {
            Description = "The server's public address. Default: LATCHKEY_SERVER.",
            DefaultValueFactory = _ =>
                Uri.TryCreate(
                    Environment.GetEnvironmentVariable("LATCHKEY_SERVER"),
                    UriKind.Absolute,
                    out var address
                )
                    ? address
                    : null!,
        };
        var token = new Option<string>("--token")
        {
            // In a process list every user of the machine can read it; the variable is the better place.
            Description = "An API token of an administrator. Default: LATCHKEY_TOKEN.",
            DefaultValueFactory = _ => Environment.GetEnvironmentVariable("LATCHKEY_TOKEN") ?? "",
        };
        var plan = new Option<bool>("--plan") { Description = "Only show what would change." };
        var command = new Command("apply", "Makes the server what a file declares.")
        {
            file,
            server,
            token,
            plan,
        };
        command.SetAction(
            (parsed, cancellationToken) =>
                new ApplyCommand(Console.Out, Console.Error).RunAsync(
                    parsed.GetValue(file)!,
                    parsed.GetValue(server),
                    parsed.GetValue(token) ?? "",
                    parsed.GetValue(plan),
                    cancellationToken
                )
        );
        return command;
    }
}
