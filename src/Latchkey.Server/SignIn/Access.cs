using Latchkey.Server.Roles;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.ApplicationModels;

namespace Latchkey.Server.SignIn;

/// <summary>The names of what opens doors.</summary>
internal static class Access
{
    public const string SessionScheme = "Latchkey";

    /// <summary>Policy: somebody is signed in.</summary>
    public const string User = "User";

    /// <summary>Policy: somebody is signed in whose role opens this address, see <see cref="AdminDoors"/>.</summary>
    public const string Administrator = "Administrator";

    /// <summary>Whether a path, or a route's template, belongs to the admin portal.</summary>
    public static bool IsAdminPath(string path)
    {
        path = path.TrimStart('~', '/');
        return path.Equals("admin", StringComparison.OrdinalIgnoreCase)
            || path.StartsWith("admin/", StringComparison.OrdinalIgnoreCase)
            || path.StartsWith("admin?", StringComparison.OrdinalIgnoreCase);
    }
}

/// <summary>Closes every page by its address, so that none can be forgotten: below /admin to all whose role does not open it, elsewhere to all who are not signed in, unless the page says AllowAnonymous itself.</summary>
internal sealed class PagesAreClosed : IPageRouteModelConvention, IPageApplicationModelConvention
{
    /// <summary>Before a page is compiled its endpoint carries this; routes can be walked by it.</summary>
    public void Apply(PageRouteModel model)
    {
        foreach (var selector in model.Selectors)
            selector.EndpointMetadata.Add(Policy(selector.AttributeRouteModel?.Template));
    }

    /// <summary>The compiled page, which answers requests, takes its metadata from here.</summary>
    public void Apply(PageApplicationModel model) =>
        model.EndpointMetadata.Add(Policy(model.ActionDescriptor.AttributeRouteInfo?.Template));

    private static AuthorizeAttribute Policy(string? template) =>
        new(Access.IsAdminPath(template ?? "") ? Access.Administrator : Access.User);
}
