using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using Latchkey.Web.Security;
using Latchkey.Web.Texts;

namespace Latchkey.Server.SingleSignOn;

/// <summary>The page that carries a message to its service provider: a form that sends itself, and a button where scripts do not run (rule B5). Written as bytes; it is the last thing of every sign-in.</summary>
internal sealed class AutoPostPage(ITexts texts)
{
    /// <summary>Carries a Response.</summary>
    public Task WriteAsync(HttpContext http, SignOnAnswer.Respond answer) =>
        WriteAsync(
            http,
            new CarriedMessage(
                answer.Consumer,
                "SAMLResponse",
                answer.SamlResponse,
                answer.RelayState,
                texts["signon.posting.title", answer.Label],
                texts["signon.posting.text", answer.Label]
            )
        );

    public async Task WriteAsync(HttpContext http, CarriedMessage answer)
    {
        var nonce = ContentPolicy.NewNonce();
        http.UseAutoPostPolicy(nonce);
        var (before, after) = (Before(answer), After(answer, nonce));
        http.Response.StatusCode = StatusCodes.Status200OK;
        http.Response.ContentType = "text/html; charset=utf-8";
        http.Response.ContentLength =
            Encoding.UTF8.GetByteCount(before)
            + answer.Message.Length
            + Encoding.UTF8.GetByteCount(after);
        var body = http.Response.BodyWriter;
        Encoding.UTF8.GetBytes(before, body);
        // Base64 holds no character that means anything in an attribute.
        body.Write(answer.Message.Span);
        Encoding.UTF8.GetBytes(after, body);
        await body.FlushAsync(http.RequestAborted);
    }

    private string Before(CarriedMessage answer)
    {
        var html = HtmlEncoder.Default;
        return new StringBuilder(1024)
            .Append("<!DOCTYPE html><html lang=\"")
            .Append(texts.Language.Name)
            .Append("\"><head><meta charset=\"utf-8\">")
            .Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
            .Append("<meta name=\"color-scheme\" content=\"light dark\"><title>")
            .Append(html.Encode(answer.Title))
            .Append("</title></head><body><form method=\"post\" action=\"")
            .Append(html.Encode(answer.Address))
            .Append("\"><p>")
            .Append(html.Encode(answer.Text))
            .Append("</p><input type=\"hidden\" name=\"")
            .Append(answer.Field)
            .Append("\" value=\"")
            .ToString();
    }

    private string After(CarriedMessage answer, string nonce)
    {
        var html = HtmlEncoder.Default;
        var page = new StringBuilder(512).Append("\">");
        if (answer.RelayState is not null)
        {
            page.Append("<input type=\"hidden\" name=\"RelayState\" value=\"")
                .Append(html.Encode(answer.RelayState))
                .Append("\">");
        }
        return page.Append("<button type=\"submit\">")
            .Append(html.Encode(texts["signon.posting.button"]))
            .Append("</button></form><script nonce=\"")
            .Append(nonce)
            .Append("\">document.forms[0].submit()</script></body></html>")
            .ToString();
    }
}

/// <summary>A message in a form.</summary>
/// <param name="Address">The registered address it goes to.</param>
/// <param name="Field">SAMLRequest or SAMLResponse.</param>
/// <param name="Message">The field's value, base64 in ASCII.</param>
/// <param name="RelayState">Beside it, if any.</param>
/// <param name="Title">Says what happens.</param>
/// <param name="Text">Says it in a sentence.</param>
internal sealed record CarriedMessage(
    string Address,
    string Field,
    ReadOnlyMemory<byte> Message,
    string? RelayState,
    string Title,
    string Text
);
