using Latchkey.Testing.Browsers;
using Microsoft.Playwright;

namespace Latchkey.Browser.Tests.Pages;

/// <summary>What holds for every page, checked on every kind of page that links lead to.</summary>
public sealed class Every_page(House house, Chromium chromium)
{
    [Fact]
    public async Task Is_accessible_within_its_policy_and_its_width_by_day_by_night_and_on_a_phone() =>
        (await house.MapAsync(chromium)).Findings.ShouldBeEmpty();

    [Fact]
    public async Task Before_signing_in_is_accessible_too()
    {
        await using var walk = await Walk.StartAsync(chromium, house.Server, Look.Light);
        await walk.Page.GotoAsync("/sign-in");
        await walk.ExamineInEveryLookAsync();
        await walk.Page.Locator("input[name=username]").FillAsync("nobody");
        await walk.Page.Locator("input[name=password]").FillAsync("wrong password");
        await walk.SubmitAsync();
        await walk.ExamineInEveryLookAsync();
        await walk.Page.GotoAsync("/saml2/nothing-here");
        await walk.ExamineInEveryLookAsync();
        walk.Findings.ShouldBeEmpty();
    }

    [Fact]
    public async Task Is_not_kept_by_a_cache_once_somebody_is_signed_in() =>
        (await house.MapAsync(chromium))
            .Addresses.Where(a => a.Weight is not null)
            .Where(a => a.CacheControl?.Contains("no-store", StringComparison.Ordinal) != true)
            .Select(a => $"{a.Path}: {a.CacheControl}")
            .ShouldBeEmpty();

    [Fact]
    public async Task Leads_nowhere_that_is_not_there()
    {
        var map = await house.MapAsync(chromium);
        map.Addresses.Where(a => a.Status >= 400)
            .Select(a => $"{a.Path}: {a.Status}")
            .ShouldBeEmpty();
        // The walk itself has to have got about.
        map.Addresses.Count.ShouldBeGreaterThan(12);
    }

    [Fact]
    public async Task Weighs_at_most_90_KB_in_10_requests() =>
        (await house.MapAsync(chromium))
            .Addresses.Where(a =>
                a.Weight is { } weight && (weight.Kilobytes > 90 || weight.Requests > 10)
            )
            .Select(a => $"{a.Path}: {a.Weight}")
            .ShouldBeEmpty();

    [Fact]
    [Trait("Rule", "J-50")]
    public async Task For_signing_in_weighs_at_most_65_KB_in_6_requests_with_logo_and_colour_of_the_organisation()
    {
        await using var walk = await house.SignedInAsync(chromium, "root");
        await walk.Page.GotoAsync("/admin/settings/portal");
        await walk.FillAsync("accent", "#6b2d8f");
        await walk.PressAsync(walk.Page.Locator("#save-portal"));
        await walk.Field("logo").SetInputFilesAsync(await LogoAsync());
        await walk.PressAsync(walk.Page.Locator("#upload-logo"));

        await using var stranger = await chromium.VisitAsync(Look.Light.At(house.Server.Address));
        var weight = await PageWeight.OfAsync(stranger, "/sign-in");

        // The house is others' too.
        await walk.PressAsync(walk.Page.Locator("#remove-logo"));
        await walk.FillAsync("accent", "");
        await walk.PressAsync(walk.Page.Locator("#save-portal"));
        weight.Parts.ShouldContain(part => part.Path == "/brand/logo");
        weight.Parts.ShouldContain(part => part.Path == "/brand/colors.css");
        weight.Requests.ShouldBeLessThanOrEqualTo(6, weight.ToString());
        weight.Kilobytes.ShouldBeLessThanOrEqualTo(65, weight.ToString());
    }

    /// <summary>As few bytes as a logo of 400 pixels a side can have: nothing is on it.</summary>
    private async Task<FilePayload> LogoAsync()
    {
        await using var blank = await chromium.VisitAsync();
        var picture = await blank.Page.ScreenshotAsync(
            new()
            {
                Clip = new()
                {
                    X = 0,
                    Y = 0,
                    Width = 400,
                    Height = 400,
                },
            }
        );
        return new()
        {
            Name = "logo.png",
            MimeType = "image/png",
            Buffer = picture,
        };
    }
}
