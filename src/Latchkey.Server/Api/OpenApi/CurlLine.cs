using System.Text;
using Latchkey.Server.Settings;

namespace Latchkey.Server.Api.OpenApi;

/// <summary>A call as a line for a shell, with this server's address. The token stays in a variable.</summary>
internal sealed class CurlLine(ServerOptions server)
{
    /// <summary>A call as it stands in the reference: parameters in capitals, the body as the example.</summary>
    public string Of(MappedOperation call)
    {
        var path = call.Parameters.Aggregate(
            call.Path,
            (text, name) =>
                text.Replace($"{{{name}}}", name.ToUpperInvariant(), StringComparison.Ordinal)
        );
        return Of(call.Method, path, call.Operation.Example);
    }

    /// <param name="method">The HTTP method.</param>
    /// <param name="path">From the server's root.</param>
    /// <param name="body">JSON, or null for none.</param>
    public string Of(string method, string path, string? body)
    {
        var line = new StringBuilder("curl");
        if (method != "GET")
        {
            line.Append(" -X ").Append(method);
        }
        line.Append(" -H \"Authorization: Bearer $LATCHKEY_TOKEN\"");
        if (body is not null)
        {
            line.Append(" -H \"Content-Type: application/json\"");
        }
        line.Append(" \\\n  ").Append(Quoted(server.Address(path)));
        if (body is not null)
        {
            line.Append(" \\\n  -d ").Append(Quoted(body));
        }
        return line.ToString();
    }

    /// <summary>In single quotes a shell reads everything as it stands but the single quote itself.</summary>
    private static string Quoted(string text) =>
        $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
