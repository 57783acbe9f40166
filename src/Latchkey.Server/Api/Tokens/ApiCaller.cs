using System.Globalization;
using System.Security.Claims;

namespace Latchkey.Server.Api.Tokens;

/// <summary>Whose token a request carries, and what it may do.</summary>
internal static class ApiCaller
{
    public const string TokenClaim = "token";
    public const string TokenNameClaim = "token_name";

    /// <summary>When the token runs out, if it does.</summary>
    public const string ExpiresClaim = "token_expires";

    public const string ScopeClaim = "scope";

    public static Guid Token(ClaimsPrincipal caller) =>
        Guid.Parse(caller.FindFirst(TokenClaim)!.Value);

    public static DateTimeOffset? Expires(ClaimsPrincipal caller) =>
        caller.FindFirst(ExpiresClaim)?.Value is { } text
            ? DateTimeOffset.Parse(text, CultureInfo.InvariantCulture)
            : null;

    public static IEnumerable<string> Scopes(ClaimsPrincipal caller) =>
        caller.FindAll(ScopeClaim).Select(claim => claim.Value);

    public static bool May(this ClaimsPrincipal caller, string scope) =>
        ApiScopes.Include(Scopes(caller), scope);
}
