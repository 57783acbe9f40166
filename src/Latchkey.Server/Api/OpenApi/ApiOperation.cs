using Latchkey.Server.Roles;

namespace Latchkey.Server.Api.OpenApi;

/// <summary>What is known of an endpoint where it is mapped. The document, the reference page and the check of scopes all come from it.</summary>
/// <param name="Name">operationId; its sentence is the text <c>api.call.{name}</c>.</param>
/// <param name="Scope">What a token needs.</param>
internal sealed record ApiOperation(string Name, string Scope)
{
    /// <summary>What the role of the token's user must allow, where method and address do not say it.</summary>
    public Capability? Role { get; init; }

    /// <summary>The status of success.</summary>
    public int Status { get; init; } = 200;

    /// <summary>What is answered; null for nothing, or for what <see cref="ContentType"/> says.</summary>
    public Type? Answer { get; init; }

    /// <summary>What is answered where it is no JSON.</summary>
    public string? ContentType { get; init; }

    /// <summary>What is sent; null for nothing.</summary>
    public Type? Body { get; init; }

    /// <summary>Fields of the body that must be there.</summary>
    public IReadOnlyList<string> Required { get; init; } = [];

    /// <summary>A body that works, as JSON, for the curl line.</summary>
    public string? Example { get; init; }

    public IReadOnlyList<ApiParameter> Query { get; init; } = [];

    /// <summary>Whether it can be repeated under an Idempotency-Key.</summary>
    public bool Repeatable { get; init; } = true;

    /// <summary>Whether If-Match is taken.</summary>
    public bool Versioned { get; init; }

    /// <summary>Whether it answers a list page by page.</summary>
    public bool ByPages { get; init; }

    /// <summary>How much can be sent; null for what every request may.</summary>
    public long? MaxBytes { get; init; }

    /// <summary>Status codes of refusals besides 401 and 403.</summary>
    public IReadOnlyList<int> Refusals { get; init; } = [];

    /// <summary>With those that every call can meet: no token, a token made for something else, and a key that came with another call.</summary>
    public IEnumerable<int> AllRefusals =>
        Refusals.Concat([400, 401, 403, 409, 422]).Distinct().Order();

    /// <summary>A list by pages.</summary>
    public static ApiOperation List<TItem>(
        string name,
        string scope,
        params IEnumerable<ApiParameter> query
    ) =>
        new(name, scope)
        {
            Answer = typeof(Calls.ListBody<TItem>),
            ByPages = true,
            Query = [.. query, ApiParameter.Cursor, ApiParameter.Limit],
            Refusals = [400],
        };
}

/// <param name="Name">In the query.</param>
/// <param name="Type">"string", "integer" or "boolean".</param>
/// <param name="Format">Such as "date-time", or null.</param>
/// <param name="Words">A closed list, or null.</param>
internal sealed record ApiParameter(
    string Name,
    string Type = "string",
    string? Format = null,
    IReadOnlyList<string>? Words = null
)
{
    public static ApiParameter Cursor { get; } = new("cursor");
    public static ApiParameter Limit { get; } = new("limit", "integer");
    public static ApiParameter Search { get; } = new("search");
}
