using Latchkey.Server.Api.Calls;
using Latchkey.Server.Api.OpenApi;
using Latchkey.Server.Problems;

namespace Latchkey.Server.Api.Tokens;

/// <summary>A token, without what would let anybody in.</summary>
/// <param name="User">Whom it acts for.</param>
/// <param name="Scopes">What it may do; null for everything its user may.</param>
internal sealed record ApiTokenBody(
    Guid Id,
    string Name,
    string User,
    IReadOnlyList<string>? Scopes,
    DateTimeOffset CreatedAt,
    DateTimeOffset? LastUsedAt
);

internal sealed record ApiTokensBody(IReadOnlyList<ApiTokenBody> Items);

/// <summary>What a new token is for.</summary>
/// <param name="Scopes">What it may do; without them, what the token that makes it may.</param>
internal sealed record NewApiTokenBody(string Name, IReadOnlyList<string>? Scopes);

/// <param name="Secret">Shown this once; nowhere stored.</param>
internal sealed record MadeApiTokenBody(Guid Id, string Secret, IReadOnlyList<string>? Scopes);

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
                Example = """{"name": "Nightly export", "scopes": ["organization:read"]}""",
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
                    t.Token.LastUsedAt
                )),
            ])
        );

    /// <summary>It acts for the same user, and may do nothing that the token which makes it may not: otherwise one made for little would be a way to everything.</summary>
    private async Task<ApiAnswer> CreateAsync(HttpContext http, CancellationToken ct)
    {
        var read = await CallBody.ReadAsync(
            http.Request,
            "token",
            (section, _) =>
            {
                var body = new NewApiTokenBody(section.Required("name"), section.Texts("scopes"));
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
        var user = Guid.Parse(http.User.FindFirst("sub")!.Value);
        var made = await tokens.CreateAsync(said.Name, user, said.Scopes ?? (all ? null : own), ct);
        return made.Value is { } token
            ? ApiAnswer.Made(
                new MadeApiTokenBody(token.Token.Id, token.Secret, token.Token.Scopes),
                "/api/v1/tokens"
            )
            : refusal.Of(made.Problems);
    }

    private async Task<ApiAnswer> RevokeAsync(string token, CancellationToken ct) =>
        Guid.TryParse(token, out var id) && await tokens.DeleteAsync(id, ct)
            ? ApiAnswer.Nothing
            : refusal.Unknown("api-token-unknown", token);
}
