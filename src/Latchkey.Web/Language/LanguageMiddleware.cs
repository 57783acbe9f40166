using System.Globalization;
using Latchkey.Web.Texts;
using Microsoft.AspNetCore.Http;

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
            RequestLanguage.Begin(
                context,
                await RequestLanguage.ChooseAsync(context, options, texts)
            );
        }
        await next(context);
    }
}
