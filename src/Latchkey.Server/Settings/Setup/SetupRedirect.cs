namespace Latchkey.Server.Settings.Setup;

/// <summary>While there is no administrator, whoever opens the admin portal is led to the set-up; nobody could sign in to it.</summary>
internal static class SetupRedirect
{
    public static void UseSetup(this WebApplication app)
    {
        var setup = app.Services.GetRequiredService<SetupService>();
        app.Use(
            async (context, next) =>
            {
                if (
                    context.Request.Path.StartsWithSegments(
                        "/admin",
                        StringComparison.OrdinalIgnoreCase
                    ) && await setup.IsOpenAsync(context.RequestAborted)
                )
                {
                    context.Response.Redirect("/setup");
                    return;
                }
                await next(context);
            }
        );
    }
}
