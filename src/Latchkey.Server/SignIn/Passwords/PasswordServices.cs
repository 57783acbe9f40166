using Latchkey.Server.Directory;
using Latchkey.Server.SignIn.Passwords.Imported;
using Microsoft.AspNetCore.Identity;

namespace Latchkey.Server.SignIn.Passwords;

internal static class PasswordServices
{
    public static void AddPasswords(this IServiceCollection services)
    {
        services.AddSingleton<HashShapes>();
        services.AddSingleton<PasswordHashing>();
        services.AddSingleton<PasswordLocks>();
        services.AddSingleton<PasswordService>();
        services.AddSingleton<NewPasswords>();
        services.AddSingleton<LockoutNotice>();
        services.AddHostedService<LockoutMails>();
        services.AddSingleton<PasswordExpiryMails>();
        services.AddHostedService<PasswordExpiryClock>();
        services.AddScoped<WrongPasswords>();
        services.AddScoped<PasswordStep>();
        services.AddScoped<NewPasswordStep>();
        services.AddScoped<PasswordPolicyService>();
        services.AddSingleton<IPasswordHasher<User>, PasswordHasher<User>>();
        services
            .AddOptions<PasswordHasherOptions>()
            .Configure<SignInLimits>(
                (hasher, options) => hasher.IterationCount = options.PasswordRounds
            );
    }
}
