using System.Text.Encodings.Web;
using Latchkey.Saml.AspNetCore.Events;
using Latchkey.Saml.AspNetCore.IdentityProviders;
using Latchkey.Saml.AspNetCore.Pending;
using Latchkey.Saml.AspNetCore.Replay;
using Latchkey.Saml.Messages;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Requests;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using HttpStatus = Microsoft.AspNetCore.Http.StatusCodes;

namespace Latchkey.Saml.AspNetCore;

/// <summary>Signs users in with SAML 2.0, Web Browser SSO profile (saml-profiles-2.0 §4.1): a challenge goes out by HTTP-Redirect, the Response comes in by HTTP-POST.</summary>
public sealed partial class Saml2Handler
    : RemoteAuthenticationHandler<Saml2Options>,
        IAuthenticationSignOutHandler
{
    private readonly ISaml2ReplayCache _replayCache;
    private readonly IHostEnvironment _environment;

    /// <summary>Made by the framework for each request.</summary>
    public Saml2Handler(
        IOptionsMonitor<Saml2Options> options,
        ILoggerFactory logger,
        UrlEncoder encoder,
        ISaml2ReplayCache replayCache,
        IHostEnvironment environment
    )
        : base(options, logger, encoder)
    {
        _replayCache = replayCache;
        _environment = environment;
    }

    private new Saml2Events Events => (Saml2Events)base.Events;

    // What browsers see, which behind a proxy is not what arrives here.
    private string Origin =>
        Options.PublicOrigin ?? $"{Request.Scheme}{Uri.SchemeDelimiter}{Request.Host}";

    private bool BrowserUsesHttps =>
        Origin.StartsWith(Uri.UriSchemeHttps, StringComparison.OrdinalIgnoreCase);

    private string AssertionConsumerServiceUrl =>
        Origin + OriginalPathBase.Add(Options.CallbackPath).ToUriComponent();

    private string LogoutUrl => Origin + LogoutPath.ToUriComponent();

    private PathString LogoutPath => OriginalPathBase.Add(Options.LogoutPath);

    private PendingCookie Pending => new(Context, Options, Scheme.Name, path: null);

    private PendingCookie PendingLogouts => new(Context, Options, Scheme.Name, LogoutPath);

    private SignInLoop Loop => new(Context, Options, Scheme.Name);

    /// <inheritdoc/>
    protected override Task<object> CreateEventsAsync() =>
        Task.FromResult<object>(new Saml2Events());

    /// <inheritdoc/>
    public override async Task<bool> HandleRequestAsync()
    {
        if (
            Options.MetadataPath == Request.Path
            && (HttpMethods.IsGet(Request.Method) || HttpMethods.IsHead(Request.Method))
        )
        {
            await WriteMetadataAsync();
            return true;
        }

        try
        {
            if (Options.LogoutPath == Request.Path)
            {
                await HandleLogoutMessageAsync();
                return true;
            }

            return await base.HandleRequestAsync();
        }
        catch (Saml2MetadataException e) when (!Response.HasStarted)
        {
            await RefuseAsync(e);
            return true;
        }
        catch (AuthenticationFailureException e)
            when (!Response.HasStarted
                && e.InnerException is AuthenticationFailureException or Saml2MetadataException
            )
        {
            // A refusal that no event has answered. A fault of the program goes on to the application's error page.
            await RefuseAsync(e.InnerException);
            return true;
        }
    }

    /// <inheritdoc/>
    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (IsBackgroundRequest())
        {
            // A script cannot follow a redirect to a sign-in page on another site; it can act on 401.
            Response.StatusCode = HttpStatus.Status401Unauthorized;
            return;
        }

        var returnPath = ReturnPath(properties);
        var now = TimeProvider.GetUtcNow();
        var (count, missing) = Loop.Look(returnPath, now);
        if (count >= SignInLoop.Limit)
        {
            await StopLoopAsync(count, missing);
            return;
        }

        try
        {
            var identityProvider = await Options.IdentityProviderSource!.GetAsync(
                Context.RequestAborted
            );
            properties.RedirectUri = returnPath;
            await RedirectAsync(properties, identityProvider, now);
        }
        catch (Saml2MetadataException e)
        {
            await RefuseAsync(e);
        }
    }

    private async Task RedirectAsync(
        AuthenticationProperties properties,
        Saml2IdentityProvider identityProvider,
        DateTimeOffset now
    )
    {
        var context = new RedirectToIdentityProviderContext(
            Context,
            Scheme,
            Options,
            properties,
            identityProvider,
            NewRequest(identityProvider, now)
        );
        await Events.RedirectToIdentityProvider(context);
        if (context.Handled)
        {
            return;
        }

        var request = context.AuthnRequest;
        new PendingRequest(
            request.Id,
            identityProvider.EntityId,
            request.AssertionConsumerServiceUrl ?? AssertionConsumerServiceUrl,
            now,
            request.ForceAuthn
        ).Write(properties);
        var handle = Pending.Write(properties, now, BrowserUsesHttps);
        Logger.RedirectToIdentityProvider(
            Scheme.Name,
            identityProvider.SingleSignOnUrl,
            request.Id
        );
        Response.Headers.CacheControl = "no-store";
        Response.Redirect(
            MessageWriter.ToRedirectUrl(
                request,
                identityProvider.SingleSignOnUrl,
                handle,
                Options.SigningKey,
                Options.SignatureAlgorithm
            )
        );
    }

    private AuthnRequest NewRequest(Saml2IdentityProvider identityProvider, DateTimeOffset now) =>
        new()
        {
            Id = Options.IdSource.Next(),
            IssueInstant = now,
            Issuer = Options.EntityId!,
            Destination = identityProvider.SingleSignOnUrl,
            AssertionConsumerServiceUrl = AssertionConsumerServiceUrl,
            ProtocolBinding = SamlBindings.Post,
            ForceAuthn = Options.ForceAuthn,
            NameIdPolicy = Options.NameIdFormat is { } format
                ? new NameIdPolicy(format, AllowCreate: true)
                : null,
        };

    private string ReturnPath(AuthenticationProperties properties)
    {
        var wanted = string.IsNullOrEmpty(properties.RedirectUri)
            ? OriginalPathBase.Add(OriginalPath).ToUriComponent() + Request.QueryString
            : properties.RedirectUri;
        if (LocalAddress.ToPath(wanted, Origin) is { } path)
        {
            return path;
        }

        Logger.ReturnAddressRefused(Scheme.Name);
        return HomePath;
    }

    private string HomePath => OriginalPathBase.Add("/").ToUriComponent();

    // Browsers say whether a request is a navigation; a client that says nothing gets the redirect.
    private bool IsBackgroundRequest()
    {
        var mode = Request.Headers["Sec-Fetch-Mode"].ToString();
        return mode.Length > 0 && mode != "navigate";
    }
}
