using Latchkey.Server.Insights;
using Latchkey.Server.Tests.Applications;

namespace Latchkey.Server.Tests.Insights;

/// <summary>The pages of the record.</summary>
public sealed class EventPagesTests(SqliteIdentityProvider host)
    : IClassFixture<SqliteIdentityProvider>
{
    [Fact]
    public async Task A_reference_code_in_the_search_box_opens_the_step_that_failed_J_122()
    {
        var code = ReferenceCode.New();
        var failed = Step(EventTypes.SamlResponseRefused, code, "audience-wrong");
        await WriteAsync(
            Step(EventTypes.SamlRequestReceived, code),
            failed,
            Step(EventTypes.SsoAuth, code)
        );
        var browser = await host.BrowserAsync();

        await browser.OpenAsync($"/admin/search?q={code[..4].ToLowerInvariant()}-{code[4..]}");

        browser.Address.ShouldBe($"/admin/events/{failed.Id}");
        browser.Page.QuerySelectorAll(".lk-steps > li").Length.ShouldBe(3);
    }

    [Fact]
    public async Task The_list_goes_on_with_older_events_and_ends()
    {
        var browser = await host.BrowserAsync();
        var application = Guid.CreateVersion7();
        await WriteAsync([
            .. Enumerable
                .Range(0, 60)
                .Select(_ => new Event
                {
                    At = host.Clock.GetUtcNow(),
                    Type = EventTypes.SsoAuth,
                    Success = true,
                    ApplicationId = application,
                }),
        ]);

        await browser.OpenAsync($"/admin/events?application={application}");
        Rows(browser).ShouldBe(50);
        await browser.ClickAsync("#pager-older");

        Rows(browser).ShouldBe(10);
        browser.Page.QuerySelector("#pager-older").ShouldBeNull();
        browser.Page.QuerySelector("#pager-newest").ShouldNotBeNull();
    }

    [Fact]
    public async Task A_list_that_fits_one_page_has_no_pager()
    {
        var browser = await host.BrowserAsync();
        await browser.OpenAsync("/admin/events?outcome=failure&q=nobody-is-called-so");
        browser.Page.QuerySelector(".lk-pager").ShouldBeNull();
    }

    [Fact]
    public async Task What_a_finding_says_is_shown_with_its_remedy()
    {
        var happened = new Event
        {
            At = host.Clock.GetUtcNow(),
            Type = EventTypes.SamlResponseRefused,
            Success = false,
            Details = """
                {"findings":[{"code":"x-wrong","title":"It is wrong","remedy":"Make it right","expected":"a","found":"b"}],"from_outside":"<script>alert(1)</script>"}
                """,
        };
        await WriteAsync(happened);
        var browser = await host.BrowserAsync();

        await browser.OpenAsync($"/admin/events/{happened.Id}");

        browser.Text(".lk-finding").ShouldContain("Make it right");
        browser.Text("main").ShouldContain("<script>alert(1)</script>");
    }

    [Fact]
    [Trait("Rule", "J-122")]
    public async Task The_steps_that_an_event_holds_stand_under_its_code_before_it()
    {
        var happened = Held(ReferenceCode.New());
        await WriteAsync(happened);
        var browser = await host.BrowserAsync();

        await browser.OpenAsync($"/admin/events/{happened.Id}");

        browser
            .Page.QuerySelectorAll(".lk-steps a")
            .Select(a => a.GetAttribute("href"))
            .ShouldBe([
                $"/admin/events/{happened.Id}#step-1",
                $"/admin/events/{happened.Id}#step-2",
                $"/admin/events/{happened.Id}",
            ]);
    }

    [Fact]
    public async Task A_step_that_an_event_holds_is_shown_with_its_details()
    {
        var happened = Held(ReferenceCode.New());
        await WriteAsync(happened);
        var browser = await host.BrowserAsync();

        await browser.OpenAsync($"/admin/events/{happened.Id}");

        browser.Text("#step-2").ShouldContain("_response");
    }

    [Fact]
    public async Task A_list_of_one_type_has_the_events_that_hold_such_a_step()
    {
        var code = ReferenceCode.New();
        await WriteAsync(Held(code), Step(EventTypes.SsoAuth, code));
        var browser = await host.BrowserAsync();

        await browser.OpenAsync($"/admin/events?type=saml_response_issued&q={code}");

        Rows(browser).ShouldBe(1);
    }

    [Theory]
    [InlineData("margaret")]
    [InlineData("ada-webb")]
    public async Task A_name_that_could_be_a_reference_code_is_found(string name)
    {
        await WriteAsync(
            new Event
            {
                At = host.Clock.GetUtcNow(),
                Type = EventTypes.UserUpdate,
                Success = true,
                ActorName = name,
            }
        );
        var browser = await host.BrowserAsync();

        await browser.OpenAsync($"/admin/events?q={name}");

        Rows(browser).ShouldBe(1);
    }

    private static int Rows(AdminBrowser browser) =>
        browser.Page.QuerySelectorAll("tbody tr").Length;

    private Event Step(string type, string code, string? finding = null) =>
        new()
        {
            At = host.Clock.GetUtcNow(),
            Type = type,
            Success = finding is null,
            FindingCode = finding,
            ReferenceCode = code,
        };

    private Event Held(string code) =>
        new()
        {
            At = host.Clock.GetUtcNow(),
            Type = EventTypes.SsoAuth,
            Success = true,
            ReferenceCode = code,
            Details = """
                {"idp_initiated":false,"steps":[{"type":"saml_request_received","at":"2026-01-01T00:00:00+00:00","details":{"id":"_request"}},{"type":"saml_response_issued","at":"2026-01-01T00:00:00+00:00","details":{"id":"_response"}}]}
                """,
        };

    private Task WriteAsync(params Event[] events) => host.Service<EventLog>().WriteAsync(events);
}
