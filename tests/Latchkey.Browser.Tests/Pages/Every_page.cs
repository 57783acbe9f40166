using Latchkey.Testing.Browsers;
using Microsoft.Playwright;

namespace Latchkey.Browser.Tests.Pages;

/// <summary>What holds for every page, checked on every kind of page that links lead to.</summary>
public sealed class Every_page(House house, Chromium chromium)
{
    private static readonly string[] Starts = ["/admin", "/admin/search?q=wiki", "/"];

    [Theory]
    [InlineData(Look.Light)]
    [InlineData(Look.Dark)]
    [InlineData(Look.Phone)]
    public async Task Is_accessible_within_its_policy_and_its_width(Look look)
    {
        await using var walk = await house.SignedInAsync(chromium, "root", look);
        await Crawl.FromAsync(walk, Starts, (_, _) => walk.ExamineAsync());
        walk.Findings.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(Look.Light)]
    [InlineData(Look.Dark)]
    [InlineData(Look.Phone)]
    public async Task Before_signing_in_is_accessible_too(Look look)
    {
        await using var walk = await Walk.StartAsync(chromium, house.Server, look);
        await walk.GoAsync("/sign-in");
        await walk.Page.Locator("input[name=username]").FillAsync("nobody");
        await walk.Page.Locator("input[name=password]").FillAsync("wrong password");
        await walk.SubmitAsync();
        await walk.ExamineAsync();
        await walk.GoAsync("/saml2/nothing-here");
        walk.Findings.ShouldBeEmpty();
    }

    [Fact]
    public async Task Is_not_kept_by_a_cache_once_somebody_is_signed_in()
    {
        await using var walk = await house.SignedInAsync(chromium, "root");
        var kept = new List<string>();
        await Crawl.FromAsync(
            walk,
            Starts,
            async (path, answer) =>
            {
                var control = await answer.HeaderValueAsync("cache-control");
                if (control?.Contains("no-store", StringComparison.Ordinal) != true)
                    kept.Add($"{path}: {control}");
            }
        );
        kept.ShouldBeEmpty();
    }

    [Fact]
    public async Task Leads_nowhere_that_is_not_there()
    {
        await using var walk = await house.SignedInAsync(chromium, "root");
        var broken = new List<string>();
        var opened = await Crawl.FromAsync(
            walk,
            Starts,
            (path, answer) =>
            {
                if (answer.Status >= 400)
                    broken.Add($"{path}: {answer.Status}");
                return Task.CompletedTask;
            }
        );
        broken.ShouldBeEmpty();
        // The crawl itself has to have got about.
        opened.Count.ShouldBeGreaterThan(12);
    }

    [Fact]
    public async Task Weighs_at_most_90_KB_in_10_requests()
    {
        await using var walk = await house.SignedInAsync(chromium, "root");
        var pages = new List<string>();
        await Crawl.FromAsync(
            walk,
            Starts,
            (path, _) =>
            {
                pages.Add(path);
                return Task.CompletedTask;
            }
        );
        var tooHeavy = new List<string>();
        foreach (var path in pages)
        {
            var weight = await PageWeight.OfAsync(walk.Visit, path);
            if (weight.Kilobytes > 90 || weight.Requests > 10)
                tooHeavy.Add($"{path}: {weight}");
        }
        tooHeavy.ShouldBeEmpty();
    }

    [Fact]
    public async Task For_signing_in_weighs_at_most_65_KB_in_6_requests()
    {
        await using var visit = await chromium.VisitAsync(Look.Light.At(house.Server.Address));
        var weight = await PageWeight.OfAsync(visit, "/sign-in");
        weight.Requests.ShouldBeLessThanOrEqualTo(6, weight.ToString());
        weight.Kilobytes.ShouldBeLessThanOrEqualTo(65, weight.ToString());
    }
}
