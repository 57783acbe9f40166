using System.Net;
using System.Net.Sockets;
using System.Text;
using Latchkey.Server.Applications;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Latchkey.Server.Tests.Applications;

/// <summary>Rule M1, with a listener on loopback that stands for the internet.</summary>
public sealed class MetadataFetchTests : IAsyncLifetime
{
    private readonly List<string> _asked = [];
    private readonly CancellationToken _stop = TestContext.Current.CancellationToken;
    private WebApplication? _site;
    private string _address = "";

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _site = builder.Build();
        _site.Use(
            (context, next) =>
            {
                lock (_asked)
                    _asked.Add(context.Request.Path);
                return next(context);
            }
        );
        _site.MapGet("/metadata", () => "<metadata/>");
        _site.MapGet("/large", () => new string('x', MetadataImport.MaxBytes + 1));
        _site.MapGet(
            "/tagged",
            (HttpContext context) =>
            {
                context.Response.Headers.ETag = "\"1\"";
                return context.Request.Headers.IfNoneMatch == "\"1\""
                    ? Results.StatusCode(304)
                    : Results.Text("<metadata/>");
            }
        );
        _site.MapGet("/unchanged", () => Results.StatusCode(304));
        _site.MapGet("/missing", () => Results.NotFound());
        _site.MapGet("/to", (string next) => Results.Redirect(next));
        _site.MapGet("/round", () => Results.Redirect("/round"));
        _site.MapGet(
            "/never",
            async (HttpContext context) =>
                await Task.Delay(Timeout.Infinite, context.RequestAborted)
        );
        _site.MapGet(
            "/headers",
            (HttpContext context) =>
                context.Request.Headers.Cookie + "|" + context.Request.Headers.Authorization
        );
        await _site.StartAsync();
        _address = _site.Urls.First();
    }

    public async ValueTask DisposeAsync() => await _site!.DisposeAsync();

    [Fact]
    public async Task M1_A_file_behind_a_redirect_is_fetched()
    {
        var fetched = await FetchAsync("/to?next=/metadata");

        Encoding.UTF8.GetString(fetched.Value!.Body).ShouldBe("<metadata/>");
    }

    [Fact]
    public async Task M1_No_cookies_and_no_credentials_are_sent() =>
        Encoding.UTF8.GetString((await FetchAsync("/headers")).Value!.Body).ShouldBe("|");

    [Fact]
    public async Task What_is_known_already_is_not_fetched_again()
    {
        using var fetch = new MetadataFetch(Local);
        var first = await fetch.GetAsync(_address + "/tagged", cancellationToken: _stop);

        var second = await fetch.GetAsync(_address + "/tagged", first.Value!.Validators, _stop);

        second.Value!.NotModified.ShouldBeTrue();
    }

    [Fact]
    public async Task A_server_that_says_unchanged_unasked_is_not_believed() =>
        (await FetchAsync("/unchanged")).Problems.Single().Code.ShouldBe("fetch-status");

    [Theory]
    [InlineData("/large", "metadata-too-large")]
    [InlineData("/missing", "fetch-status")]
    [InlineData("/round", "fetch-redirects")]
    [InlineData("/to?next=ftp://a.example.test/", "url-scheme")]
    [InlineData("/to?next=http://a.example.test/", "url-not-https")]
    public async Task M1_Answers_that_cannot_be_used_are_refused(string path, string code) =>
        (await FetchAsync(path)).Problems.Single().Code.ShouldBe(code);

    [Fact]
    public async Task M1_An_answer_that_does_not_come_is_given_up() =>
        (await FetchAsync("/never", Local with { Timeout = TimeSpan.FromMilliseconds(300) }))
            .Problems.Single()
            .Code.ShouldBe("fetch-timeout");

    [Fact]
    public async Task M1_Plain_http_is_refused_unless_this_server_is_local_itself()
    {
        (await FetchAsync("/metadata", new FetchRules()))
            .Problems.Single()
            .Code.ShouldBe("fetch-not-https");
        _asked.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("10.1.2.3")]
    [InlineData("169.254.169.254")]
    [InlineData("192.168.0.1")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("fd00:ec2::254")]
    public async Task M1_A_name_that_leads_inside_is_refused(string address)
    {
        using var fetch = new MetadataFetch(
            new FetchRules
            {
                Resolve = (_, _) => Task.FromResult(new[] { IPAddress.Parse(address) }),
            }
        );

        var refused = await fetch.GetAsync(
            "https://rebind.example.test/metadata",
            cancellationToken: _stop
        );

        refused.Problems.Single().Code.ShouldBe("fetch-private-address");
    }

    [Fact]
    public async Task M1_One_private_address_among_public_ones_refuses_the_name()
    {
        using var fetch = new MetadataFetch(
            new FetchRules
            {
                Resolve = (_, _) =>
                    Task.FromResult(
                        new[] { IPAddress.Parse("93.184.215.14"), IPAddress.Parse("10.0.0.1") }
                    ),
            }
        );

        var refused = await fetch.GetAsync(
            "https://mixed.example.test/metadata",
            cancellationToken: _stop
        );

        refused.Problems.Single().Code.ShouldBe("fetch-private-address");
    }

    [Fact]
    public async Task M1_The_address_is_checked_again_after_a_redirect()
    {
        var port = new Uri(_address).Port;
        var rules = Local with
        {
            Resolve = (host, _) =>
                Task.FromResult(
                    new[] { IPAddress.Parse(host == "localhost" ? "10.0.0.1" : "127.0.0.1") }
                ),
        };

        var refused = await FetchAsync($"/to?next=http://localhost:{port}/metadata", rules);

        refused.Problems.Single().Code.ShouldBe("fetch-private-address");
        _asked.ShouldBe(["/to"]);
    }

    [Fact]
    public async Task M1_A_name_is_resolved_once_and_what_was_checked_is_connected_to()
    {
        var asked = 0;
        var rules = Local with
        {
            Resolve = (_, _) =>
                Task.FromResult(new[] { IPAddress.Parse(asked++ == 0 ? "127.0.0.1" : "10.0.0.1") }),
        };
        using var fetch = new MetadataFetch(rules);

        var fetched = await fetch.GetAsync(
            $"http://localhost:{new Uri(_address).Port}/metadata",
            cancellationToken: _stop
        );

        fetched.Ok.ShouldBeTrue();
        asked.ShouldBe(1);
    }

    [Fact]
    public async Task A_name_that_does_not_exist_is_said_to()
    {
        using var fetch = new MetadataFetch(
            new FetchRules
            {
                Resolve = (_, _) => throw new SocketException((int)SocketError.HostNotFound),
            }
        );

        var refused = await fetch.GetAsync(
            "https://nowhere.example.test/metadata",
            cancellationToken: _stop
        );

        refused.Problems.Single().Code.ShouldBe("fetch-name-unknown");
    }

    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("2606:4700::1111", true)]
    [InlineData("64:ff9b::808:808", true)]
    [InlineData("0.0.0.0", false)]
    [InlineData("100.100.100.200", false)]
    [InlineData("168.63.129.16", false)]
    [InlineData("172.31.255.255", false)]
    [InlineData("172.32.0.1", true)]
    [InlineData("192.0.0.192", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fc00::1", false)]
    [InlineData("ff02::1", false)]
    [InlineData("2002:7f00:1::", false)]
    [InlineData("64:ff9b::7f00:1", false)]
    [InlineData("2001:0:1::", false)]
    [InlineData("2001:db8::1", false)]
    public void M1_Only_public_addresses_are_public(string address, bool isPublic) =>
        PublicAddress.IsPublic(IPAddress.Parse(address)).ShouldBe(isPublic);

    private static FetchRules Local =>
        new() { AllowLoopback = true, Allows = IPAddress.IsLoopback };

    private async Task<Problems.Outcome<FetchedFile>> FetchAsync(
        string path,
        FetchRules? rules = null
    )
    {
        using var fetch = new MetadataFetch(rules ?? Local);
        return await fetch.GetAsync(_address + path, cancellationToken: _stop);
    }
}
