using Latchkey.Server.Storage;
using Microsoft.AspNetCore.Diagnostics;

namespace Latchkey.Server.Problems;

/// <summary>A browser that gets no page for its address gets one that says so; programs get the bare status.</summary>
internal static class StatusPages
{
    /// <summary>Never asked for by its own address.</summary>
    public const string Address = "/status";

    public static IApplicationBuilder UseStatusPages(this IApplicationBuilder app) =>
        app.UseWhen(
            context => IsRead(context.Request),
            pages =>
            {
                pages.UseExceptionHandler(
                    new ExceptionHandlerOptions
                    {
                        ExceptionHandlingPath = Address,
                        StatusCodeSelector = fault =>
                            DatabaseAway.IsCauseOf(fault)
                                ? StatusCodes.Status503ServiceUnavailable
                                : StatusCodes.Status500InternalServerError,
                    }
                );
                pages.UseStatusCodePagesWithReExecute(Address);
            }
        );

    /// <summary>Whether this request is answered in the place of one that failed.</summary>
    public static bool IsInPlaceOfAnother(HttpContext context) =>
        context.Features.Get<IStatusCodeReExecuteFeature>() is not null
        || context.Features.Get<IExceptionHandlerFeature>() is not null;

    /// <summary>Whether it failed because the database is away: then this answer has to do without.</summary>
    public static bool IsWithoutDatabase(HttpContext context) =>
        DatabaseAway.IsCauseOf(context.Features.Get<IExceptionHandlerFeature>()?.Error);

    private static bool IsRead(HttpRequest request) =>
        !request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)
        && request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal);
}
