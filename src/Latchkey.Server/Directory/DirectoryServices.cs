namespace Latchkey.Server.Directory;

internal static class DirectoryServices
{
    public static IServiceCollection AddDirectory(this IServiceCollection services)
    {
        services.AddScoped<UserService>();
        services.AddScoped<GroupService>();
        services.AddSingleton<DirectoryQueries>();
        return services;
    }
}
