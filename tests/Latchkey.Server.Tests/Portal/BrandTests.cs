using System.Net;
using Latchkey.Server.Portal.Brand;
using Latchkey.Server.Portal.Settings;

namespace Latchkey.Server.Tests.Portal;

/// <summary>The organisation's own logo, colours and way to help (J-50).</summary>
public abstract class BrandTests(TestIdentityProvider server)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Rule", "J-50")]
    public async Task A_logo_is_on_the_page_and_served_as_what_it_is()
    {
        var browser = await OpenAsync();
        browser.Choose("#logo", "logo.gif", Png(400, 400));
        await browser.ClickAsync("#upload-logo");
        var address = browser
            .Page.QuerySelector("img.lk-brand-logo")
            .ShouldNotBeNull()
            .GetAttribute("src")!;
        using var stranger = server.Stranger();
        using var answer = await stranger.GetAsync(address, Ct);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("image/png");
        answer.Headers.ETag.ShouldNotBeNull();
        answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);

        await browser.ClickAsync("#remove-logo");
        browser.Page.QuerySelector("img.lk-brand-logo").ShouldBeNull();
        using var gone = await stranger.GetAsync(address, Ct);
        gone.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    [Trait("Rule", "J-50")]
    public async Task A_picture_that_is_too_small_is_refused_with_its_size()
    {
        var browser = await OpenAsync();
        browser.Choose("#logo", "logo.png", Png(399, 500));
        await browser.ClickAsync("#upload-logo");
        browser.Errors.ShouldBe([
            "The picture is 399 × 500 pixels; at least 400 × 400 are needed.",
        ]);
    }

    [Fact]
    [Trait("Rule", "J-50")]
    public async Task A_file_that_is_no_picture_is_refused_whatever_its_name()
    {
        var browser = await OpenAsync();
        browser.Choose("#logo", "logo.png", "<svg onload=alert(1)>"u8.ToArray());
        await browser.ClickAsync("#upload-logo");
        browser.Errors.ShouldBe(["This is neither PNG nor JPEG, whatever its name says."]);
    }

    [Fact]
    [Trait("Rule", "J-50")]
    public async Task A_picture_that_is_too_large_is_refused()
    {
        var browser = await OpenAsync();
        browser.Choose("#logo", "logo.png", [.. Png(400, 400), .. new byte[780 * 1024]]);
        await browser.ClickAsync("#upload-logo");
        browser.Errors.Single().ShouldContain("larger than 780 KB");
    }

    [Fact]
    [Trait("Rule", "J-50")]
    public async Task A_colour_is_a_stylesheet_of_our_own_and_asked_for_again_only_when_it_changed()
    {
        var browser = await OpenAsync();
        browser.Type("#Input_Accent", "#7A2048");
        await browser.ClickAsync("#save-portal");
        var address = browser
            .Page.QuerySelector("link[href^='/brand/colors.css']")
            .ShouldNotBeNull()
            .GetAttribute("href")!;
        using var stranger = server.Stranger();
        using var answer = await stranger.GetAsync(address, Ct);
        (await answer.Content.ReadAsStringAsync(Ct)).ShouldContain("--lk-accent-fill: #7a2048;");
        using var again = new HttpRequestMessage(HttpMethod.Get, address);
        again.Headers.IfNoneMatch.Add(answer.Headers.ETag!);
        using var unchanged = await stranger.SendAsync(again, Ct);
        unchanged.StatusCode.ShouldBe(HttpStatusCode.NotModified);

        browser.Type("#Input_Accent", "");
        await browser.ClickAsync("#save-portal");
        browser.Page.QuerySelector("link[href^='/brand/']").ShouldBeNull();
    }

    [Theory]
    [InlineData("#ffcc00", "Too light to be read")]
    [InlineData("red", "Expected: # and six")]
    [InlineData("#12345g", "Expected: # and six")]
    public async Task A_colour_that_cannot_be_read_is_refused(string color, string says)
    {
        var browser = await OpenAsync();
        browser.Type("#Input_Accent", color);
        await browser.ClickAsync("#save-portal");
        browser.Errors.Single().ShouldContain(says);
    }

    [Theory]
    [InlineData("helpdesk@example.test", "mailto:helpdesk@example.test")]
    [InlineData("https://help.example.test/new", "https://help.example.test/new")]
    [InlineData("tel:+442079460000", "tel:+442079460000")]
    public async Task Whom_to_turn_to_stands_on_pages_that_say_something_went_wrong(
        string typed,
        string link
    )
    {
        var browser = await OpenAsync();
        browser.Type("#Input_HelpName", "IT service desk");
        browser.Type("#Input_HelpAddress", typed);
        await browser.ClickAsync("#save-portal");
        browser.Errors.ShouldBeEmpty();

        await browser.OpenAsync("/nothing-here");
        browser.Status.ShouldBe(HttpStatusCode.NotFound);
        browser.Find(".lk-help a").GetAttribute("href").ShouldBe(link);
        browser.Text(".lk-help a").ShouldBe("IT service desk");
        await SaveAsync(new PortalSettings());
    }

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("http://help.example.test")]
    [InlineData("ask ada")]
    public async Task An_address_that_leads_nowhere_good_is_refused(string typed)
    {
        var browser = await OpenAsync();
        browser.Type("#Input_HelpAddress", typed);
        await browser.ClickAsync("#save-portal");
        browser.Errors.Single().ShouldContain("Expected: an e-mail address");
    }

    private async Task<Applications.AdminBrowser> OpenAsync()
    {
        await SaveAsync(new PortalSettings());
        var browser = await server.BrowserAsync();
        await browser.OpenAsync("/admin/settings/portal");
        return browser;
    }

    private async Task SaveAsync(PortalSettings settings) =>
        await server.AskAsync<PortalSettingsService, object>(async service =>
            await service.SaveAsync(settings, Ct)
        );

    /// <summary>The beginning of a PNG of that size.</summary>
    private static byte[] Png(int width, int height)
    {
        var file = new byte[64];
        byte[] start =
        [
            0x89,
            0x50,
            0x4e,
            0x47,
            0x0d,
            0x0a,
            0x1a,
            0x0a,
            0,
            0,
            0,
            13,
            0x49,
            0x48,
            0x44,
            0x52,
        ];
        start.CopyTo(file, 0);
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(16), width);
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(20), height);
        return file;
    }
}

