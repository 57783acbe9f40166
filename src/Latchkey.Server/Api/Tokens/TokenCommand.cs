using System.Globalization;
using Latchkey.Server.Directory;
using Latchkey.Server.Insights;
using Latchkey.Server.Settings;
using Latchkey.Web.Texts;

namespace Latchkey.Server.Api.Tokens;

/// <summary><c>token create NAME --for USERNAME [--scopes a,b] [--days N]</c>: the first API token, made by whoever has the server's database and master key.</summary>
internal static class TokenCommand
{
    public const string Usage =
        "usage: Latchkey.Server token create NAME --for USERNAME [--scopes SCOPE,SCOPE] [--days DAYS]";

    private const int LongestDays = 3650;

    public static bool IsMeant(string[] args) => args is ["token", ..];

    /// <param name="args">The command line.</param>
    /// <param name="options">The server's.</param>
    /// <param name="console">Takes the token.</param>
    /// <param name="errors">Takes why there is none.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(
        string[] args,
        ServerOptions options,
        TextWriter console,
        TextWriter errors
    )
    {
        if (
            args is not [_, "create", var name, "--for", var username, .. var rest]
            || !TryRead(rest, out var scopes, out var days)
        )
        {
            await errors.WriteLineAsync(Usage);
            return 2;
        }
        await using var app = Program.Build([], options);
        await ServerStart.OpenAsync(app.Services, CancellationToken.None);
        await using var scope = app.Services.CreateAsyncScope();
        var services = scope.ServiceProvider;
        services.GetRequiredService<EventRecorder>().Actor = new EventActor(
            null,
            "token create",
            EventWay.CommandLine
        );
        var user = await services.GetRequiredService<UserService>().FindByUsernameAsync(username);
        if (user is null)
        {
            await errors.WriteLineAsync($"There is no user '{username}'.");
            return 1;
        }
        var created = await services
            .GetRequiredService<ApiTokenService>()
            .CreateAsync(
                name,
                user.Id,
                scopes,
                days is { } counted
                    ? services.GetRequiredService<TimeProvider>().GetUtcNow().AddDays(counted)
                    : null
            );
        if (!created.Ok)
        {
            var texts = services.GetRequiredService<ITexts>();
            foreach (var problem in created.Problems)
            {
                await errors.WriteLineAsync(texts[$"problem.{problem.Code}", problem.Args]);
            }
            return 1;
        }
        // Alone on its line, for $(…).
        await console.WriteLineAsync(created.Value.Secret);
        return 0;
    }

    private static bool TryRead(string[] options, out string[]? scopes, out int? days)
    {
        (scopes, days) = (null, null);
        foreach (var option in options.Chunk(2))
        {
            switch (option)
            {
                case ["--scopes", var listed] when scopes is null:
                    scopes = listed.Split(',', StringSplitOptions.TrimEntries);
                    break;
                case ["--days", var typed]
                    when days is null
                        && int.TryParse(
                            typed,
                            NumberStyles.None,
                            CultureInfo.InvariantCulture,
                            out var counted
                        )
                        && counted is > 0 and <= LongestDays:
                    days = counted;
                    break;
                default:
                    return false;
            }
        }
        return true;
    }
}
