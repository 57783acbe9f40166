using Latchkey.Testing.Browsers;
using Microsoft.Playwright;

namespace Latchkey.Browser.Tests.Flows;

/// <summary>An administrator changes more of an application than a newcomer does, lets people in, and looks at what would be sent.</summary>
public sealed class With_an_application(House house, Chromium chromium)
{
    [Theory]
    [InlineData(Look.Dark)]
    [InlineData(Look.Phone)]
    [InlineData(Look.WithoutScripts)]
    public async Task From_more_settings_to_a_preview(Look look)
    {
        await using var walk = await house.SignedInAsync(chromium, "root", look);
        var name = $"Wiki {look}";
        await AddWithMoreSettingsAsync(walk, name);
        (await LetInAsync(walk, name)).ShouldBe(3);
        await PutIntoGroupAsync(walk);
        await TakeOutOfGroupAsync(walk);
        await PreviewAsync(walk);
        await CompareAsync(walk);
        if (look is Look.Phone or Look.WithoutScripts)
            await ImportAgainAsync(walk, name);

        walk.Findings.ShouldBeEmpty();
    }

    /// <summary>By hand: name, entity ID, address; then what stands behind "More settings".</summary>
    private static async Task AddWithMoreSettingsAsync(Walk walk, string name)
    {
        await walk.GoAsync("/admin/applications/new");
        await walk.FillAsync("Label", name);
        await walk.FillAsync("SpEntityId", $"urn:example:{name}");
        await walk.Page.Locator("#Form_Acs_0__Url").FillAsync("http://127.0.0.1:9/acs");
        if (walk.HasScripts)
            await Assertions
                .Expect(walk.Page.Locator("#check-acs-0"))
                .ToContainTextAsync("on the same machine only");
        await walk.Page.Locator("#add-attribute").ClickAsync();
        await walk.Page.Locator("#Form_Attributes_0__Name").FillAsync("login");
        await walk.Page.Locator("#Form_Attributes_0__Source").SelectOptionAsync("expression");
        await walk.Page.Locator("#Form_Attributes_0__Value").FillAsync("upper(username)");
        if (walk.HasScripts)
            await Assertions
                .Expect(walk.Page.Locator("#check-attribute-0"))
                .ToHaveTextAsync("For root: ROOT");
        await walk.Page.Locator("#time-settings").ClickAsync();
        await walk.Page.Locator("#Form_AssertionLifetime").FillAsync("120");
        await walk.Page.Locator("#tile-settings").ClickAsync();
        await walk.Page.Locator("#Form_Color").SelectOptionAsync("plum");
        foreach (var more in (string[])["encryption", "context", "failure"])
            await walk.Page.Locator($"#{more}-settings").ClickAsync();
        await walk.ExamineAsync();
        await walk.SubmitAsync("Save and activate");
        await Assertions.Expect(walk.Page.Locator("#metadata-address")).ToBeVisibleAsync();
        await Assertions
            .Expect(walk.Page.Locator("#Form_AssertionLifetime"))
            .ToHaveValueAsync("120");
        await walk.ExamineAsync();
    }

    /// <summary>Flow B: the application, a tick, Save.</summary>
    private static async Task<int> LetInAsync(Walk walk, string name)
    {
        await walk.GoAsync("/admin/applications");
        walk.CountFromHere();
        await walk.ClickAsync(
            walk.Page.GetByRole(AriaRole.Link, new() { Name = name, Exact = true })
        );
        await walk.ClickAsync(walk.Page.GetByLabel("Engineering", new() { Exact = true }));
        await walk.SubmitAsync("Save changes");
        await Assertions
            .Expect(walk.Page.Locator("#access-words"))
            .ToHaveTextAsync("1 person in 1 group can sign in");
        return walk.Clicks;
    }

