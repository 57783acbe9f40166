using System.Globalization;
using Latchkey.Web.Choices;
using Latchkey.Web.Texts;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

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

    /// <summary>Speaks a user's language from here on, if they have one: for what finds out later than others who is signed in.</summary>
    public static void Speak(HttpContext context, string? tag)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.RequestServices.GetRequiredService<ITexts>().Find(tag) is { } language)
        {
            Speak(context, language);
        }
    }

    internal static void Speak(HttpContext context, CultureInfo language)
    {
        CultureInfo.CurrentUICulture = language;
        context.Items[s_spoken] = language;
    }

    /// <summary>The language of the answer, once.</summary>
    internal static CultureInfo? TakeSpoken(HttpContext context) =>
        context.Items.Remove(s_spoken, out var language) ? (CultureInfo?)language : null;

    internal static async ValueTask<CultureInfo> ChooseAsync(
        HttpContext context,
        WebOptions options,
        ITexts texts
    ) =>
        texts.Find(options.UserLanguage(context))
        ?? texts.Find(context.Request.Cookies[ChoiceCookie])
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
