using Latchkey.Server.Directory;
using Latchkey.Server.Settings;
using Microsoft.AspNetCore.Identity;

namespace Latchkey.Server.SignIn.Factors;

internal static class FactorServices
{
    public static IServiceCollection AddFactors(this IServiceCollection services)
    {
        services.AddSingleton<AuthenticatorService>();
        services.AddSingleton<RecoveryCodes>();
        services.AddSingleton<EnrolmentNotice>();
        services.AddSingleton<FactorDemands>();
        services.AddScoped<FactorRulesService>();
        services.AddScoped<FactorExclusions>();
        services.AddScoped<FactorNotice>();
        services.AddScoped<FactorStep>();
        services.AddScoped<FactorSetup>();
        services.AddScoped<PasskeyService>();

        // Of Identity only what checks the ceremonies of passkeys, with the user manager that it asks.
        services.AddScoped<PasskeyStore>();
        services.AddScoped<IUserStore<User>>(s => s.GetRequiredService<PasskeyStore>());
        services.AddIdentityCore<User>();
        services.AddScoped<IPasskeyHandler<User>, PasskeyHandler<User>>();
        services
            .AddOptions<IdentityPasskeyOptions>()
            .Configure<ServerOptions>(
                (passkeys, server) =>
                {
                    passkeys.ServerDomain = server.PublicUrl.Host;
                    passkeys.ResidentKeyRequirement = "required";
                    passkeys.UserVerificationRequirement = "required";
                    var origin = server.PublicUrl.GetLeftPart(UriPartial.Authority);
                    passkeys.ValidateOrigin = context =>
                        ValueTask.FromResult(
                            !context.CrossOrigin
                                && string.Equals(context.Origin, origin, StringComparison.Ordinal)
                        );
                }
            );
        return services;
    }
}
