using Latchkey.Server.Problems;
using Latchkey.Web.Texts;
using Microsoft.Net.Http.Headers;

namespace Latchkey.Server.Api.Calls;

/// <summary>Says what is wrong in the API's words: which status, and every problem with its code and field.</summary>
internal sealed class Refusal(IHttpContextAccessor http, ITexts texts)
{
    /// <summary>What a service refused. A status of its own have what is gone, what somebody else changed meanwhile, and what is taken; everything else is 422.</summary>
    public ApiAnswer Of(IReadOnlyList<Problem> problems) =>
        ApiAnswer.Refused(
            texts,
            problems.Select(p => Status(p.Code)).FirstOrDefault(s => s != 422, 422),
            problems
        );

    public ApiAnswer Of(int status, Problem problem) => ApiAnswer.Refused(texts, status, [problem]);

    /// <summary>There is no such thing.</summary>
    public ApiAnswer Unknown(string code, string name) => Of(404, new Problem(code, "", name));

    private int Status(string code) =>
        code.EndsWith("-changed", StringComparison.Ordinal)
            // RFC 9110 §13.1.1: who named a version in If-Match is told that it does not hold any more.
            ? http.HttpContext!.Request.Headers.ContainsKey(HeaderNames.IfMatch)
                ? 412
                : 409
            : code.EndsWith("-taken", StringComparison.Ordinal)
                ? 409
                : code
                    is "application-missing"
                        or "user-missing"
                        or "group-missing"
                        or "api-token-unknown"
                    ? 404
                    : code switch
                    {
                        "api-body-not-json" => 400,
                        "api-content-type" => 415,
                        "user-above-you" or "role-not-yours" or "owners-only" => 403,
                        _ => 422,
                    };
}
