using System.Globalization;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Latchkey.Server.Api.Calls;
using Latchkey.Server.Problems;
using Latchkey.Server.Roles;
using Latchkey.Server.SignIn;
using Latchkey.Web.Texts;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Latchkey.Server.Api.Tokens;

/// <summary>Tells whom a bearer token acts for. It never takes the session cookie: what a browser sends by itself must not reach the API.</summary>
internal sealed class ApiTokenAuthenticationHandler(
    ApiTokenService tokens,
    ITexts texts,
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
        if (await tokens.FindAsync(secret, Context.RequestAborted) is not { } found)
        {
            return AuthenticateResult.Fail("token-unknown");
        }
        var (token, user) = found;
        var identity = new ClaimsIdentity(ApiAccess.TokenScheme, "name", "role");
        identity.AddClaim(new("sub", user.Id.ToString()));
        identity.AddClaim(new("name", user.Username));
        identity.AddClaim(RoleClaims.Of(user.Role!.Value));
        identity.AddClaim(new(ApiCaller.TokenClaim, token.Id.ToString()));
        identity.AddClaim(new(ApiCaller.TokenNameClaim, token.Name));
        if (token.ExpiresAt is { } expires)
        {
            identity.AddClaim(
                new(ApiCaller.ExpiresClaim, expires.ToString("O", CultureInfo.InvariantCulture))
            );
        }
        identity.AddClaims(
            (token.Scopes ?? [ApiScopes.Everything]).Select(scope => new Claim(
                ApiCaller.ScopeClaim,
                scope
            ))
        );
        return AuthenticateResult.Success(new(new(identity), ApiAccess.TokenScheme));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers[HeaderNames.WWWAuthenticate] = "Bearer";
        return RefuseAsync(StatusCodes.Status401Unauthorized, new Problem("token-missing", ""));
    }

    /// <summary>Says whether the token was not made for it, or whoever it acts for may not. RFC 6750 §3.1: the scope that would be needed stands in the header too.</summary>
    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        var needed = Context.GetEndpoint()?.Metadata.GetMetadata<NeededScope>()?.Scope ?? "";
        if (Context.User.May(needed))
        {
            return RefuseAsync(
                StatusCodes.Status403Forbidden,
                new Problem("token-role-too-low", "")
            );
        }
        Response.Headers[HeaderNames.WWWAuthenticate] =
            $"Bearer error=\"insufficient_scope\", scope=\"{needed}\"";
        return RefuseAsync(
            StatusCodes.Status403Forbidden,
            new Problem("token-scope-missing", "", needed)
        );
    }

    private Task RefuseAsync(int status, Problem problem) =>
        ApiAnswer.Refused(texts, status, [problem]).ExecuteAsync(Context);
}
