namespace Latchkey.Server.SignIn.Sessions;

internal static class SessionServices
{
    public static void AddSessions(this IServiceCollection services)
    {
        services.AddSingleton<SessionService>();
        services.AddSingleton<SessionList>();
        services.AddScoped<SessionEnding>();
        services.AddScoped<SessionSettingsService>();
        services.AddSingleton<KnownBrowsers>();
        services.AddSingleton<NewBrowserNotice>();
    }
}
