using Latchkey.Server.Directory;
using Latchkey.Server.Directory.Accounts;
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
    /// <param name="errors">Takes why it was not, and what is still in the way.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(
        string[] args,
        ServerOptions options,
        TextWriter console,
        TextWriter errors
    )
    {
        if (args is not [_, "factors" or "owner" or "password", var username])
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
            $"rescue {args[1]}",
            EventWay.CommandLine
        );
        var user = await services.GetRequiredService<UserService>().FindByUsernameAsync(username);
        if (user is null)
        {
            await errors.WriteLineAsync($"There is no user '{username}'.");
            return 1;
        }
        var problems = args[1] switch
        {
            "owner" => await MakeOwnerAsync(services, user, console),
            "password" => await GivePasswordAsync(services, user, console, errors),
            _ => await ResetFactorsAsync(services, user, console),
        };
        var texts = services.GetRequiredService<ITexts>();
        foreach (var problem in problems)
        {
            await errors.WriteLineAsync(texts.Say(problem));
        }
        return problems.Count > 0 ? 1 : 0;
    }

    private static async Task<IReadOnlyList<Problem>> ResetFactorsAsync(
        IServiceProvider services,
        User user,
        TextWriter console
    )
    {
        var setup = services.GetRequiredService<FactorSetup>();
        if (await setup.ResetAsync(user, CancellationToken.None) is { } problem)
        {
            return [problem];
        }
        await console.WriteLineAsync(
            $"{user.Username} signs in with the password alone now, and has time to set a factor up."
        );
        return [];
    }

    private static async Task<IReadOnlyList<Problem>> MakeOwnerAsync(
        IServiceProvider services,
        User user,
        TextWriter console
    )
    {
        // Planned before it was an owner's: it would put out whoever was just let in.
        var cancelled = await services
            .GetRequiredService<UserStates>()
            .CancelAsync(user.Id, UserState.Suspended);
        if (!cancelled.Ok)
        {
            return cancelled.Problems;
        }
        user = cancelled.Value;
        var input = UserInput.From(user) with { Role = Role.Owner, State = UserState.Activated };
        var made = await services
            .GetRequiredService<UserService>()
            .UpdateAsync(user.Id, input, user.Version);
        if (made.Ok)
        {
            await console.WriteLineAsync($"{user.Username} is an owner now.");
        }
        return made.Problems;
    }

    private static async Task<IReadOnlyList<Problem>> GivePasswordAsync(
        IServiceProvider services,
        User user,
        TextWriter console,
        TextWriter errors
    )
    {
        var given = await services
            .GetRequiredService<UserPasswords>()
            .SetAsync(user.Id, password: null, mustChange: true);
        if (!given.Ok)
        {
            return given.Problems;
        }
        // Alone on its line, for $(…).
        await console.WriteLineAsync(given.Value.Password);
        if (user.State != UserState.Activated)
        {
            await errors.WriteLineAsync(
                $"{user.Username} is {UserChanges.Name(user.State)} and cannot sign in, whatever the password. "
                    + "Make the user active, or an owner: rescue owner."
            );
        }
        return [];
    }
}
