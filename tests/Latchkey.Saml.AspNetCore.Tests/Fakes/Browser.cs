using System.Net;
using Microsoft.Net.Http.Headers;

namespace Latchkey.Saml.AspNetCore.Tests.Fakes;

/// <summary>A browser: it keeps cookies and follows no redirect by itself.</summary>
internal sealed class Browser(HttpMessageHandler handler, Uri origin)
{
    private readonly HttpClient _client = new(handler) { BaseAddress = origin };
    private readonly CookieContainer _cookies = new();

    /// <summary>The Set-Cookie lines of the last answer.</summary>
    public IReadOnlyList<SetCookieHeaderValue> LastCookies { get; private set; } = [];

    public Task<HttpResponseMessage> GetAsync(
        string address,
        params (string Name, string Value)[] headers
    ) => SendAsync(HttpMethod.Get, address, null, headers);

    public Task<HttpResponseMessage> PostAsync(
        string address,
        IReadOnlyDictionary<string, string> form
    ) => SendAsync(HttpMethod.Post, address, new FormUrlEncodedContent(form), []);

    public async Task<string> ReadAsync(string address) => await TextOf(await GetAsync(address));

    public static Task<string> TextOf(HttpResponseMessage response) =>
        response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

    /// <summary>Opens an address that leads to the identity provider, and reads the request there.</summary>
    public async Task<ReceivedRequest> BeginAsync(string address = "/private")
    {
        var response = await GetAsync(address);
        response.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        return FakeIdentityProvider.Read(response.Headers.Location!);
    }

    /// <summary>Signs in and returns the answer of the assertion consumer service.</summary>
    public async Task<HttpResponseMessage> SignInAsync(
        FakeIdentityProvider identityProvider,
        DateTimeOffset now,
        string address = "/private",
        Func<Issuing.ResponseToIssue, Issuing.ResponseToIssue>? change = null
    )
    {
        var request = await BeginAsync(address);
        return await PostAsync(request.AcsUrl, identityProvider.Answer(request, now, change));
    }

    /// <summary>Takes over a cookie of another browser.</summary>
    public void Keep(SetCookieHeaderValue cookie) =>
        _cookies.SetCookies(new Uri(origin, cookie.Path.ToString()), cookie.ToString());

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method,
        string address,
        HttpContent? content,
        (string Name, string Value)[] headers
    )
    {
        var uri = new Uri(origin, address);
        using var request = new HttpRequestMessage(method, uri);
        request.Content = content;
        if (_cookies.GetCookieHeader(uri) is { Length: > 0 } cookies)
        {
            request.Headers.Add("Cookie", cookies);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        var response = await _client.SendAsync(request);
        LastCookies = [];
        if (response.Headers.TryGetValues("Set-Cookie", out var lines))
        {
            foreach (var line in lines)
            {
                _cookies.SetCookies(uri, line);
            }

            LastCookies = [.. lines.Select(line => SetCookieHeaderValue.Parse(line))];
        }

        return response;
    }
}
