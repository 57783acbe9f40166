using System.Text.RegularExpressions;
using Latchkey.Testing;
using Latchkey.Testing.Browsers;
using Microsoft.Playwright;

namespace Latchkey.Interop.Tests;

/// <summary>What <c>./run.sh</c> starts: the demo organisation with the sample application, on our library, connected to it.</summary>
public sealed partial class The_sample_application(Chromium chromium)
{
    [Fact]
    [Trait("Rule", "S1-32")]
    [Trait("Rule", "U-23")]
    [Trait("Rule", "S2-02")]
    public async Task A_sign_out_there_ends_at_the_portal_and_comes_back_and_one_at_the_portal_ends_there()
    {
        var sample = $"http://127.0.0.1:{Ports.Free()}";
        await using var server = await ServerProcess.StartAsync(
            new ServerSetup
            {
                Environment = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["LATCHKEY_DEMO"] = "1",
                    ["LATCHKEY_DEMO_APPLICATION"] = sample,
                },
            }
        );
        await using var application = await StartAsync(server, sample);
        await using var visit = await chromium.VisitAsync(
            new VisitSetup { Address = server.Address }
        );
        var password = Password().Match(server.Output).Groups["password"].Value;
        await SignInAsync(visit, sample, password);

        await visit.Page.Locator("#sign-out").ClickAsync();
        await Assertions.Expect(visit.Page.Locator("#sign-in")).ToBeVisibleAsync();
        visit.Page.Url.ShouldBe(sample + "/");
        await visit.Page.GotoAsync(server.At("/"));
        new Uri(visit.Page.Url).AbsolutePath.ShouldBe("/sign-in");

        await SignInAsync(visit, sample, password);
        await visit.Page.GotoAsync(server.At("/sign-out"));
        await visit.Page.Locator("main form button").ClickAsync();
        await Assertions
            .Expect(visit.Page.Locator("#participants"))
            .ToContainTextAsync("Signed out");
        await visit.Page.GotoAsync(sample);
        await Assertions.Expect(visit.Page.Locator("#sign-in")).ToBeVisibleAsync();
    }

    private static async Task SignInAsync(Visit visit, string sample, string password)
    {
        await visit.Page.GotoAsync(sample);
        await visit.Page.Locator("#sign-in").ClickAsync();
        await visit.SignInAsync("grace", password);
        await Assertions.Expect(visit.Page.Locator("#name")).ToHaveTextAsync("Grace Hopper");
    }

    private static async Task<ChildProcess> StartAsync(ServerProcess server, string address)
    {
        var application = ChildProcess.Start(
            "dotnet",
            [
                Repository.Program("Latchkey.Sample", "samples"),
                "--urls",
                address,
                "--Authentication:Schemes:Saml2:IdpMetadata",
                server.At("/saml2/sample/metadata"),
                "--Authentication:Schemes:Saml2:SigningKeyFile",
                Path.Combine(server.Folder, "sample-application.pem"),
            ],
            server.Folder
        );
        await Wait.UntilAsync(
            async () =>
            {
                try
                {
                    using var answer = await server.Client.GetAsync(new Uri(address));
                    return answer.IsSuccessStatusCode;
                }
                catch (HttpRequestException) when (!application.HasExited)
                {
                    return false;
                }
            },
            () => $"The sample application is not ready:\n{application.Output}"
        );
        return application;
    }

    [GeneratedRegex(
        @"^\s*grace\s+(?<password>\S+)",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Password();
}
