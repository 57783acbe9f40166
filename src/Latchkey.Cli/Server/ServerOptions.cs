using System.CommandLine;

namespace Latchkey.Cli.Server;

/// <summary>The options that every command has which calls a server.</summary>
internal sealed class ServerOptions
{
    public Option<Uri> Server { get; } =
        new("--server")
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

    public Option<string> Token { get; } =
        new("--token")
        {
            // In a process list every user of the machine can read it; the variable is the better place.
            Description = "An API token. Default: LATCHKEY_TOKEN.",
            DefaultValueFactory = _ => Environment.GetEnvironmentVariable("LATCHKEY_TOKEN") ?? "",
        };

    public Command On(Command command)
    {
        command.Add(Server);
        command.Add(Token);
        return command;
    }

    public ServerAddress Read(ParseResult parsed) =>
        new(parsed.GetValue(Server), parsed.GetValue(Token) ?? "");
}
