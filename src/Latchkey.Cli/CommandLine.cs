using System.CommandLine;
using Latchkey.Cli.Server;

namespace Latchkey.Cli;

/// <summary>The commands.</summary>
internal static class CommandLine
{
    public static RootCommand Build() =>
        Saml.ExplainedCommand.ShowDetails(
            new("Latchkey's command line.")
            {
                AppCommands.Build(),
                ServerCommands.Export(),
                ServerCommands.Plan(),
                ServerCommands.Apply(),
                Saml.SamlCommand.Build(),
            }
        );
}
