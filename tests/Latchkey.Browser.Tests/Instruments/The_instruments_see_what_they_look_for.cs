using Latchkey.Testing.Browsers;

namespace Latchkey.Browser.Tests.Instruments;

/// <summary>"No findings" means something only if a page with faults gives findings.</summary>
public sealed class The_instruments_see_what_they_look_for(Chromium chromium)
{
    private const string Policy = "default-src 'self'";

    [Fact]
    public async Task A_script_against_the_policy_is_a_complaint()
    {
        await using var visit = await OpenAsync(
            "<!doctype html><html lang='en'><title>x</title><script>window.ran = true</script>"
        );
        visit.Complaints.ShouldHaveSingleItem().ShouldContain("Content Security Policy");
    }

    [Fact]
    public async Task A_style_against_the_policy_is_a_complaint_with_scripts_off_too()
    {
        await using var visit = await OpenAsync(
            "<!doctype html><html lang='en'><title>x</title><p style='color:red'>x</p>",
            new VisitSetup { JavaScript = false }
        );
        visit.Complaints.ShouldHaveSingleItem().ShouldContain("Content Security Policy");
    }

    [Fact]
    public async Task A_field_without_a_label_is_a_finding_under_the_strictest_policy()
    {
        await using var visit = await OpenAsync(
            "<!doctype html><html lang='en'><title>x</title><main><h1>x</h1><input type='text'></main>"
        );
        var findings = await Axe.FindingsAsync(visit.Page);
        findings.ShouldHaveSingleItem().ShouldStartWith("label:");
        visit.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_clean_page_has_no_findings()
    {
        await using var visit = await OpenAsync(
            "<!doctype html><html lang='en'><title>x</title><main><h1>x</h1><p>x</p></main>"
        );
        (await Axe.FindingsAsync(visit.Page)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("<p>Ten words fit, and each of them may grow a little.</p>", false)]
    [InlineData(
        "<nav style='display:flex'><b>Applications</b><b>Certificates</b><b>Administration</b></nav>",
        true
    )]
    public async Task A_page_that_longer_words_would_widen_is_found(string html, bool wide)
    {
        await using var visit = await chromium.VisitAsync(new VisitSetup { Phone = true });
        await visit.Page.SetContentAsync(
            $"<meta name='viewport' content='width=device-width'><div style='width:22rem'>{html}</div>"
        );
        (await LongerTexts.ScrollSidewaysAsync(visit.Page)).ShouldBe(wide);
    }

    private async Task<Visit> OpenAsync(string html, VisitSetup? setup = null)
    {
        var visit = await chromium.VisitAsync(setup);
        await visit.Context.RouteAsync(
            "**/*",
            route =>
                route.FulfillAsync(
                    new()
                    {
                        ContentType = "text/html",
                        Body = html,
                        Headers = new Dictionary<string, string>(StringComparer.Ordinal)
                        {
                            ["Content-Security-Policy"] = Policy,
                        },
                    }
                )
        );
        await visit.Page.GotoAsync("http://instruments.test/");
        return visit;
    }
}
