using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.ApplicationModels;

namespace Latchkey.Server.SignIn;

/// <summary>The names of what opens doors.</summary>
internal static class Access
{
    public const string SessionScheme = "Latchkey";

    /// <summary>Policy: somebody is signed in.</summary>
    public const string User = "User";

    /// <summary>Policy: an administrator is signed in.</summary>
    public const string Administrator = "Administrator";

    public const string AdministratorRole = "administrator";

    /// <summary>Whether a path, or a route's template, belongs to the admin portal.</summary>
    public static bool IsAdminPath(string path)
    {
        path = path.TrimStart('~', '/');
        return path.Equals("admin", StringComparison.OrdinalIgnoreCase)
            || path.StartsWith("admin/", StringComparison.OrdinalIgnoreCase)
            || path.StartsWith("admin?", StringComparison.OrdinalIgnoreCase);
    }
}

/// <summary>Closes every page by its address, so that none can be forgotten: below /admin to all but administrators, elsewhere to all who are not signed in, unless the page says AllowAnonymous itself.</summary>
internal sealed class PagesAreClosed : IPageRouteModelConvention
{
    public void Apply(PageRouteModel model)
    {
        foreach (var selector in model.Selectors)
        {
            var template = selector.AttributeRouteModel?.Template ?? "";
            selector.EndpointMetadata.Add(
                new AuthorizeAttribute(
                    Access.IsAdminPath(template) ? Access.Administrator : Access.User
                )
            );
        }
    }
}