    private static async Task PutIntoGroupAsync(Walk walk)
    {
        await walk.Page.Locator("#check-person").ClickAsync();
        await walk.FillAsync("Person", "bob");
        await walk.Page.Locator("#ask-person").ClickAsync();
        await Assertions
            .Expect(walk.Page.Locator("#person-answer"))
            .ToContainTextAsync("cannot sign in");
        await Assertions
            .Expect(walk.Page.Locator("#person-answer button"))
            .ToHaveTextAsync("Add to Engineering");
        await walk.ExamineAsync();
        await walk.Page.Locator("#person-answer button").ClickAsync();
        await Assertions.Expect(walk.Page.Locator("#person-answer")).ToContainTextAsync("bob");
        await Assertions
            .Expect(walk.Page.Locator("#access-words"))
            .ToHaveTextAsync("2 people in 1 group can sign in");
    }

    /// <summary>The same from the group's page, the other way.</summary>
    private static async Task TakeOutOfGroupAsync(Walk walk)
    {
        var application = new Uri(walk.Page.Url).AbsolutePath;
        await walk.Page.GotoAsync("/admin/groups");
        await walk
            .Page.GetByRole(AriaRole.Link, new() { Name = "Engineering", Exact = true })
            .ClickAsync();
        await walk
            .Page.GetByRole(AriaRole.Button, new() { Name = "Remove bob", Exact = true })
            .ClickAsync();
        await Assertions.Expect(walk.Page.Locator("#members h2")).ToHaveTextAsync("One member");
        await walk.Page.GotoAsync(application);
    }

    private static async Task PreviewAsync(Walk walk)
    {
        await walk.Page.Locator("#preview").ClickAsync();
        await walk.FillAsync("person", "ada");
        await walk.Page.Locator("input[name=person]").PressAsync("Enter");
        await Assertions
            .Expect(walk.Page.Locator("#verdict"))
            .ToContainTextAsync("would accept this Response");
        await Assertions.Expect(walk.Page.Locator("#attributes")).ToContainTextAsync("ADA");
        await walk.ExamineAsync();
        await walk.Page.Locator("#test").ClickAsync();
        await Assertions.Expect(walk.Page.Locator("#start-test")).ToBeVisibleAsync();
        await walk.ExamineAsync();
    }

    private static async Task CompareAsync(Walk walk)
    {
        await walk.Page.GotoAsync(
            new Uri(walk.Page.Url).AbsolutePath.Replace(
                "/test",
                "/compare",
                StringComparison.Ordinal
            )
        );
        await walk.FillAsync("AcsUrl", "http://127.0.0.1:9/acs/");
        await walk.SubmitAsync("Compare");
        await Assertions
            .Expect(walk.Page.Locator("#found-AcsUrl"))
            .ToContainTextAsync("ends with a slash");
        await walk.ExamineAsync();
    }

    /// <summary>New metadata: field by field what is and what would be. What lowers security is changed by its own tick only.</summary>
    private static async Task ImportAgainAsync(Walk walk, string name)
    {
        await walk.Page.GotoAsync(
            new Uri(walk.Page.Url).AbsolutePath.Replace(
                "/compare",
                "/metadata",
                StringComparison.Ordinal
            )
        );
        await walk.Page.Locator("#paste").ClickAsync();
        await walk.FillAsync(
            "MetadataText",
            $"""
            <EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="urn:example:{name}">
              <SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol" WantAssertionsSigned="true">
                <AssertionConsumerService index="0" Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://elsewhere.example.test/acs" />
              </SPSSODescriptor>
            </EntityDescriptor>
            """
        );
        await walk.SubmitAsync("Show what would change");
        var consumers = walk.Page.Locator("#take-acs_urls");
        await Assertions.Expect(consumers).Not.ToBeCheckedAsync();
        await Assertions
            .Expect(walk.Page.Locator("#take-acs_urls-why"))
            .ToContainTextAsync("A host that gets no sign-ins today");
        await walk.ExamineAsync();
        await consumers.CheckAsync();
        await walk.Page.Locator("#apply").ClickAsync();
        await Assertions
            .Expect(walk.Page.Locator("#Form_Acs_0__Url"))
            .ToHaveValueAsync("https://elsewhere.example.test/acs");
    }
}
