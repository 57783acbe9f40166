using System.Security.Claims;
using System.Text.Encodings.Web;
using Latchkey.Server.Directory;
using Latchkey.Server.Problems;
using Latchkey.Server.Roles;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Latchkey.Server.SignIn;

/// <summary>Tells who is signed in, by the session cookie and its row. Read anew at each request: what was ended, suspended or changed counts at once.</summary>
internal sealed class SessionAuthenticationHandler(
    SessionService sessions,
    SignInCookies cookies,
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder
) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (StatusPages.IsWithoutDatabase(Context))
            return AuthenticateResult.NoResult();
        if (cookies.Session(Context) is not { } secret)
            return AuthenticateResult.NoResult();
        var found = await sessions.FindAsync(secret, Context.RequestAborted);
        if (found is null)
            return AuthenticateResult.Fail("session-over");
        Context.Features.Set(found);
        return AuthenticateResult.Success(
            new(Principal(found.User, found.Session), Access.SessionScheme)
        );
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.CacheControl = "no-store";
        var address = "/sign-in";
        if (HttpMethods.IsGet(Request.Method))
        {
            var here = Request.PathBase + Request.Path + Request.QueryString;
            if (here is not "/")
                address = $"/sign-in?return={Uri.EscapeDataString(here)}";
        }
        // A swapped fragment must not become a sign-in page in the middle of another one.
        if (Request.Headers.ContainsKey("HX-Request"))
        {
            Response.StatusCode = StatusCodes.Status401Unauthorized;
            Response.Headers["HX-Redirect"] = "/sign-in";
        }
        else
        {
            Response.StatusCode = StatusCodes.Status303SeeOther;
            Response.Headers.Location = address;
        }
        return Task.CompletedTask;
    }

    /// <summary>The session's claims.</summary>
    public static ClaimsPrincipal Principal(User user, Session session)
    {
        var identity = new ClaimsIdentity(Access.SessionScheme, "name", "role");
        identity.AddClaim(new("sub", user.Id.ToString()));
        identity.AddClaim(new("sid", session.Id.ToString()));
        identity.AddClaim(new("name", user.Username));
        if (user.Role is { } role)
            identity.AddClaim(RoleClaims.Of(role));
        return new(identity);
    }
}
