using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.Options;

namespace Latchkey.Saml.AspNetCore;

/// <summary>
/// Makes <c>AddAuthentication().AddCookie().AddSaml2(…)</c> enough: with one cookie scheme, otherwise only SAML schemes
/// and no default chosen, the cookie holds the sign-in, and a single SAML scheme answers challenges.
/// </summary>
internal sealed class Saml2AuthenticationDefaults : IPostConfigureOptions<AuthenticationOptions>
{
    public void PostConfigure(string? name, AuthenticationOptions options)
    {
        var cookies = options
            .Schemes.Where(s => s.HandlerType == typeof(CookieAuthenticationHandler))
            .ToList();
        var saml = options.Schemes.Where(s => s.HandlerType == typeof(Saml2Handler)).ToList();
        if (
            cookies.Count != 1
            || cookies.Count + saml.Count != options.Schemes.Count()
            || options
                is not {
                    DefaultScheme: null,
                    DefaultAuthenticateScheme: null,
                    DefaultChallengeScheme: null,
                    DefaultForbidScheme: null,
                    DefaultSignInScheme: null,
                    DefaultSignOutScheme: null
                }
        )
        {
            return;
        }

        options.DefaultScheme = cookies[0].Name;
        if (saml.Count == 1)
        {
            options.DefaultChallengeScheme = saml[0].Name;
        }
    }
}
