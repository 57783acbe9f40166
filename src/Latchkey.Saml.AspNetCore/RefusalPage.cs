using System.Text;
using System.Text.Encodings.Web;
using Latchkey.Saml.Findings;
using Microsoft.AspNetCore.Http;

namespace Latchkey.Saml.AspNetCore;

/// <summary>What a user sees when a sign-in ends badly and the application shows no page of its own: one sentence and a code. No style, no script, nothing of the message; in Development also the findings.</summary>
internal static class RefusalPage
{
    public static Task WriteAsync(
        HttpContext context,
        int status,
        string sentence,
        string reference,
        IReadOnlyList<Finding> findings
    )
    {
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = "text/html; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        response.Headers.ContentSecurityPolicy =
            "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        response.Headers.XContentTypeOptions = "nosniff";

        var encoder = HtmlEncoder.Default;
        var home = encoder.Encode(context.Request.PathBase.Add("/").ToUriComponent());
        var page = new StringBuilder().Append(
            $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>Sign-in did not complete</title>
            </head>
            <body>
            <main>
            <h1>Sign-in did not complete</h1>
            <p>{encoder.Encode(sentence)}</p>
            <p>If it happens again, tell your administrator this code: <strong>{reference}</strong></p>
            <p><a href="{home}">Back to the application</a></p>

            """
        );
        if (findings.Count > 0)
        {
            page.Append("<h2>Findings (shown in Development only)</h2>\n<ul>\n");
            foreach (var finding in findings)
            {
                page.Append("<li>").Append(encoder.Encode(finding.ToString())).Append("</li>\n");
            }

            page.Append("</ul>\n");
        }

        page.Append("</main>\n</body>\n</html>\n");
        return response.WriteAsync(page.ToString(), context.RequestAborted);
    }
}
