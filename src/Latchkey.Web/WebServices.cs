using Latchkey.Web.Assets;
using Latchkey.Web.Choices;
using Latchkey.Web.Language;
using Latchkey.Web.Layout;
using Latchkey.Web.Security;
using Latchkey.Web.Texts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Latchkey.Web;

/// <summary>What the pages of the two hosts share.</summary>
public static class WebServices
{
    /// <summary>Adds texts, assets, layouts and components.</summary>
    public static IServiceCollection AddLatchkeyWeb(
        this IServiceCollection services,
        Action<WebOptions> configure
    )
    {
        ArgumentNullException.ThrowIfNull(configure);
        var options = new WebOptions();
        configure(options);
        services.AddSingleton(options);
        services.AddSingleton<WebAssets>();
        services.AddSingleton<ITexts>(provider => new TextCatalogue(
            TextFiles.Read([typeof(WebServices).Assembly, .. options.TextAssemblies]),
            missingKeyThrows: !provider.GetRequiredService<IHostEnvironment>().IsProduction()
        ));
        services.AddAntiforgery(o =>
        {
            o.Cookie = HostCookie.Build(options, "lk-form", o.Cookie);
            o.FormFieldName = "__token";
        });
        services.Configure<CookieTempDataProviderOptions>(o =>
            o.Cookie = HostCookie.Build(options, "lk-next", o.Cookie)
        );
        return services;
    }

    /// <summary>Sets the security headers of every answer. Goes first in the pipeline.</summary>
    public static IApplicationBuilder UseLatchkeyWeb(this IApplicationBuilder app) =>
        app.UseMiddleware<SecurityHeaders>();

    /// <summary>Speaks everybody's language. Goes after what finds out who they are.</summary>
    public static IApplicationBuilder UseLatchkeyLanguages(this IApplicationBuilder app) =>
        app.UseMiddleware<LanguageMiddleware>();

    /// <summary>Maps the assets under <c>/_lk</c> and what somebody chooses for a browser: colours at <c>/theme</c>, language at <c>/language</c>.</summary>
    public static IEndpointRouteBuilder MapLatchkeyWeb(this IEndpointRouteBuilder endpoints)
    {
        AssetEndpoint.Map(endpoints);
        ChoiceEndpoint.Map(endpoints);
        return endpoints;
    }
}
