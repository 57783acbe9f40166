using Latchkey.Server.Mail.Templates;

namespace Latchkey.Server.Mail;

internal static class MailServices
{
    public static IServiceCollection AddMail(this IServiceCollection services)
    {
        services.AddSingleton<MailSettingsService>();
        services.AddSingleton<MailTemplateService>();
        services.AddSingleton<MailTransport>();
        services.AddSingleton<TestMail>();
        services.AddSingleton<MailBell>();
        services.AddSingleton<MailQueue>();
        services.AddSingleton<MailSender>();
        services.AddHostedService<MailDelivery>();
        return services;
    }
}
