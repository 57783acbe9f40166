using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Latchkey.Cli.Saml;

/// <summary>A command whose own help says more than the one line that lists show.</summary>
/// <param name="name">Its name.</param>
/// <param name="description">One line.</param>
/// <param name="details">What follows in its own help: how it takes its input, examples, exit codes.</param>
internal sealed class ExplainedCommand(string name, string description, string details)
    : Command(name, description)
{
    /// <summary>Lets the help of a command line show the details of its commands.</summary>
    public static RootCommand ShowDetails(RootCommand root)
    {
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new DetailedHelp((SynchronousCommandLineAction)help.Action!);
        return root;
    }

    private sealed class DetailedHelp(SynchronousCommandLineAction ordinary)
        : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            var code = ordinary.Invoke(parseResult);
            if (parseResult.CommandResult.Command is ExplainedCommand command)
            {
                parseResult.InvocationConfiguration.Output.WriteLine(command.Details);
            }
            return code;
        }
    }

    private string Details { get; } = details;
}
