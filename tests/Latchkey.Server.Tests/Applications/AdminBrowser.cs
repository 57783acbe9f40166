using System.Net;
using AngleSharp;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Io.Dom;

namespace Latchkey.Server.Tests.Applications;

/// <summary>A browser without scripts: opens pages, ticks, types, presses. What a form sends is AngleSharp's reading of HTML's rules, not ours. Counts what a user does.</summary>
internal sealed class AdminBrowser(HttpMessageHandler handler, string cookie)
{
    private readonly HttpClient _client = new(handler)
    {
        BaseAddress = new Uri(TestIdentityProvider.Origin),
    };

    private readonly Dictionary<string, string> _cookies = new(StringComparer.Ordinal);

    /// <summary>What it asks for in Accept-Language.</summary>
    public string? Languages { get; init; }

    public IHtmlDocument Page { get; private set; } = null!;

    public HttpStatusCode Status { get; private set; }

    public string Address { get; private set; } = "";

    public int Clicks { get; private set; }

    public int Inputs { get; private set; }

    public int Ticks { get; private set; }

    public Task OpenAsync(string address) => SendAsync(HttpMethod.Get, address, null);

    public IElement Find(string selector) =>
        Page.QuerySelector(selector)
        ?? throw new InvalidOperationException($"There is no {selector} on {Address}.");

    public string Text(string selector) => Find(selector).TextContent.Trim();

    public string Value(string selector) =>
        Find(selector) switch
        {
            IHtmlTextAreaElement area => area.Value,
            IHtmlSelectElement select => select.Value ?? "",
            var element => ((IHtmlInputElement)element).Value,
        };

    public string[] Errors =>
        [.. Page.QuerySelectorAll(".lk-errors li").Select(e => e.TextContent.Trim())];

    public void Type(string selector, string text)
    {
        Inputs++;
        switch (Find(selector))
        {
            case IHtmlTextAreaElement area:
                area.Value = text;
                break;
            case IHtmlSelectElement select:
                select.Value = text;
                break;
            case var element:
                ((IHtmlInputElement)element).Value = text;
                break;
        }
    }

    public void Choose(string selector, string fileName, byte[] content)
    {
        Inputs++;
        ((IHtmlInputElement)Find(selector)).Files!.Add(new ChosenFile(fileName, content));
    }

    public void Tick(string selector)
    {
        Ticks++;
        var box = (IHtmlInputElement)Find(selector);
        box.IsChecked = !box.IsChecked;
    }

    /// <summary>Follows a link or presses a button.</summary>
    public async Task ClickAsync(string selector)
    {
        Clicks++;
        var element = Find(selector);
        if (element is IHtmlAnchorElement)
        {
            await OpenAsync(element.GetAttribute("href")!);
            return;
        }
        await SubmitAsync(element);
    }

    /// <summary>Sends what no form of the open page offers, with the page's own token: somebody who writes requests by hand.</summary>
    public Task PostAsync(string address, string fields = "")
    {
        var token = Uri.EscapeDataString(Value("input[name=__token]"));
        return SendAsync(
            HttpMethod.Post,
            address,
            new StringContent(
                $"__token={token}&{fields}",
                System.Text.Encoding.UTF8,
                "application/x-www-form-urlencoded"
            )
        );
    }

    /// <summary>Presses Enter in a field: a form's first button is what that presses.</summary>
    public Task EnterAsync() =>
        SubmitAsync(Find("#application-form").QuerySelector("button[type=submit]")!);

    private async Task SubmitAsync(IElement button)
    {
        var form = ((IHtmlButtonElement)button).Form!;
        var submission = form.GetSubmission((IHtmlElement)button)!;
        using var body = new MemoryStream();
        await submission.Body.CopyToAsync(body);
        var content = new ByteArrayContent(body.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Type", submission.MimeType);
        var action = button.GetAttribute("formaction") ?? form.GetAttribute("action") ?? "";
        var here = new Uri(new Uri(TestIdentityProvider.Origin), Address);
        await SendAsync(HttpMethod.Post, new Uri(here, action).PathAndQuery, content);
    }

    private async Task SendAsync(HttpMethod method, string address, HttpContent? content)
    {
        for (var hop = 0; hop < 5; hop++)
        {
            using var request = new HttpRequestMessage(method, address) { Content = content };
            request.Headers.Add(
                "Cookie",
                string.Join("; ", _cookies.Select(c => $"{c.Key}={c.Value}").Prepend(cookie))
            );
            request.Headers.Accept.ParseAdd("text/html");
            if (Languages is not null)
                request.Headers.TryAddWithoutValidation("Accept-Language", Languages);
            using var response = await _client.SendAsync(request);
            Keep(response);
            if (response.Headers.Location is { } next)
            {
                (method, address, content) = (HttpMethod.Get, next.ToString().Split('#')[0], null);
                continue;
            }
            Status = response.StatusCode;
            Address = address;
            var html = await response.Content.ReadAsStringAsync();
            var context = BrowsingContext.New(Configuration.Default);
            Page = (IHtmlDocument)
                await context.OpenAsync(r =>
                    r.Content(html).Address(new Uri(new Uri(TestIdentityProvider.Origin), address))
                );
            return;
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
            _cookies[pair[0]] = pair[1];
        }
    }

    private sealed class ChosenFile(string name, byte[] content) : IFile
    {
        public int Length => content.Length;
        public string Type => "text/xml";
        public Stream Body => new MemoryStream(content);
        public bool IsClosed => false;
        public string Name => name;
        public DateTime LastModified => DateTime.UnixEpoch;

        public IBlob Slice(int start = 0, int end = int.MaxValue, string? contentType = null) =>
            this;

        public void Close() { }

        public void Dispose() { }
    }
}
