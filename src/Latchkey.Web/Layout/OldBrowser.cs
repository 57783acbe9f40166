using Microsoft.AspNetCore.Http;

namespace Latchkey.Web.Layout;

/// <summary>Browsers that our pages cannot be expected to work in, known by what they call themselves: Internet Explorer, to its last version.</summary>
internal static class OldBrowser
{
    public static bool Is(HttpRequest request)
    {
        var name = request.Headers.UserAgent.ToString();
        return name.Contains("MSIE ", StringComparison.Ordinal)
            || name.Contains("Trident/", StringComparison.Ordinal);
    }
}
