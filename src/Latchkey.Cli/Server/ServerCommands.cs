using System.CommandLine;

namespace Latchkey.Cli.Server;

/// <summary>The commands that call a server: their arguments and options.</summary>
internal static class ServerCommands
{
    public static Command Apply()
    {
        var (server, file) = (new ServerOptions(), Declaration());
        var plan = new Option<bool>("--plan") { Description = "Only show what would change." };
        var command = new Command(
            "apply",
            "Makes the server what a file declares: all of it or nothing."
        )
        {
            file,
            plan,
        };
        command.SetAction(
            (parsed, ct) =>
                new ApplyCommand(Console.Out, Console.Error).RunAsync(
                    parsed.GetValue(file)!,
                    server.Read(parsed),
                    parsed.GetValue(plan),
                    ct
                )
        );
        return server.On(command);
    }

    public static Command Plan()
    {
        var (server, file) = (new ServerOptions(), Declaration());
        var command = new Command("plan", "Shows what applying a file would change.") { file };
        command.SetAction(
            (parsed, ct) =>
                new ApplyCommand(Console.Out, Console.Error).RunAsync(
                    parsed.GetValue(file)!,
                    server.Read(parsed),
                    planOnly: true,
                    ct
                )
        );
        return server.On(command);
    }

    public static Command Export()
    {
        var server = new ServerOptions();
        var output = new Option<FileInfo>("--output", "-o")
        {
            Description = "The file to write; standard output without it.",
        };
        var without = new Option<bool>("--no-passwords")
        {
            Description = "Leave out the references to passwords: new users choose one by mail.",
        };
        var command = new Command("export", "Writes the whole organization as a file for apply.")
        {
            output,
            without,
        };
        command.SetAction(
            (parsed, ct) =>
                new ExportCommand(Console.Out, Console.Error).RunAsync(
                    server.Read(parsed),
                    parsed.GetValue(output),
                    !parsed.GetValue(without),
                    ct
                )
        );
        return server.On(command);
    }

    private static Argument<FileInfo> Declaration() =>
        new("FILE")
        {
            Description =
                "The declaration, a YAML file. Files that it names count from its folder.",
        };
}
