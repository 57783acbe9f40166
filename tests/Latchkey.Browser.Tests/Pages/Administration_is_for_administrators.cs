using System.Text.RegularExpressions;
using Latchkey.Testing.Browsers;
using Microsoft.Playwright;

namespace Latchkey.Browser.Tests.Pages;

/// <summary>Every address under /admin that an administrator can reach, by link or by form, refuses everybody else.</summary>
public sealed partial class Administration_is_for_administrators(House house, Chromium chromium)
{
    [Fact]
    [Trait("Rule", "O2")]
    public async Task A_user_without_the_right_is_refused_everywhere()
    {
        var (pages, forms) = await AddressesAsync();
        await using var ada = await house.SignedInAsync(chromium, "ada");
        var open = new List<string>();
        foreach (var path in pages)
        {
            var answer = await GetAsync(ada, path);
            if (answer.Status is not (403 or 404))
                open.Add($"GET {path}: {answer.Status}");
        }
        foreach (var path in forms)
        {
            var answer = await PostAsync(ada, path);
            if (answer.Status is not (403 or 404))
                open.Add($"POST {path}: {answer.Status}");
        }
        open.ShouldBeEmpty();
    }

    [Fact]
    [Trait("Rule", "O2")]
    public async Task Somebody_who_is_not_signed_in_is_asked_to_sign_in_everywhere()
    {
        var (pages, forms) = await AddressesAsync();
        await using var nobody = await Walk.StartAsync(chromium, house.Server, Look.Light);
        var open = new List<string>();
        foreach (var path in pages)
        {
            if (!IsSentToSignIn(await GetAsync(nobody, path)))
                open.Add("GET " + path);
        }
        foreach (var path in forms)
        {
            if (!IsSentToSignIn(await PostAsync(nobody, path)))
                open.Add("POST " + path);
        }
        open.ShouldBeEmpty();
    }

    [Fact]
    [Trait("Rule", "O2")]
    public async Task A_form_without_its_token_is_refused()
    {
        var (_, forms) = await AddressesAsync();
        await using var root = await house.SignedInAsync(chromium, "root");
        var open = new List<string>();
        foreach (var path in forms)
        {
            var answer = await PostAsync(root, path);
            if (answer.Status != 400)
                open.Add($"POST {path}: {answer.Status}");
        }
        open.ShouldBeEmpty();
    }

    private async Task<(IReadOnlyList<string> Pages, IReadOnlyList<string> Forms)> AddressesAsync()
    {
        var map = await house.MapAsync(chromium);
        var forms = map
            .Addresses.SelectMany(a => a.Forms)
            .Where(path => Administration().IsMatch(path))
            .Distinct(StringComparer.Ordinal)
            .ToList();
        forms.Count.ShouldBeGreaterThan(3);
        return (
            [.. map.Addresses.Select(a => a.Path).Where(path => Administration().IsMatch(path))],
            forms
        );
    }

    private static bool IsSentToSignIn(IAPIResponse answer) =>
        answer.Status is 302 or 303
        && answer.Headers["location"].Contains("/sign-in", StringComparison.Ordinal);

    private static Task<IAPIResponse> GetAsync(Walk walk, string path) =>
        walk.Visit.Context.APIRequest.GetAsync(path, new() { MaxRedirects = 0 });

    private static Task<IAPIResponse> PostAsync(Walk walk, string path) =>
        walk.Visit.Context.APIRequest.PostAsync(
            path,
            new()
            {
                MaxRedirects = 0,
                Data = "",
                Headers = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["Content-Type"] = "application/x-www-form-urlencoded",
                },
            }
        );

    [GeneratedRegex("^/admin(?:[/?]|$)", RegexOptions.None, 1000)]
    private static partial Regex Administration();
}
