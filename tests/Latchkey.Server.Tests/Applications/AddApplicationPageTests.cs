using System.Text;
using Latchkey.Saml.Metadata;
using Latchkey.Server.Applications;

namespace Latchkey.Server.Tests.Applications;

/// <summary>Flow A, without JavaScript.</summary>
public sealed class AddApplicationPageTests(SqliteIdentityProvider host)
    : IClassFixture<SqliteIdentityProvider>
{
    [Fact]
    [Trait("Rule", "S1-12")]
    public async Task Flow_A_takes_four_clicks_one_input_and_one_tick_for_each_group()
    {
        var group = await host.GroupAsync();
        var browser = await host.BrowserAsync();
        await browser.OpenAsync("/admin/applications");
        await browser.ClickAsync("#add-application-here, #add-application");
        await browser.ClickAsync("#custom");
        browser.Choose("#Form_MetadataFile", "sp.xml", TestData.Bytes("node-saml.xml"));
        await browser.ClickAsync("#read");
        browser.Tick($"#group-{group.Id:N}");

        await browser.ClickAsync("#save-activate");

        // The first click, on "Applications" in the navigation, is the opened page here. Where scripts run, a chosen
        // file is read without the press that it takes here.
        const int Reading = 1;
        (browser.Clicks + 1 - Reading, browser.Inputs, browser.Ticks).ShouldBe((4, 1, 1));
        browser.Text(".lk-toast").ShouldContain("is active");
        browser.Value("#metadata-address").ShouldStartWith("https://id.example.test/saml2/wiki");
        browser.Value("#certificate-pem").ShouldStartWith("-----BEGIN CERTIFICATE-----");
    }

    [Fact]
    [Trait("Rule", "J-06")]
    [Trait("Rule", "S1-10")]
    public async Task Metadata_fills_the_form_and_saves_nothing()
    {
        var browser = await ReadAsync("everything.xml");

        browser.Value("#Form_Label").ShouldBe("Time sheets");
        browser.Value("#Form_SpEntityId").ShouldBe("Time Sheets");
        browser.Value("#Form_AcsDefault").ShouldBe("1");
        browser.Value("#Form_Attributes_1__Name").ShouldBe("first_name");
        browser.Value("#Form_IdpEntityId").ShouldBe("https://id.example.test/saml2/time-sheets");
        (await host.AskAsync(s => s.FindBySlugAsync("time-sheets"))).ShouldBeNull();
    }

    [Fact]
    public async Task Pasted_metadata_is_shown_before_Enter_saves_it()
    {
        var browser = await host.BrowserAsync();
        await browser.OpenAsync("/admin/applications/new");
        browser.Type("#Form_MetadataText", TestData.Text("mod-auth-mellon.xml"));

        await browser.EnterAsync();

        browser.Value("#Form_Label").ShouldBe("Intranet");
        (await host.AskAsync(s => s.FindBySlugAsync("intranet"))).ShouldBeNull();
    }

    [Fact]
    public async Task A_file_of_several_is_answered_by_a_choice()
    {
        var browser = await ReadAsync("several.xml");
        browser.Tick("input[name='Form.Entity'][value='https://two.example.test/sp']");

        await browser.ClickAsync("#read");

        browser.Value("#Form_SpEntityId").ShouldBe("https://two.example.test/sp");
    }

    [Fact]
    [Trait("Rule", "J-01")]
    [Trait("Rule", "J-09")]
    [Trait("Rule", "J-10")]
    [Trait("Rule", "S2-01")]
    [Trait("Rule", "S2-05")]
    [Trait("Rule", "S2-06")]
    [Trait("Rule", "S1-14")]
    public async Task By_hand_it_takes_name_entity_ID_and_address()
    {
        var browser = await host.BrowserAsync();
        await browser.OpenAsync("/admin/applications/new");
        browser.Type("#Form_Label", "By hand");
        browser.Type("#Form_SpEntityId", " urn:example:hand ");
        browser.Type("#Form_Acs_0__Url", "https://hand.example.test/acs");

        await browser.ClickAsync("#save");

        var made = (await host.AskAsync(s => s.FindBySlugAsync("by-hand")))!;
        made.SpEntityId.ShouldBe("urn:example:hand");
        made.Active.ShouldBeFalse();
    }

    [Fact]
    [Trait("Rule", "S2-04")]
    public async Task What_the_other_side_needs_can_be_copied_before_the_activation()
    {
        var made = await host.AddAsync();
        var browser = await host.BrowserAsync();

        await browser.OpenAsync($"/admin/applications/{made.Id}");

        made.Active.ShouldBeFalse();
        browser.Value("#sign-on-address").ShouldBe($"https://id.example.test/saml2/{made.Slug}");
        browser.Value("#idp-entity-id").ShouldBe(made.IdpEntityId);
    }

    [Fact]
    public async Task Rows_are_added_and_removed_without_losing_what_was_typed()
    {
        var browser = await host.BrowserAsync();
        await browser.OpenAsync("/admin/applications/new");
        browser.Type("#Form_Label", "Rows");
        await browser.ClickAsync("#add-attribute");
        browser.Type("#Form_Attributes_0__Name", "mail");
        await browser.ClickAsync("#add-attribute");
        browser.Type("#Form_Attributes_1__Name", "hours");
        browser.Type("#Form_Attributes_1__Source", "constant");
        browser.Type("#Form_Attributes_1__Value", "8");

        await browser.ClickAsync("#remove-attribute-0");

        browser.Value("#Form_Attributes_0__Name").ShouldBe("hours");
        browser.Value("#Form_Attributes_0__Value").ShouldBe("8");
        browser.Value("#Form_Label").ShouldBe("Rows");
    }

    [Fact]
    public async Task What_is_wrong_stands_above_the_form_and_beside_the_field()
    {
        var browser = await host.BrowserAsync();
        await browser.OpenAsync("/admin/applications/new");
        browser.Type("#Form_Label", "Wrong");
        browser.Type("#Form_Acs_0__Url", "http://wrong.example.test/acs");

        await browser.ClickAsync("#save-activate");

        browser.Errors.Length.ShouldBe(2);
        browser.Text("#Form_Acs_0__Url-error").ShouldContain("Use https");
        browser.Value("#Form_Label").ShouldBe("Wrong");
        (await host.AskAsync(s => s.FindBySlugAsync("wrong"))).ShouldBeNull();
    }

    [Fact]
    public async Task A_file_that_is_no_metadata_is_refused_beside_its_field()
    {
        var browser = await host.BrowserAsync();
        await browser.OpenAsync("/admin/applications/new");
        browser.Choose("#Form_MetadataFile", "x.xml", Encoding.UTF8.GetBytes("<html/>"));

        await browser.ClickAsync("#read");

        browser.Text("#Form_MetadataFile-error").ShouldContain("cannot be used");
    }

    [Fact]
    public async Task S0_20_The_list_flags_what_is_open_to_nobody()
    {
        var made = await host.AddAsync(host.Input() with { Label = "Forgotten", Active = true });
        var browser = await host.BrowserAsync();

        await browser.OpenAsync("/admin/applications?q=forgotten");

        browser.Text("#applications").ShouldContain("nobody can sign in");
        browser.Find($"#application-{made.Slug}").TextContent.ShouldBe("Forgotten");
    }

    [Fact]
    public async Task Editing_an_older_version_is_refused()
    {
        var made = await host.AddAsync();
        var browser = await host.BrowserAsync();
        await browser.OpenAsync($"/admin/applications/{made.Id}");
        await host.AskAsync(s =>
            s.UpdateAsync(made.Id, new ApplicationInput { Label = "Meanwhile" }, null)
        );
        browser.Type("#Form_Label", "Too late");

        await browser.ClickAsync("#save");

        browser.Errors.Single().ShouldContain("Somebody else changed");
        (await host.AskAsync(s => s.FindAsync(made.Id)))!.Label.ShouldBe("Meanwhile");
    }

    [Fact]
    public async Task Deleting_asks_and_says_what_is_lost()
    {
        var group = await host.GroupAsync(null, await host.UserAsync(), await host.UserAsync());
        var made = await host.AddAsync(host.Input() with { GroupIds = [group.Id], Active = true });
        var browser = await host.BrowserAsync();
        await browser.OpenAsync($"/admin/applications/{made.Id}");
        await browser.ClickAsync("#delete");
        browser.Text(".lk-confirm").ShouldContain("2 people lose access");
        browser.Text(".lk-confirm").ShouldContain("private key");

        await browser.ClickAsync(".lk-confirm button");

        (await host.AskAsync(s => s.FindAsync(made.Id))).ShouldBeNull();
    }

    [Fact]
    public async Task A_person_is_checked_on_the_page()
    {
        var user = await host.UserAsync("anna");
        var group = await host.GroupAsync("Annas", user);
        var made = await host.AddAsync(host.Input() with { GroupIds = [group.Id] });
        var browser = await host.BrowserAsync();
        await browser.OpenAsync($"/admin/applications/{made.Id}");
        browser.Type("#Form_Person", "anna");

        await browser.ClickAsync("#ask-person");

        browser.Text("#person-answer").ShouldContain("through Annas");
    }

    [Fact]
    public async Task The_pages_are_closed_to_strangers()
    {
        using var stranger = host.Stranger();

        var answer = await stranger.GetAsync(
            "/admin/applications",
            TestContext.Current.CancellationToken
        );

        var page = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        page.ShouldNotContain("add-application");
    }

    private async Task<AdminBrowser> ReadAsync(string file)
    {
        var browser = await host.BrowserAsync();
        await browser.OpenAsync("/admin/applications/new");
        browser.Choose("#Form_MetadataFile", file, TestData.Bytes(file));
        await browser.ClickAsync("#read");
        return browser;
    }
}
