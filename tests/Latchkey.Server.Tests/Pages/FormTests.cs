using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Latchkey.Server.Tests.Applications;

namespace Latchkey.Server.Tests.Pages;

/// <summary>What holds for the forms of every page that links lead to.</summary>
public sealed class FormTests(SqliteIdentityProvider host) : IClassFixture<SqliteIdentityProvider>
{
    [Fact]
    public async Task Every_form_that_changes_something_carries_its_token()
    {
        var forms = new List<string>();
        var bare = new List<string>();
        await WalkAsync(page =>
        {
            foreach (var form in Posting(page))
            {
                var name = $"{page.Url}: {form.GetAttribute("action")}";
                forms.Add(name);
                if (form.QuerySelector("input[name=__token]") is null)
                {
                    bare.Add(name);
                }
            }
        });
        forms.Count.ShouldBeGreaterThan(20);
        bare.ShouldBeEmpty();
    }

    [Fact]
    public async Task Every_control_has_a_name_that_is_read_out()
    {
        var nameless = new List<string>();
        await WalkAsync(page =>
        {
            foreach (
                var control in page.QuerySelectorAll(
                    "input:not([type=hidden]), select, textarea:not([hidden])"
                )
            )
            {
                var named =
                    control.HasAttribute("aria-label")
                    || control.HasAttribute("aria-labelledby")
                    || (
                        control.Id is { Length: > 0 } id
                        && page.QuerySelector($"label[for='{id}']") is not null
                    );
                if (!named)
                {
                    nameless.Add($"{page.Url}: {control.OuterHtml}");
                }
            }
        });
        nameless.ShouldBeEmpty();
    }

    [Fact]
    public async Task No_two_things_of_a_page_have_one_id()
    {
        var twice = new List<string>();
        await WalkAsync(page =>
            twice.AddRange(
                page.QuerySelectorAll("[id]")
                    .GroupBy(e => e.Id, StringComparer.Ordinal)
                    .Where(same => same.Count() > 1)
                    .Select(same => $"{page.Url}: {same.Key}")
            )
        );
        twice.ShouldBeEmpty();
    }

    [Fact]
    public async Task No_page_holds_a_script_or_a_style_of_its_own()
    {
        var own = new List<string>();
        await WalkAsync(page =>
            own.AddRange(
                page.QuerySelectorAll("script:not([src]), style, [style]")
                    .Concat(
                        page.All.Where(e =>
                            e.Attributes.Any(a => a.Name.StartsWith("on", StringComparison.Ordinal))
                        )
                    )
                    .Select(e => $"{page.Url}: {e.OuterHtml}")
            )
        );
        own.ShouldBeEmpty();
    }

    private static IEnumerable<IHtmlFormElement> Posting(IHtmlDocument page) =>
        page.Forms.Where(form =>
            string.Equals(form.Method, "post", StringComparison.OrdinalIgnoreCase)
        );

    /// <summary>Opens one page of each kind, beginning where an administrator begins.</summary>
    private async Task WalkAsync(Action<IHtmlDocument> look)
    {
        var application = await host.AddAsync();
        var user = await host.UserAsync();
        await host.GroupAsync(null, user);
        var browser = await host.BrowserAsync();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var waiting = new Queue<string>([
            "/admin",
            "/",
            "/sign-in",
            $"/admin/applications/{application.Id}",
            "/admin/search?q=a",
        ]);
        while (waiting.TryDequeue(out var path))
        {
            if (!seen.Add(Kind(path)))
            {
                continue;
            }
            await browser.OpenAsync(path);
            if (browser.Page.Doctype is null)
            {
                continue;
            }
            look(browser.Page);
            foreach (var link in browser.Page.QuerySelectorAll("a[href^='/']:not([download])"))
            {
                var target = link.GetAttribute("href")!.Split('#')[0];
                if (!target.StartsWith("/saml2/", StringComparison.Ordinal))
                {
                    waiting.Enqueue(target);
                }
            }
        }
        seen.Count.ShouldBeGreaterThan(15);
    }

    /// <summary>Two users are one kind of page.</summary>
    private static string Kind(string path) =>
        string.Join(
            '/',
            path.Split('?')[0].Split('/').Select(part => Guid.TryParse(part, out _) ? "{id}" : part)
        );
}
