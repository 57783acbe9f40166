using System.Text;
using Latchkey.Server.Insights;
using Latchkey.Server.Settings;
using Latchkey.Web.Texts;

namespace Latchkey.Server.Api.Declaration;

/// <summary>Applies <c>LATCHKEY_BOOTSTRAP_FILE</c> at the start. A file with problems stops it: half of a set-up is worse than none.</summary>
internal static partial class Bootstrap
{
    public static async Task RunAsync(
        IServiceProvider services,
        CancellationToken cancellationToken
    )
    {
        var file = services.GetRequiredService<ServerOptions>().BootstrapFile;
        if (file is null)
        {
            return;
        }
        await using var scope = services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<EventRecorder>().Actor = new EventActor(
            null,
            "LATCHKEY_BOOTSTRAP_FILE"
        );
        var problems = new DeclarationProblems();
        var plan = await scope
            .ServiceProvider.GetRequiredService<DeclarationService>()
            .RunAsync(
                await ReadAsync(file, cancellationToken),
                MetadataFiles.In(Path.GetDirectoryName(file)!),
                problems,
                apply: true,
                cancellationToken
            );
        if (plan is null)
        {
            var texts = scope.ServiceProvider.GetRequiredService<ITexts>();
            throw new StartRefusedException(
                "LATCHKEY_BOOTSTRAP_FILE has these problems, and nothing of it was applied:"
                    + string.Concat(
                        problems.All.Select(p => $"\n  {file}:{p.Line}: {p.Text(texts)}")
                    )
            );
        }
        var log = services
            .GetRequiredService<ILoggerFactory>()
            .CreateLogger("Latchkey.Server.Bootstrap");
        foreach (var change in plan.Changes.Where(c => c.Action != "unchanged"))
        {
            LogChange(log, change.Action, change.Kind, change.Name);
        }
    }

    private static async Task<string> ReadAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            return await File.ReadAllTextAsync(file, Encoding.UTF8, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartRefusedException(
                $"LATCHKEY_BOOTSTRAP_FILE names the file '{file}', which cannot be read: {e.Message.TrimEnd('.')}.",
                e
            );
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Bootstrap: {Action} {Kind} {Name}")]
    private static partial void LogChange(ILogger log, string action, string kind, string name);
}
