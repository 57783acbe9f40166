using Latchkey.Web.Language;
using Latchkey.Web.Texts;
using Latchkey.Web.Theme;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Latchkey.Web.Choices;

/// <summary>Takes what somebody chose for this browser from a plain form, the colours or the language, and goes back to the page.</summary>
internal static class ChoiceEndpoint
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        Map(endpoints, "theme", PageTheme.ChoiceCookie, (_, value) => value is "light" or "dark");
        Map(
            endpoints,
            "language",
            RequestLanguage.ChoiceCookie,
            (context, value) =>
                context.RequestServices.GetRequiredService<ITexts>().Find(value) is not null
        );
    }

    /// <param name="endpoints">Where it is added.</param>
    /// <param name="field">The form's field, and the address.</param>
    /// <param name="cookie">Where the choice is kept.</param>
    /// <param name="isChoice">Whether a value is one; anything else takes the choice back.</param>
    private static void Map(
        IEndpointRouteBuilder endpoints,
        string field,
        string cookie,
        Func<HttpContext, string, bool> isChoice
    ) =>
        endpoints
            .MapPost(
                $"/{field}",
                (RequestDelegate)(
                    async context =>
                    {
                        var antiforgery =
                            context.RequestServices.GetRequiredService<IAntiforgery>();
                        if (!await antiforgery.IsRequestValidAsync(context))
                        {
                            context.Response.StatusCode = StatusCodes.Status400BadRequest;
                            return;
                        }
                        var form = await context.Request.ReadFormAsync(context.RequestAborted);
                        var value = form[field].ToString();
                        ChoiceCookie.Keep(context, cookie, isChoice(context, value) ? value : null);
                        context.Response.StatusCode = StatusCodes.Status303SeeOther;
                        context.Response.Headers.Location = LocalPath(form["return"].ToString());
                    }
                )
            )
            .AllowAnonymous();

    /// <summary>A path of this server, or the start page: never another site.</summary>
    private static string LocalPath(string path) =>
        path.StartsWith('/')
        && !path.StartsWith("//", StringComparison.Ordinal)
        && !path.Contains('\\', StringComparison.Ordinal)
        && path.All(c => c is > (char)0x20 and < (char)0x7f)
            ? path
            : "/";
}
