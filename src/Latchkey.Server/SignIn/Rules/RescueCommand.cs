using Latchkey.Server.Directory;
using Latchkey.Server.Insights;
using Latchkey.Server.Settings;
using Latchkey.Server.SignIn.Factors;

namespace Latchkey.Server.SignIn.Rules;

/// <summary><c>rescue factors USERNAME</c>: takes a user's factors away, for whoever has the server's database and master key, when no administrator can sign in any more.</summary>
internal static class RescueCommand
{
    public const string Usage = "usage: Latchkey.Server rescue factors USERNAME";

    public static bool IsMeant(string[] args) => args is ["rescue", ..];

    public static async Task<int> RunAsync(string[] args, ServerOptions options)
    {
        if (args is not [_, "factors", var username])
        {
            await Console.Error.WriteLineAsync(Usage);
            return 2;
        }
        await using var app = Program.Build([], options);
        await ServerStart.OpenAsync(app.Services, CancellationToken.None);
        await using var scope = app.Services.CreateAsyncScope();
        var services = scope.ServiceProvider;
        services.GetRequiredService<EventRecorder>().Actor = new EventActor(null, "rescue factors");
        var user = await services.GetRequiredService<UserService>().FindByUsernameAsync(username);
        if (user is null)
        {
            await Console.Error.WriteLineAsync($"There is no user '{username}'.");
            return 1;
        }
        await services.GetRequiredService<FactorSetup>().ResetAsync(user, CancellationToken.None);
        await Console.Out.WriteLineAsync(
            $"{user.Username} signs in with the password alone now, and has time to set a factor up."
        );
        return 0;
    }
}
