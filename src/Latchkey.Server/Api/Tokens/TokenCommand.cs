using Latchkey.Server.Directory;
using Latchkey.Server.Insights;
using Latchkey.Server.Settings;
using Latchkey.Web.Texts;

namespace Latchkey.Server.Api.Tokens;

/// <summary><c>token create NAME --for USERNAME [--scopes a,b]</c>: the first API token, made by whoever has the server's database and master key.</summary>
internal static class TokenCommand
{
    public const string Usage =
        "usage: Latchkey.Server token create NAME --for USERNAME [--scopes SCOPE,SCOPE]";

    public static bool IsMeant(string[] args) => args is ["token", ..];

    public static async Task<int> RunAsync(string[] args, ServerOptions options)
    {
        if (
            args is not [_, "create", var name, "--for", var username, .. var rest]
            || rest is not ([] or ["--scopes", _])
        )
        {
            await Console.Error.WriteLineAsync(Usage);
            return 2;
        }
        await using var app = Program.Build([], options);
        await ServerStart.OpenAsync(app.Services, CancellationToken.None);
        await using var scope = app.Services.CreateAsyncScope();
        var services = scope.ServiceProvider;
        services.GetRequiredService<EventRecorder>().Actor = new EventActor(null, "token create");
        var user = await services.GetRequiredService<UserService>().FindByUsernameAsync(username);
        if (user is null)
        {
            await Console.Error.WriteLineAsync($"There is no user '{username}'.");
            return 1;
        }
        var created = await services
            .GetRequiredService<ApiTokenService>()
            .CreateAsync(
                name,
                user.Id,
                rest is [_, var scopes] ? scopes.Split(',', StringSplitOptions.TrimEntries) : null
            );
        if (!created.Ok)
        {
            var texts = services.GetRequiredService<ITexts>();
            foreach (var problem in created.Problems)
            {
                await Console.Error.WriteLineAsync(texts[$"problem.{problem.Code}", problem.Args]);
            }
            return 1;
        }
        // Alone on its line, for $(…).
        await Console.Out.WriteLineAsync(created.Value.Secret);
        return 0;
    }
}