public sealed class BrandOnSqlite(SqliteIdentityProvider server)
    : BrandTests(server),
        IClassFixture<SqliteIdentityProvider>;

public sealed class BrandOnPostgreSql(PostgreSqlIdentityProvider server)
    : BrandTests(server),
        IClassFixture<PostgreSqlIdentityProvider>;

/// <summary>Colours and pictures by themselves.</summary>
public sealed class BrandRulesTests
{
    [Theory]
    [InlineData("#000000", true)]
    [InlineData("#0b6b62", true)]
    [InlineData("#1a5fb4", true)]
    [InlineData("#767676", false)]
    [InlineData("#ff0000", false)]
    [InlineData("#ffffff", false)]
    public void A_colour_is_taken_if_it_is_read_on_every_light_ground(
        string color,
        bool readable
    ) => AccentColor.Read(color)!.Value.IsReadable.ShouldBe(readable);

    [Fact]
    public void What_is_taken_is_also_read_in_the_dark()
    {
        foreach (var color in (string[])["#000000", "#1a5fb4", "#7a2048", "#3d3d00"])
        {
            var css = AccentColor.Read(color)!.Value.Css();
            var pair = System.Text.RegularExpressions.Regex.Match(
                css,
                "--lk-accent: light-dark\\(#([0-9a-f]{6}), #([0-9a-f]{6})\\)",
                System.Text.RegularExpressions.RegexOptions.None,
                TimeSpan.FromSeconds(1)
            );
            Contrast(pair.Groups[2].Value, "1d2224").ShouldBeGreaterThanOrEqualTo(4.5, color);
        }
    }

    [Fact]
    public void A_JPEG_is_known_by_its_frame()
    {
        byte[] file =
        [
            0xff,
            0xd8,
            0xff,
            0xe0,
            0,
            4,
            0,
            0,
            0xff,
            0xc2,
            0,
            11,
            8,
            0x02,
            0x00,
            0x01,
            0x90,
            1,
            0,
            0,
            0,
            0,
            0,
        ];
        PictureFile.Check(file).ContentType.ShouldBe("image/jpeg");
    }

    [Theory]
    [InlineData("ffd8ff")]
    [InlineData("ffd8ffe00000")]
    [InlineData("89504e470d0a1a0a")]
    [InlineData("")]
    public void A_file_that_ends_too_soon_is_no_picture(string hex) =>
        PictureFile
            .Check(Convert.FromHexString(hex))
            .Problem!.Code.ShouldBe("brand-logo-not-a-picture");

    /// <summary>WCAG 2.2's ratio, worked out here once more.</summary>
    private static double Contrast(string one, string other)
    {
        var (a, b) = (Luminance(one), Luminance(other));
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    private static double Luminance(string hex)
    {
        var parts = Convert
            .FromHexString(hex)
            .Select(part => part / 255.0)
            .Select(s => s <= 0.04045 ? s / 12.92 : Math.Pow((s + 0.055) / 1.055, 2.4))
            .ToArray();
        return (0.2126 * parts[0]) + (0.7152 * parts[1]) + (0.0722 * parts[2]);
    }
}
