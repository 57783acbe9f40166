using Latchkey.Server.Api.OpenApi;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Latchkey.Server.Api.Pages;

/// <summary>Every call of the API as a curl line with this server's address.</summary>
internal sealed class ReferenceModel(ApiOperations operations, CurlLine curl) : PageModel
{
    /// <summary>The calls by the first part of their paths.</summary>
    public IEnumerable<IGrouping<string, MappedOperation>> Parts =>
        operations.All.GroupBy(call => call.Path.Split('/')[3]);

    public string Curl(MappedOperation call) => curl.Of(call);
}
