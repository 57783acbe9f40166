using System.Reflection;
using System.Security.Claims;
using Latchkey.Web.Layout;
using Microsoft.AspNetCore.Http;

namespace Latchkey.Web;

/// <summary>What a host tells the shared pages.</summary>
public sealed class WebOptions
{
    /// <summary>Assemblies whose embedded <c>*Texts.LANGUAGE.json</c> files hold the host's texts.</summary>
    public IList<Assembly> TextAssemblies { get; } = [];

    /// <summary>Whether browsers reach this host by https alone; its cookies are then bound to it.</summary>
    public bool IsHttps { get; set; }

    /// <summary>The admin portal's navigation, in order.</summary>
    public IList<NavigationItem> Navigation { get; } = [];

    /// <summary>The admin portal's start page.</summary>
    public string AdminAddress { get; set; } = "/admin";

    /// <summary>Where the search box of the admin portal's header leads; null leaves it out.</summary>
    public string? SearchAddress { get; set; }

    /// <summary>Where signing out is posted to.</summary>
    public string SignOutAddress { get; set; } = "/sign-out";

    /// <summary>Whether somebody's role opens an address of this server: who, the path with its query, the method, and the page's handler where the query does not name it.</summary>
    public Func<ClaimsPrincipal, string, string, string?, bool> MayUse { get; set; } =
        (_, _, _, _) => true;

    /// <summary>The user portal's navigation, in order; empty where it has one page.</summary>
    public IList<NavigationItem> PortalNavigation { get; } = [];

    /// <summary>What the organisation made its own.</summary>
    public Func<HttpContext, ValueTask<PageBrand>> Brand { get; set; } =
        _ => ValueTask.FromResult(PageBrand.None);

    /// <summary>Where users look after how they sign in; null where there is no such page.</summary>
    public string? SecurityAddress { get; set; }

    /// <summary>The language a signed-in user chose, by its tag; null for none.</summary>
    public Func<HttpContext, string?> UserLanguage { get; set; } = _ => null;

    /// <summary>The language of whom a page is for that nobody is signed in to, as a mailed link says; null for none.</summary>
    public Func<HttpContext, ValueTask<string?>> ReaderLanguage { get; set; } =
        _ => ValueTask.FromResult<string?>(null);

    /// <summary>Which addresses are for programs, which are answered in English.</summary>
    public Func<PathString, bool> IsForPrograms { get; set; } = _ => false;
}
