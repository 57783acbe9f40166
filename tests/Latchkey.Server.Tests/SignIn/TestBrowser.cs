using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace Latchkey.Server.Tests.SignIn;

/// <summary>As much of a browser as a sign-in needs: cookies by their SameSite rule, redirects within the origin, forms, and the header that says where a request comes from. Scripts do not run.</summary>
internal sealed class TestBrowser(HttpMessageHandler handler, string? origin = null)
{
    private readonly HttpClient _client = new(handler)
    {
        BaseAddress = new(origin ?? TestIdentityProvider.Origin),
    };

    private readonly Dictionary<string, string> _cookies = new(StringComparer.Ordinal);

    /// <summary>From where it asks; null for nowhere in particular.</summary>
    public string? Address { get; init; }

    public IReadOnlyDictionary<string, string> Cookies => _cookies;

    public string? Cookie(string name) => _cookies.GetValueOrDefault(name);

    public void SetCookie(string name, string value) => _cookies[name] = value;

    /// <param name="site">The value of Sec-Fetch-Site; null for a browser that has none.</param>
    public Task<TestPage> OpenAsync(string address, string? site = "none") =>
        SendAsync(HttpMethod.Get, address, null, site);

    /// <summary>What a link to a file gives.</summary>
    public async Task<string> DownloadAsync(string address)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Add(
            "Cookie",
            string.Join("; ", _cookies.Select(c => $"{c.Key}={c.Value}"))
        );
        using var response = await _client.SendAsync(request);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        return await response.Content.ReadAsStringAsync();
    }

    /// <summary>Sends the page's first form, with what was typed.</summary>
    public Task<TestPage> SubmitAsync(TestPage page, params (string Name, string Value)[] typed)
    {
        var form = page.Document.Forms.First();
        return SubmitAsync(page, form, typed);
    }

    public Task<TestPage> SubmitAsync(
        TestPage page,
        IHtmlFormElement form,
        params (string Name, string Value)[] typed
    )
    {
        var fields = form.QuerySelectorAll<IHtmlInputElement>("input[name]")
            .ToDictionary(i => i.Name!, i => i.Value, StringComparer.Ordinal);
        foreach (var (name, value) in typed)
            fields[name] = value;
        var action = form.GetAttribute("action");
        return PostAsync(
            string.IsNullOrEmpty(action) ? page.Address
                : action[0] == '?' ? page.Address.Split('?')[0] + action
                : action,
            fields,
            "same-origin"
        );
    }

    /// <summary>Presses a button of a form.</summary>
    public Task<TestPage> PressAsync(TestPage page, string selector) =>
        SubmitAsync(page, ((IHtmlButtonElement)page.Document.QuerySelector(selector)!).Form!);

    public Task<TestPage> PostAsync(
        string address,
        IReadOnlyDictionary<string, string> fields,
        string? site
    ) => SendAsync(HttpMethod.Post, address, fields, site);

    private async Task<TestPage> SendAsync(
        HttpMethod method,
        string address,
        IReadOnlyDictionary<string, string>? fields,
        string? site
    )
    {
        for (var hop = 0; hop < 10; hop++)
        {
            using var request = new HttpRequestMessage(method, address);
            // Lax: a form that another site posts brings no cookies.
            var withCookies = method == HttpMethod.Get || site is not "cross-site";
            if (withCookies && _cookies.Count > 0)
            {
                request.Headers.Add(
                    "Cookie",
                    string.Join("; ", _cookies.Select(c => $"{c.Key}={c.Value}"))
                );
            }
            if (site is not null)
                request.Headers.Add("Sec-Fetch-Site", site);
            request.Headers.UserAgent.ParseAdd("TestBrowser/1.0");
            if (Address is not null)
                request.Headers.Add(TestAddress.Header, Address);
            if (fields is not null)
                request.Content = new FormUrlEncodedContent(fields);
            using var response = await _client.SendAsync(request);
            Keep(response);
            if (response.StatusCode is HttpStatusCode.Redirect or HttpStatusCode.SeeOther)
            {
                address = response.Headers.Location!.ToString();
                method = HttpMethod.Get;
                fields = null;
                continue;
            }
            var html = await response.Content.ReadAsStringAsync();
            return new(
                address,
                response.StatusCode,
                new HtmlParser().ParseDocument(html),
                response
                    .Headers.Concat(response.Content.Headers)
                    .ToDictionary(
                        h => h.Key,
                        h => string.Join(',', h.Value),
                        StringComparer.OrdinalIgnoreCase
                    )
            );
        }
        throw new InvalidOperationException($"Redirected in circles, last to {address}.");
    }

    private void Keep(HttpResponseMessage response)
    {
        if (!response.Headers.TryGetValues("Set-Cookie", out var values))
            return;
        foreach (var value in values)
        {
            var pair = value.Split(';')[0].Split('=', 2);
            if (pair[1].Length == 0)
                _cookies.Remove(pair[0]);
            else
                _cookies[pair[0]] = pair[1];
            SetCookieHeaders.Add(value);
        }
    }

    /// <summary>Every Set-Cookie there was, whole.</summary>
    public List<string> SetCookieHeaders { get; } = [];
}

internal sealed record TestPage(
    string Address,
    HttpStatusCode Status,
    IHtmlDocument Document,
    IReadOnlyDictionary<string, string> Headers
)
{
    public string Title => Document.QuerySelector("h1")?.TextContent.Trim() ?? "";

    public string Text => Document.Body?.TextContent ?? "";

    public string? ReferenceCode => Document.QuerySelector("#reference-code")?.TextContent;

    /// <summary>The hidden field of an auto-submitting page.</summary>
    public string? Field(string name) =>
        Document.QuerySelector($"input[name='{name}']")?.GetAttribute("value");

    public string? Action => Document.Forms.FirstOrDefault()?.GetAttribute("action");
}
