using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Latchkey.Server.SingleSignOn;

/// <summary>Writes the end of a sign-in: the page that posts a Response, or the one that says no.</summary>
internal sealed class SignOnPages(AutoPostPage autoPost, EndpointDataSource endpoints)
{
    private const string RefusedPage = "/SingleSignOn/Pages/Refused";

    private Endpoint? _refused;

    public Task WriteAsync(HttpContext http, SignOnAnswer answer) =>
        answer switch
        {
            SignOnAnswer.Respond respond => autoPost.WriteAsync(http, respond),
            SignOnAnswer.Refused refused => RefuseAsync(http, refused.Refusal),
            _ => throw new InvalidOperationException("This is not the end of a sign-in."),
        };

    /// <summary>Runs the page in place of the endpoint that was asked for, so that the address and the status code tell the truth.</summary>
    public Task RefuseAsync(HttpContext http, Refusal refusal)
    {
        _refused ??= endpoints.Endpoints.Single(e =>
            e.Metadata.GetMetadata<PageActionDescriptor>()?.ViewEnginePath == RefusedPage
        );
        http.Features.Set(refusal);
        http.Response.StatusCode = refusal.StatusCode;
        http.Request.Method = HttpMethods.Get;
        http.Request.RouteValues = new() { ["page"] = RefusedPage };
        http.SetEndpoint(_refused);
        return _refused.RequestDelegate!(http);
    }
}

/// <summary>The same for a page's handler.</summary>
internal sealed class SignOnResult(SignOnAnswer answer) : ActionResult
{
    public override Task ExecuteResultAsync(ActionContext context) =>
        context
            .HttpContext.RequestServices.GetRequiredService<SignOnPages>()
            .WriteAsync(context.HttpContext, answer);
}
