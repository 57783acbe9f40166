using System.CommandLine;

namespace Latchkey.Cli.Server;

/// <summary><c>latchkey app</c>: its commands, their arguments and options.</summary>
internal static class AppCommands
{
    public static Command Build() =>
        new("app", "Applications: list, show, create, update, delete, metadata, rotate.")
        {
            List(),
            Show(),
            Create(),
            Update(),
            Delete(),
            Metadata(),
            Rotate(),
        };

    private static Command List()
    {
        var search = new Option<string>("--search") { Description = "A part of a name." };
        var json = new Option<bool>("--json") { Description = "As JSON." };
        var command = new Command("list", "Lists applications: slug, kind, state, label.")
        {
            search,
            json,
        };
        return On(
            command,
            (app, parsed, ct) => app.ListAsync(parsed.GetValue(search), parsed.GetValue(json), ct)
        );
    }

    private static Command Show()
    {
        var name = Name();
        var command = new Command("show", "Shows an application as JSON.") { name };
        return On(command, (app, parsed, ct) => app.ShowAsync(parsed.GetValue(name)!, ct));
    }

    private static Command Create()
    {
        var (file, set) = (Fields(), Set());
        var metadata = new Option<string>("--sp-metadata")
        {
            Description = "The service provider's metadata: a file or an https address.",
        };
        var command = new Command("create", "Creates an application and shows it.")
        {
            file,
            set,
            metadata,
        };
        return On(
            command,
            (app, parsed, ct) =>
                app.CreateAsync(
                    parsed.GetValue(file),
                    parsed.GetValue(set) ?? [],
                    parsed.GetValue(metadata),
                    ct
                )
        );
    }

    private static Command Update()
    {
        var (name, file, set) = (Name(), Fields(), Set());
        var command = new Command("update", "Changes the fields that are named and no others.")
        {
            name,
            file,
            set,
        };
        return On(
            command,
            (app, parsed, ct) =>
                app.UpdateAsync(
                    parsed.GetValue(name)!,
                    parsed.GetValue(file),
                    parsed.GetValue(set) ?? [],
                    ct
                )
        );
    }

    private static Command Delete()
    {
        var name = Name();
        var yes = new Option<bool>("--yes") { Description = "Really." };
        var command = new Command("delete", "Deletes an application with its certificates.")
        {
            name,
            yes,
        };
        return On(
            command,
            (app, parsed, ct) => app.DeleteAsync(parsed.GetValue(name)!, parsed.GetValue(yes), ct)
        );
    }

    private static Command Metadata()
    {
        var name = Name();
        var output = new Option<FileInfo>("--output", "-o")
        {
            Description = "The file to write; standard output without it.",
        };
        var command = new Command("metadata", "Fetches our metadata for an application.")
        {
            name,
            output,
        };
        return On(
            command,
            (app, parsed, ct) =>
                app.MetadataAsync(parsed.GetValue(name)!, parsed.GetValue(output), ct)
        );
    }

    private static Command Rotate()
    {
        var name = Name();
        var show = new Option<bool>("--show") { Description = "Only list the certificates." };
        var key = new Option<string>("--key")
        {
            Description = "The next key: rsa-2048, rsa-3072, rsa-4096 or p-256.",
        };
        var now = new Option<bool>("--switch") { Description = "Let the next key sign." };
        var at = new Option<string>("--at")
        {
            Description = "With --switch: when, such as 2027-01-31T18:00:00Z.",
        };
        var undo = new Option<bool>("--undo") { Description = "Take the last step back." };
        var command = new Command(
            "rotate",
            "Rotates the signing key: first publishes the next certificate, then --switch."
        )
        {
            name,
            show,
            key,
            now,
            at,
            undo,
        };
        return On(
            command,
            (app, parsed, ct) =>
                app.RotateAsync(
                    parsed.GetValue(name)!,
                    new RotationStep(
                        parsed.GetValue(show),
                        parsed.GetValue(now),
                        parsed.GetValue(undo),
                        parsed.GetValue(key),
                        parsed.GetValue(at)
                    ),
                    ct
                )
        );
    }

    private static Command On(
        Command command,
        Func<AppCommand, ParseResult, CancellationToken, Task<int>> run
    )
    {
        var server = new ServerOptions();
        command.SetAction(
            (parsed, ct) =>
                run(new AppCommand(server.Read(parsed), Console.Out, Console.Error), parsed, ct)
        );
        return server.On(command);
    }

    private static Argument<string> Name() => new("APP") { Description = "Slug or id." };

    private static Argument<FileInfo?> Fields() =>
        new("FILE")
        {
            Arity = ArgumentArity.ZeroOrOne,
            Description = "Fields in the words of the declaration file, YAML or JSON.",
        };

    private static Option<string[]> Set() =>
        new("--set")
        {
            Description =
                "NAME=VALUE, as in name_id.format=persistent or active=true; may be given several times.",
        };
}
