using Latchkey.Server.Api.Declaration;
using Latchkey.Server.Problems;

namespace Latchkey.Server.Api.Calls;

/// <summary>What a call says, read by the readers of the declaration file.</summary>
internal static class CallBody
{
    /// <summary>Reads the body, which must be one JSON object.</summary>
    /// <param name="request">The call.</param>
    /// <param name="name">What the object is, for people: "application".</param>
    /// <param name="read">Reads it key by key and ends it.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public static async Task<Outcome<T>> ReadAsync<T>(
        HttpRequest request,
        string name,
        Func<Section, DeclarationProblems, T> read,
        CancellationToken cancellationToken
    )
        where T : class
    {
        if (!request.HasJsonContentType())
        {
            return new Problem("api-content-type", "Content-Type");
        }
        using var buffer = new MemoryStream();
        await request.Body.CopyToAsync(buffer, cancellationToken);
        var problems = new DeclarationProblems();
        var root = JsonNodes.Read(buffer.GetBuffer().AsSpan(0, (int)buffer.Length), problems);
        var section = root is null ? null : Section.Of(root, name, problems);
        var said = section is null ? null : read(section, problems);
        return said is null || problems.Any
            ? Outcome<T>.Failed([.. problems.All.Select(p => p.Problem)])
            : said;
    }
}
