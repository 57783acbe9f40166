using Latchkey.Server.Directory.Accounts;
using Latchkey.Server.Directory.Attributes;
using Latchkey.Server.Directory.Import;
using Latchkey.Server.Directory.Rules;

namespace Latchkey.Server.Directory;

internal static class DirectoryServices
{
    public static IServiceCollection AddDirectory(this IServiceCollection services)
    {
        services.AddScoped<UserService>();
        services.AddScoped<UserWriter>();
        services.AddScoped<UserPasswords>();
        services.AddScoped<UserSurroundings>();
        services.AddScoped<BulkActions>();
        services.AddScoped<GroupService>();
        services.AddScoped<GroupMembers>();
        services.AddSingleton<DirectoryQueries>();
        services.AddSingleton<DirectoryPages>();
        services.AddAccounts();
        services.AddImport();
        services.AddScoped<AttributeDefinitions>();
        services.AddSingleton<InheritedAttributes>();
        services.AddScoped<RuleMembership>();
        services.AddHostedService<RuleCatchUp>();
        return services;
    }

    private static void AddImport(this IServiceCollection services)
    {
        services.AddSingleton<ImportFile>();
        services.AddScoped<ImportBatch>();
        services.AddScoped<ImportPhases>();
        services.AddScoped<UserImports>();
        services.AddSingleton<ImportRunner>();
        services.AddHostedService<ImportClock>();
        services.AddSingleton<UserExport>();
    }

    private static void AddAccounts(this IServiceCollection services)
    {
        services.AddSingleton<AccountLinks>();
        services.AddScoped<ActivationMails>();
        services.AddSingleton<PasswordNotice>();
        services.AddSingleton<PasswordReset>();
        services.AddSingleton<PasswordResetMails>();
        services.AddHostedService(provider => provider.GetRequiredService<PasswordResetMails>());
        services.AddScoped<UserStates>();
        services.AddHostedService<UserStateClock>();
        services.AddScoped<StartingStates>();
    }
}
