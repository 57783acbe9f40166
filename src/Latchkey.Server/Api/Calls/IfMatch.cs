using System.Globalization;
using Latchkey.Server.Problems;
using Microsoft.Net.Http.Headers;

namespace Latchkey.Server.Api.Calls;

/// <summary>The version that a change counts on: <c>If-Match: "3"</c> as the answer's ETag said it.</summary>
internal static class IfMatch
{
    /// <returns>Null for whatever is there.</returns>
    public static long? Read(HttpRequest request, List<Problem> problems)
    {
        var said = request.Headers[HeaderNames.IfMatch].ToString().Trim();
        if (said is "" or "*")
        {
            return null;
        }
        if (
            said is ['"', .. var inner, '"']
            && long.TryParse(
                inner,
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var version
            )
        )
        {
            return version;
        }
        problems.Add(new Problem("api-if-match", "If-Match", said));
        return null;
    }
}
