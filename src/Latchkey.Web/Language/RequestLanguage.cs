using System.Globalization;
using Latchkey.Web.Choices;
using Latchkey.Web.Texts;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;

namespace Latchkey.Web.Language;

/// <summary>
/// The language of a page: the user's own, or else what was chosen in this browser, that of whom the page is for, what the organisation speaks, what the
/// browser asks for, and English for whoever asks for nothing there is.
/// </summary>
public static class RequestLanguage
{
    internal const string ChoiceCookie = "lk-language";

    private static readonly object s_spoken = new();

    /// <summary>Keeps a choice in this browser, for pages nobody is signed in to; null takes it back.</summary>
    public static void Remember(HttpContext context, string? tag)
    {
        ArgumentNullException.ThrowIfNull(context);
        Choices.ChoiceCookie.Keep(context, ChoiceCookie, tag);
    }

    /// <summary>The language of a request, for an endpoint that runs before what chooses it for all others; <see cref="Begin"/> speaks it.</summary>
    public static ValueTask<CultureInfo> ChooseAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var services = context.RequestServices;
        return ChooseAsync(
            context,
            services.GetRequiredService<WebOptions>(),
            services.GetRequiredService<ITexts>()
        );
    }

    /// <summary>Speaks a language from here on, and has the answer say so. Not asynchronous: what a method speaks that is waited for ends with it.</summary>
    public static void Begin(HttpContext context, CultureInfo language)
    {
        ArgumentNullException.ThrowIfNull(context);
        Speak(context, language);
        context.Response.OnStarting(static state => Tell((HttpContext)state), context);
    }

    /// <summary>Speaks a user's language from here on, if they have one: for what finds out later than others who is signed in.</summary>
    public static void Speak(HttpContext context, string? tag)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.RequestServices.GetRequiredService<ITexts>().Find(tag) is { } language)
        {
            Speak(context, language);
        }
    }

    private static void Speak(HttpContext context, CultureInfo language)
    {
        CultureInfo.CurrentUICulture = language;
        context.Items[s_spoken] = language;
    }

    private static Task Tell(HttpContext context)
    {
        if (
            context.Response.ContentType?.StartsWith("text/html", StringComparison.Ordinal) == true
            // Once: a page shown in the place of another came by here twice.
            && context.Items.Remove(s_spoken, out var spoken)
            && spoken is CultureInfo language
        )
        {
            var headers = context.Response.Headers;
            headers.ContentLanguage = language.Name;
            headers.Append(HeaderNames.Vary, HeaderNames.AcceptLanguage);
        }
        return Task.CompletedTask;
    }

    internal static async ValueTask<CultureInfo> ChooseAsync(
        HttpContext context,
        WebOptions options,
        ITexts texts
    ) =>
        texts.Find(options.UserLanguage(context))
        ?? texts.Find(Choices.ChoiceCookie.Read(context, ChoiceCookie))
        ?? texts.Find(await options.ReaderLanguage(context))
        ?? texts.Find((await options.Brand(context)).Language)
        ?? AskedFor(context.Request, texts)
        ?? LanguageTags.English;

    /// <summary>The language of Accept-Language with the highest weight that there is (RFC 9110 §12.5.4); <c>de-AT</c> is content with <c>de</c> (RFC 4647 §3.4).</summary>
    private static CultureInfo? AskedFor(HttpRequest request, ITexts texts)
    {
        var asked = request.GetTypedHeaders().AcceptLanguage;
        return asked
            .Where(range => range.Quality is null or > 0)
            .OrderByDescending(range => range.Quality ?? 1)
            .Select(range => texts.Find(range.Value.ToString()))
            .FirstOrDefault(language => language is not null);
    }
}
