using System.Runtime.CompilerServices;
using System.Security.Claims;
using Latchkey.Saml.AspNetCore.Tests.Fakes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace Latchkey.Saml.AspNetCore.Tests;

/// <summary>The sample in the package's README, compiled and run.</summary>
public sealed class ReadmeTests
{
    [Fact]
    public async Task The_sample_in_the_README_signs_a_user_in()
    {
        var idp = new FakeIdentityProvider();
        await using var app = Sample([], builder => Prepare(builder, idp));
        await app.StartAsync(TestContext.Current.CancellationToken);
        var browser = new Browser(
            app.GetTestServer().CreateHandler(),
            new Uri("https://app.example.com")
        );

        await browser.SignInAsync(idp, TimeProvider.System.GetUtcNow(), "/");

        (await browser.ReadAsync("/")).ShouldBe("Hello, Ada Lovelace!");
    }

    [Fact]
    public void The_sample_in_the_README_is_the_one_that_is_tested()
    {
        var folder = Folder();
        var readme = File.ReadAllText(
            Path.Combine(folder, "../../src/Latchkey.Saml.AspNetCore/README.md")
        );
        var shown = readme.Split("```csharp\n")[1].Split("```")[0];
        var tested = File.ReadAllText(Path.Combine(folder, "ReadmeTests.cs"))
            .Split("// README begins\n")[1]
            .Split("// README ends")[0];

        Lines(shown).Except(Lines(tested), StringComparer.Ordinal).ShouldBe(["app.Run();"]);
    }

    private static WebApplication Sample(string[] args, Action<WebApplicationBuilder> prepare)
    {
        // README begins
        var builder = WebApplication.CreateBuilder(args);
        builder
            .Services.AddAuthentication()
            .AddCookie()
            .AddSaml2(options =>
            {
                options.EntityId = "https://app.example.com";
                options.IdpMetadata = "https://id.example.com/saml2/app/metadata";
            });
        builder.Services.AddAuthorization();
        prepare(builder);
        var app = builder.Build();
        app.MapGet("/", (ClaimsPrincipal user) => $"Hello, {user.Identity!.Name}!")
            .RequireAuthorization();
        app.MapPost("/sign-out", () => Results.SignOut(new() { RedirectUri = "/" }, ["Saml2"]));
        // README ends
        return app;
    }

    private static void Prepare(WebApplicationBuilder builder, FakeIdentityProvider idp)
    {
        builder.WebHost.UseTestServer();
        builder.Services.PostConfigureAll<Saml2Options>(o =>
            o.IdentityProviderSource = TestApplication.Fixed(idp)
        );
    }

    private static IEnumerable<string> Lines(string text) =>
        text.Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0);

    private static string Folder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
