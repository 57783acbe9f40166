using System.Globalization;
using Latchkey.Web.Texts;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Latchkey.Web.Language;

/// <summary>Speaks a person's language for the rest of the request, and English to programs. The culture of numbers and dates that programs read stays what it is.</summary>
internal sealed class LanguageMiddleware(RequestDelegate next, WebOptions options, ITexts texts)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (options.IsForPrograms(context.Request.Path))
        {
            CultureInfo.CurrentUICulture = LanguageTags.English;
        }
        else
        {
            RequestLanguage.Speak(
                context,
                await RequestLanguage.ChooseAsync(context, options, texts)
            );
            context.Response.OnStarting(static state => Tell((HttpContext)state), context);
        }
        await next(context);
    }

    private static Task Tell(HttpContext context)
    {
        if (
            context.Response.ContentType?.StartsWith("text/html", StringComparison.Ordinal) == true
            // A page shown in the place of another came by here twice.
            && RequestLanguage.TakeSpoken(context) is { } language
        )
        {
            var headers = context.Response.Headers;
            headers.ContentLanguage = language.Name;
            headers.Append(HeaderNames.Vary, HeaderNames.AcceptLanguage);
        }
        return Task.CompletedTask;
    }
}
