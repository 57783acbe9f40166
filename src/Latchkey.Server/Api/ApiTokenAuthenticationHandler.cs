using System.Security.Claims;
using System.Text.Encodings.Web;
using Latchkey.Server.Roles;
using Latchkey.Server.SignIn;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Latchkey.Server.Api;

/// <summary>Tells whom a bearer token acts for. It never takes the session cookie: what a browser sends by itself must not reach the API.</summary>
internal sealed class ApiTokenAuthenticationHandler(
    ApiTokenService tokens,
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder
) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    private const string Bearer = "Bearer ";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            return AuthenticateResult.NoResult();
        }
        var secret = header[Bearer.Length..].Trim();
        if (await tokens.FindUserAsync(secret, Context.RequestAborted) is not { } user)
        {
            return AuthenticateResult.Fail("token-unknown");
        }
        var identity = new ClaimsIdentity(ApiAccess.TokenScheme, "name", "role");
        identity.AddClaim(new("sub", user.Id.ToString()));
        identity.AddClaim(new("name", user.Username));
        identity.AddClaim(RoleClaims.Of(user.Role!.Value));
        return AuthenticateResult.Success(new(new(identity), ApiAccess.TokenScheme));
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        Response.StatusCode = StatusCodes.Status403Forbidden;
        return Response.WriteAsJsonAsync(
            ApiProblems.One(
                StatusCodes.Status403Forbidden,
                "token-role-too-low",
                "The role of the user this token acts for does not allow it. Use a token of an administrator, or ask an owner for another role."
            ),
            options: null,
            contentType: ApiProblems.ContentType
        );
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.StatusCode = StatusCodes.Status401Unauthorized;
        Response.Headers[HeaderNames.WWWAuthenticate] = "Bearer";
        return Response.WriteAsJsonAsync(
            ApiProblems.One(
                StatusCodes.Status401Unauthorized,
                "token-missing",
                "Send an API token of an administrator as Authorization: Bearer lk_…; it is missing, unknown or deleted."
            ),
            options: null,
            contentType: ApiProblems.ContentType
        );
    }
}
