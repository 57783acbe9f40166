using Latchkey.Server.Api.Calls;
using Latchkey.Server.Api.OpenApi;
using Latchkey.Server.Problems;

namespace Latchkey.Server.Api.Tokens;

/// <summary>A token, without what would let anybody in.</summary>
/// <param name="User">Whom it acts for.</param>
/// <param name="Scopes">What it may do; null for everything its user may.</param>
/// <param name="ExpiresAt">From when on it counts no more; null for never.</param>
internal sealed record ApiTokenBody(
    Guid Id,
    string Name,
    string User,
    IReadOnlyList<string>? Scopes,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? LastUsedAt
);

internal sealed record ApiTokensBody(IReadOnlyList<ApiTokenBody> Items);

/// <summary>What a new token is for.</summary>
/// <param name="Scopes">What it may do; without them, what the token that makes it may.</param>
/// <param name="ExpiresAt">From when on it counts no more; without it, when the token that makes it runs out.</param>
internal sealed record NewApiTokenBody(
    string Name,
    IReadOnlyList<string>? Scopes,
    DateTimeOffset? ExpiresAt
);

/// <param name="Secret">Shown this once; nowhere stored.</param>
internal sealed record MadeApiTokenBody(
    Guid Id,
    string Secret,
    IReadOnlyList<string>? Scopes,
    DateTimeOffset? ExpiresAt
);

/// <summary><c>/api/v1/tokens</c>.</summary>
internal sealed class TokenCalls(ApiTokenService tokens, Refusal refusal)
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapCall(
            HttpMethod.Get,
            "/tokens",
            new("listTokens", ApiScopes.TokensRead) { Answer = typeof(ApiTokensBody) },
            (TokenCalls calls, CancellationToken ct) => calls.ListAsync(ct)
        );
        api.MapCall(
            HttpMethod.Post,
            "/tokens",
            new("createToken", ApiScopes.TokensWrite)
            {
                Body = typeof(NewApiTokenBody),
                Required = ["name"],
                Example =
                    """{"name": "Nightly export", "scopes": ["organization:read"], "expires_at": "2099-01-31T18:00:00Z"}""",
                Status = 201,
                Answer = typeof(MadeApiTokenBody),
                // A kept answer would hold the secret that is stored only as a hash.
                Repeatable = false,
                Refusals = [415],
            },
            (HttpContext http, TokenCalls calls, CancellationToken ct) =>
                calls.CreateAsync(http, ct)
        );
        api.MapCall(
            HttpMethod.Delete,
            "/tokens/{token}",
            new("revokeToken", ApiScopes.TokensWrite) { Status = 204, Refusals = [404] },
            (string token, TokenCalls calls, CancellationToken ct) => calls.RevokeAsync(token, ct)
        );
    }

    private async Task<ApiAnswer> ListAsync(CancellationToken ct) =>
        ApiAnswer.Shown(
            new ApiTokensBody([
                .. (await tokens.ListAsync(ct)).Select(t => new ApiTokenBody(
                    t.Token.Id,
                    t.Token.Name,
                    t.Username,
                    t.Token.Scopes,
                    t.Token.CreatedAt,
                    t.Token.ExpiresAt,
                    t.Token.LastUsedAt
                )),
            ])
        );

    /// <summary>It acts for the same user, and may do nothing that the token which makes it may not, nor for longer: otherwise one made for little would be a way to everything.</summary>
    private async Task<ApiAnswer> CreateAsync(HttpContext http, CancellationToken ct)
    {
        var read = await CallBody.ReadAsync(
            http.Request,
            "token",
            (section, _) =>
            {
                var body = new NewApiTokenBody(
                    section.Required("name"),
                    section.Texts("scopes"),
                    section.Time("expires_at")
                );
                section.End();
                return body;
            },
            ct
        );
        if (read.Value is not { } said)
        {
            return refusal.Of(read.Problems);
        }
        var own = ApiCaller.Scopes(http.User).ToList();
        var all = own.Contains(ApiScopes.Everything);
        if (said.Scopes?.FirstOrDefault(scope => !ApiScopes.Include(own, scope)) is { } above)
        {
            return refusal.Of(403, new Problem("token-scope-above", "scopes", above));
        }
        var until = ApiCaller.Expires(http.User);
        if (said.ExpiresAt > until)
        {
            return refusal.Of(403, new Problem("token-outlives", "expires_at", until));
        }
        var user = Guid.Parse(http.User.FindFirst("sub")!.Value);
        var made = await tokens.CreateAsync(
            said.Name,
            user,
            said.Scopes ?? (all ? null : own),
            said.ExpiresAt ?? until,
            ct
        );
        return made.Value is { } token
            ? ApiAnswer.Made(
                new MadeApiTokenBody(
                    token.Token.Id,
                    token.Secret,
                    token.Token.Scopes,
                    token.Token.ExpiresAt
                ),
                "/api/v1/tokens"
            )
            : refusal.Of(made.Problems);
    }

    private async Task<ApiAnswer> RevokeAsync(string token, CancellationToken ct)
    {
        if (!Guid.TryParse(token, out var id))
        {
            return refusal.Unknown("api-token-unknown", token);
        }
        var deleted = await tokens.DeleteAsync(id, ct);
        return deleted.Ok ? ApiAnswer.Nothing : refusal.Of(deleted.Problems);
    }
}
