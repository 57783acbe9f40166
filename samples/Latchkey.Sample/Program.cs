// A small web application that lets its users sign in with SAML 2.0. Everything SAML is in AddSaml2.

var builder = WebApplication.CreateBuilder(
    new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory }
);

var address = builder.Configuration["urls"] ?? "http://127.0.0.1:8081";
builder.WebHost.UseUrls(address);

// What is set here is the default for the demonstration; Authentication:Schemes:Saml2:* in the environment or on the
// command line comes first.
builder
    .Services.AddAuthentication()
    .AddCookie(options => options.Cookie.Name = "latchkey-sample")
    .AddSaml2(options =>
    {
        options.PublicOrigin ??= address;
        options.IdpMetadata ??= "http://127.0.0.1:8080/saml2/sample/metadata";

        // The identity provider's portal starts sign-ins too.
        options.AllowUnsolicited = true;
    });
builder.Services.AddAuthorization();
builder.Services.AddRazorPages();
builder.Services.AddHealthChecks().AddSaml2();

var app = builder.Build();

app.Use(
    (context, next) =>
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy =
            "default-src 'self'; object-src 'none'; base-uri 'self'; frame-ancestors 'none'; form-action 'self'";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        return next(context);
    }
);
app.UseStaticFiles();
app.UseAuthentication();
app.UseAuthorization();
app.MapRazorPages();
app.MapHealthChecks("/healthz");

// A link, not a form: a form's answer must not lead to another site under form-action 'self'.
app.MapGet("/sign-in", () => Results.Challenge(new() { RedirectUri = "/" }));

await app.RunAsync();
