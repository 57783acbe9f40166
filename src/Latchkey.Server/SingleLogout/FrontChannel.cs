using System.Text;
using Latchkey.Saml.Messages;
using Latchkey.Saml.Protocol;
using Latchkey.Server.SingleSignOn;
using Latchkey.Web.Texts;
using Endpoint = Latchkey.Saml.Metadata.Endpoint;

namespace Latchkey.Server.SingleLogout;

/// <summary>Has the browser carry a logout message to a service provider, by the binding of its address. Only ever the answer to a GET: browsers hold a form's policy against every redirect after it.</summary>
internal sealed class FrontChannel(AutoPostPage page, ITexts texts)
{
    public Task SendAsync(
        HttpContext http,
        ApplicationRuntime runtime,
        SamlMessage message,
        Endpoint to,
        string? relayState
    )
    {
        http.Response.Headers.CacheControl = "no-store";
        if (to.Binding == SamlBindings.Redirect)
        {
            http.Response.StatusCode = Microsoft.AspNetCore.Http.StatusCodes.Status303SeeOther;
            http.Response.Headers.Location = MessageWriter.ToRedirectUrl(
                message,
                to.Location,
                relayState,
                runtime.SigningKey,
                runtime.SignatureAlgorithm
            );
            return Task.CompletedTask;
        }
        var value = MessageWriter.ToFormValue(
            message,
            runtime.SigningKey,
            runtime.SignatureAlgorithm
        );
        var label = runtime.Application.Label;
        return page.WriteAsync(
            http,
            new CarriedMessage(
                to.Location,
                message is LogoutResponse ? "SAMLResponse" : "SAMLRequest",
                Encoding.ASCII.GetBytes(value),
                relayState,
                texts["logout.posting.title", label],
                texts["logout.posting.text", label]
            )
        );
    }
}
