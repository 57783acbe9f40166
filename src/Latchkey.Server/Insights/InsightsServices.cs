namespace Latchkey.Server.Insights;

internal static class InsightsServices
{
    public static IServiceCollection AddInsights(this IServiceCollection services)
    {
        services.AddHttpContextAccessor();
        services.AddSingleton<EventLog>();
        services.AddScoped<EventRecorder>();
        services.AddSingleton<EventQueries>();
        services.AddSingleton<EventExport>();
        services.AddSingleton<PeopleCounts>();
        services.AddSingleton<DashboardQueries>();
        services.AddScoped<EventRetention>();
        services.AddHostedService<EventHousekeeping>();
        return services;
    }
}
