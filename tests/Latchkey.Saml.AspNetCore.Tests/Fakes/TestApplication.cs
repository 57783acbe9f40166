using System.Security.Claims;
using Latchkey.Saml.AspNetCore.IdentityProviders;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Latchkey.Saml.AspNetCore.Tests.Fakes;

/// <summary>An application in memory that signs its users in with SAML.</summary>
internal sealed class TestApplication : IAsyncDisposable
{
    public const string EntityId = "https://app.example.test/saml2/metadata";

    // Far ahead, so that a cookie which expires by this clock has not expired by the machine's.
    public static readonly DateTimeOffset Start = new(2035, 6, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly WebApplication _application;

    private TestApplication(WebApplication application, FakeTimeProvider time, LogLines log)
    {
        _application = application;
        Time = time;
        Log = log;
    }

    public FakeTimeProvider Time { get; }

    public LogLines Log { get; }

    public DateTimeOffset Now => Time.GetUtcNow();

    public IServiceProvider Services => _application.Services;

    /// <summary>Starts one with the identity provider's metadata read as XML.</summary>
    public static Task<TestApplication> StartAsync(
        FakeIdentityProvider identityProvider,
        Action<Saml2Options>? configure = null,
        string environment = "Production"
    ) =>
        StartAsync(
            authentication =>
                authentication.AddSaml2(options =>
                {
                    options.EntityId = EntityId;
                    options.IdentityProviderSource = Fixed(identityProvider);
                    configure?.Invoke(options);
                }),
            environment
        );

    public static async Task<TestApplication> StartAsync(
        Action<AuthenticationBuilder> schemes,
        string environment = "Production",
        params (string Key, string Value)[] configuration
    )
    {
        var time = new FakeTimeProvider(Start);
        var log = new LogLines();
        var builder = WebApplication.CreateBuilder(
            new WebApplicationOptions { EnvironmentName = environment }
        );
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders().AddProvider(log);
        foreach (var (key, value) in configuration)
        {
            builder.Configuration[key] = value;
        }

        builder.Services.AddSingleton<TimeProvider>(time);
        builder.Services.AddSingleton<IDataProtectionProvider>(
            new EphemeralDataProtectionProvider()
        );
        schemes(builder.Services.AddAuthentication().AddCookie());
        builder.Services.AddAuthorization();
        builder.Services.AddHealthChecks().AddSaml2();

        var application = builder.Build();
        application.UseAuthentication();
        application.UseAuthorization();
        application.MapGet("/", Describe);
        application.MapGet("/private", Describe).RequireAuthorization();
        application
            .MapGet("/engineering", Describe)
            .RequireAuthorization(p => p.RequireRole("Engineering"));
        application.MapGet("/session", (Delegate)DescribeSession);
        application.MapGet(
            "/challenge",
            (string? returnUrl, string? scheme) =>
                Results.Challenge(
                    new AuthenticationProperties { RedirectUri = returnUrl },
                    scheme is null ? null : [scheme]
                )
        );
        application.MapMethods(
            "/leave",
            ["GET", "POST"],
            (string? returnUrl) =>
                Results.SignOut(
                    new AuthenticationProperties { RedirectUri = returnUrl },
                    [Saml2Defaults.AuthenticationScheme]
                )
        );
        application.MapHealthChecks("/healthz");
        await application.StartAsync();
        return new(application, time, log);
    }

    public static ISaml2IdentityProviderSource Fixed(FakeIdentityProvider identityProvider) =>
        new FixedIdentityProvider(
            new()
            {
                EntityId = identityProvider.EntityId,
                SingleSignOnUrl = identityProvider.SingleSignOnUrl,
                SingleLogoutUrl = identityProvider.SingleLogoutUrl,
                SingleLogoutResponseUrl = identityProvider.SingleLogoutResponseUrl,
                Keys =
                [
                    Keys.VerificationKey.FromCertificate(identityProvider.Key.Certificate.RawData),
                ],
            }
        );

    public Browser NewBrowser(string origin = "https://app.example.test") =>
        new(_application.GetTestServer().CreateHandler(), new Uri(origin));

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private static string Describe(ClaimsPrincipal user) =>
        user.Identity?.IsAuthenticated is true
            ? string.Join('\n', user.Claims.Select(c => $"{c.Type}={c.Value} ({c.Issuer})"))
            : "nobody";

    private static async Task<string> DescribeSession(HttpContext context)
    {
        var properties = (await context.AuthenticateAsync()).Properties;
        return $"{Saml2Session.Read(properties)} expires {properties?.ExpiresUtc:O}";
    }
}
