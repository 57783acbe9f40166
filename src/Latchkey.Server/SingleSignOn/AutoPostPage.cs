using System.Text;
using System.Text.Encodings.Web;
using Latchkey.Web.Security;
using Latchkey.Web.Texts;

namespace Latchkey.Server.SingleSignOn;

/// <summary>The page that carries a Response to its service provider: a form that sends itself, and a button where scripts do not run (rule B5). Written as bytes; it is the last thing of every sign-in.</summary>
internal sealed class AutoPostPage(ITexts texts)
{
    public async Task WriteAsync(HttpContext http, SignOnAnswer.Respond answer)
    {
        var nonce = ContentPolicy.NewNonce();
        http.UseAutoPostPolicy(nonce);
        var html = HtmlEncoder.Default;
        var page = new StringBuilder(answer.SamlResponse.Length + 1024)
            .Append("<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">")
            .Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
            .Append("<meta name=\"color-scheme\" content=\"light dark\"><title>")
            .Append(html.Encode(texts["signon.posting.title", answer.Label]))
            .Append("</title></head><body><form method=\"post\" action=\"")
            .Append(html.Encode(answer.Consumer))
            .Append("\"><p>")
            .Append(html.Encode(texts["signon.posting.text", answer.Label]))
            // Base64 holds no character that means anything in an attribute.
            .Append("</p><input type=\"hidden\" name=\"SAMLResponse\" value=\"")
            .Append(answer.SamlResponse)
            .Append("\">");
        if (answer.RelayState is not null)
        {
            page.Append("<input type=\"hidden\" name=\"RelayState\" value=\"")
                .Append(html.Encode(answer.RelayState))
                .Append("\">");
        }
        page.Append("<button type=\"submit\">")
            .Append(html.Encode(texts["signon.posting.button"]))
            .Append("</button></form><script nonce=\"")
            .Append(nonce)
            .Append("\">document.forms[0].submit()</script></body></html>");
        http.Response.StatusCode = StatusCodes.Status200OK;
        http.Response.ContentType = "text/html; charset=utf-8";
        var bytes = Encoding.UTF8.GetBytes(page.ToString());
        http.Response.ContentLength = bytes.Length;
        await http.Response.Body.WriteAsync(bytes, http.RequestAborted);
    }
}
