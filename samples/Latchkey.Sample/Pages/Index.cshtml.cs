using System.Security.Claims;
using Latchkey.Saml.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Latchkey.Sample.Pages;

internal sealed class IndexModel : PageModel
{
    /// <summary>The session at the identity provider; null when nobody is signed in.</summary>
    public Saml2Session? Session { get; private set; }

    public IReadOnlyList<string> Groups { get; private set; } = [];

    public IReadOnlyList<(string Name, string Value)> Attributes { get; private set; } = [];

    public async Task OnGetAsync()
    {
        Session = Saml2Session.Read((await HttpContext.AuthenticateAsync()).Properties);
        Groups = [.. User.FindAll(Saml2ClaimTypes.Group).Select(c => c.Value)];
        Attributes =
        [
            .. User
                .Claims.Where(c =>
                    c.Type
                        is not (
                            ClaimTypes.NameIdentifier
                            or Saml2ClaimTypes.Group
                            or Saml2ClaimTypes.SessionIndex
                            or Saml2ClaimTypes.AuthnContextClassRef
                        )
                )
                .Select(c => (ShortName(c.Type), c.Value)),
        ];
    }

    /// <summary>Ends the sign-in here, then at the identity provider, where it has a single logout.</summary>
    public IActionResult OnPostSignOut() =>
        SignOut(
            new AuthenticationProperties { RedirectUri = "/" },
            Saml2Defaults.AuthenticationScheme
        );

    /// <summary>The last part of a claim type or format that is a URI.</summary>
    public static string ShortName(string uri) => uri[(uri.LastIndexOfAny(['/', ':']) + 1)..];
}
