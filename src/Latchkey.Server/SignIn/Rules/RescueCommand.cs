using Latchkey.Server.Directory;
using Latchkey.Server.Insights;
using Latchkey.Server.Problems;
using Latchkey.Server.Roles;
using Latchkey.Server.Settings;
using Latchkey.Server.SignIn.Factors;
using Latchkey.Web.Texts;

namespace Latchkey.Server.SignIn.Rules;

/// <summary>For whoever has the server's database and master key, when nobody can sign in to the administration any more: <c>rescue factors USERNAME</c> takes a user's factors away, <c>rescue owner USERNAME</c> makes a user an owner, <c>rescue password USERNAME</c> gives a user a password for one sign-in.</summary>
internal static class RescueCommand
{
    public const string Usage = "usage: Latchkey.Server rescue factors|owner|password USERNAME";

    public static bool IsMeant(string[] args) => args is ["rescue", ..];

    /// <param name="args">The command line.</param>
    /// <param name="options">The server's.</param>
    /// <param name="console">Takes what was done.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args, ServerOptions options, TextWriter console)
    {
        if (args is not [_, "factors" or "owner" or "password", var username])
        {
            await Console.Error.WriteLineAsync(Usage);
            return 2;
        }
        await using var app = Program.Build([], options);
        await ServerStart.OpenAsync(app.Services, CancellationToken.None);
        await using var scope = app.Services.CreateAsyncScope();
        var services = scope.ServiceProvider;
        services.GetRequiredService<EventRecorder>().Actor = new EventActor(
            null,
            $"rescue {args[1]}"
        );
        var user = await services.GetRequiredService<UserService>().FindByUsernameAsync(username);
        if (user is null)
        {
            await Console.Error.WriteLineAsync($"There is no user '{username}'.");
            return 1;
        }
        if (args[1] == "owner")
        {
            return await MakeOwnerAsync(services, user, console);
        }
        if (args[1] == "password")
        {
            return await GivePasswordAsync(services, user, console);
        }
        await services.GetRequiredService<FactorSetup>().ResetAsync(user, CancellationToken.None);
        await console.WriteLineAsync(
            $"{user.Username} signs in with the password alone now, and has time to set a factor up."
        );
        return 0;
    }

    private static async Task<int> MakeOwnerAsync(
        IServiceProvider services,
        User user,
        TextWriter console
    )
    {
        var input = UserInput.From(user) with { Role = Role.Owner, State = UserState.Activated };
        var made = await services
            .GetRequiredService<UserService>()
            .UpdateAsync(user.Id, input, user.Version);
        if (!made.Ok)
        {
            return await RefuseAsync(services, made.Problems);
        }
        await console.WriteLineAsync($"{user.Username} is an owner now.");
        return 0;
    }

    private static async Task<int> GivePasswordAsync(
        IServiceProvider services,
        User user,
        TextWriter console
    )
    {
        var given = await services
            .GetRequiredService<UserPasswords>()
            .SetAsync(user.Id, password: null, mustChange: true);
        if (!given.Ok)
        {
            return await RefuseAsync(services, given.Problems);
        }
        // Alone on its line, for $(…).
        await console.WriteLineAsync(given.Value.Password);
        return 0;
    }

    private static async Task<int> RefuseAsync(
        IServiceProvider services,
        IReadOnlyList<Problem> problems
    )
    {
        var texts = services.GetRequiredService<ITexts>();
        foreach (var problem in problems)
        {
            await Console.Error.WriteLineAsync(texts.Say(problem));
        }
        return 1;
    }
}
