using Latchkey.Saml.Issuing;
using Latchkey.Server.Applications;
using Latchkey.Server.Applications.Catalogue;
using Latchkey.Server.Problems;

namespace Latchkey.Server.Tests.Applications.Catalogue;

/// <summary>What a connector locks, hides or requires, it locks, hides or requires whoever asks (J-26, J-31, J-32).</summary>
public sealed class ConnectorPolicyTests(SqliteIdentityProvider host)
    : IClassFixture<SqliteIdentityProvider>
{
    [Fact]
    [Trait("Rule", "J-26")]
    public async Task A_locked_field_is_not_changed_and_the_reason_is_told()
    {
        var made = await MakeAsync("truefoundry");

        var problem = (
            await ChangeAsync(made, new() { Sign = SignedParts.Assertion })
        ).Problems.ShouldHaveSingleItem();

        (problem.Code, problem.Where).ShouldBe(("field-locked", "sign"));
        problem
            .Args[0]
            .ShouldBe("TrueFoundry refuses a Response of which only the assertion is signed.");
    }

    [Fact]
    [Trait("Rule", "U-14")]
    public async Task A_page_with_a_locked_attribute_is_saved_as_it_stands()
    {
        var made = await MakeAsync("jupiterone");
        var browser = await host.BrowserAsync();
        await browser.OpenAsync($"/admin/applications/{made.Id}");
        browser.Type("#Form_Label", "Graph");

        await browser.ClickAsync("#save");

        browser.Errors.ShouldBeEmpty();
        var saved = (await host.AskAsync(s => s.FindAsync(made.Id)))!;
        (saved.Label, saved.Attributes.Single(a => a.Name == "group_names").Groups).ShouldBe(
            ("Graph", new GroupSelection(Separator: ","))
        );
    }

    [Fact]
    [Trait("Rule", "J-26")]
    public async Task What_is_not_said_of_a_locked_field_is_what_the_connector_says()
    {
        var said = Filled("freshworks") with { Sign = null };

        var made = await host.AddAsync(said);

        made.Sign.ShouldBe(SignedParts.Response);
    }

    [Fact]
    [Trait("Rule", "J-26")]
    public async Task An_application_is_not_made_with_another_value_in_a_locked_field()
    {
        var said = Filled("freshworks") with { Sign = SignedParts.Assertion };

        var outcome = await host.AskAsync(s => s.CreateAsync(said));

        outcome.Problems.ShouldContain(p => p.Code == "field-locked" && p.Where == "sign");
    }

    [Fact]
    [Trait("Rule", "J-26")]
    public async Task An_application_that_left_its_connector_long_ago_can_still_be_closed()
    {
        var made = await MakeAsync("workday");
        await host.ChangeAsync(made, a => a.Sign = SignedParts.Response);

        var outcome = await ChangeAsync(made, new() { Active = false });

        outcome.Ok.ShouldBeTrue();
    }

    [Theory]
    [Trait("Rule", "J-31")]
    [InlineData("User.Mail")]
    [InlineData(null)]
    public async Task An_attribute_that_is_needed_keeps_its_name(string? name)
    {
        var made = await MakeAsync("slack");
        var rows = made.Attributes.Where(a => a.Name != "User.Email");
        if (name is not null)
            rows = rows.Append(new(name, AttributeKind.User, "email"));

        var outcome = await ChangeAsync(made, new() { Attributes = [.. rows] });

        outcome.Problems.ShouldHaveSingleItem().Code.ShouldBe("attribute-needed");
    }

    [Fact]
    [Trait("Rule", "J-31")]
    public async Task What_is_sent_under_a_fixed_name_can_be_swapped()
    {
        var made = await MakeAsync("slack");

        var outcome = await ChangeAsync(
            made,
            new()
            {
                Attributes =
                [
                    .. made.Attributes.Select(a =>
                        a.Name == "User.Email" ? a with { Value = "alternateemail" } : a
                    ),
                ],
            }
        );

        outcome.Value!.Attributes[0].Value.ShouldBe("alternateemail");
    }

    [Fact]
    [Trait("Rule", "J-32")]
    [Trait("Rule", "J-57")]
    public async Task What_only_new_accounts_need_can_be_left_out()
    {
        var made = await MakeAsync("salesforce");

        var outcome = await ChangeAsync(made, new() { Attributes = [] });

        outcome.Ok.ShouldBeTrue();
    }

    [Fact]
    [Trait("Rule", "J-32")]
    public async Task One_switch_leaves_out_what_only_new_accounts_need_and_brings_it_back()
    {
        var made = await MakeAsync("salesforce");
        var browser = await host.BrowserAsync();
        await browser.OpenAsync($"/admin/applications/{made.Id}");
        var before = Names();

        browser.Find("#jit").GetAttribute("aria-checked").ShouldBe("true");
        await browser.ClickAsync("#jit");

        browser.Find("#jit").GetAttribute("aria-checked").ShouldBe("false");
        Names().ShouldBeEmpty();
        await browser.ClickAsync("#jit");
        Names().ShouldBe(before);

        List<string?> Names() =>
            [
                .. browser
                    .Page.QuerySelectorAll("input[name^='Form.Attributes['][name$='.Name']")
                    .Select(field => field.GetAttribute("value")),
            ];
    }

    [Fact]
    [Trait("Rule", "J-22")]
    public async Task A_value_that_the_connector_locks_stays()
    {
        var made = await MakeAsync("jupiterone");
        AttributeMapping each = new("group_names", AttributeKind.Groups);

        var outcome = await ChangeAsync(
            made,
            new()
            {
                Attributes = [.. made.Attributes.Select(a => a.Name == "group_names" ? each : a)],
            }
        );

        outcome.Problems.ShouldHaveSingleItem().Code.ShouldBe("attribute-locked");
    }

    [Fact]
    [Trait("Rule", "J-26")]
    public async Task The_page_shows_a_locked_field_with_its_reason_instead_of_asking()
    {
        var made = await MakeAsync("truefoundry");
        var browser = await host.BrowserAsync();

        await browser.OpenAsync($"/admin/applications/{made.Id}");

        browser.Page.QuerySelector("#Form_Sign").ShouldBeNull();
        browser
            .Text("#sent .lk-locked")
            .ShouldContain("refuses a Response of which only the assertion is signed");
    }

    [Fact]
    [Trait("Rule", "J-31")]
    public async Task The_page_offers_no_way_to_rename_or_remove_what_is_needed()
    {
        var made = await MakeAsync("slack");
        var browser = await host.BrowserAsync();

        await browser.OpenAsync($"/admin/applications/{made.Id}");

        browser.Find("#Form_Attributes_0__Name").HasAttribute("readonly").ShouldBeTrue();
        browser.Page.QuerySelector("#remove-attribute-0").ShouldBeNull();
        browser.Page.QuerySelector("#remove-attribute-1").ShouldNotBeNull();
    }

    [Fact]
    [Trait("Rule", "J-31")]
    [Trait("Rule", "S0-16")]
    [Trait("Rule", "S0-17")]
    public async Task An_attribute_that_the_connector_knows_is_added_with_one_press()
    {
        var made = await MakeAsync("slack");
        await ChangeAsync(made, new() { Attributes = [made.Attributes[0]] });
        var browser = await host.BrowserAsync();
        await browser.OpenAsync($"/admin/applications/{made.Id}");

        await browser.ClickAsync("#add-known-0");

        browser.Value("#Form_Attributes_1__Name").ShouldBe("User.Username");
        browser.Value("#Form_Attributes_1__Source").ShouldBe("username");
    }

    [Fact]
    [Trait("Rule", "J-27")]
    public async Task A_page_that_is_saved_as_it_was_opened_changes_nothing()
    {
        var made = await MakeAsync("truefoundry");
        var browser = await host.BrowserAsync();
        await browser.OpenAsync($"/admin/applications/{made.Id}");

        await browser.ClickAsync("#save");

        browser.Text(".lk-toast").ShouldContain("saved");
        (await host.AskAsync(s => s.FindAsync(made.Id)))!.Version.ShouldBe(made.Version);
    }

    private async Task<Application> MakeAsync(string slug) => await host.AddAsync(Filled(slug));

    private static ApplicationInput Filled(string slug)
    {
        var connector = ShippedConnectors.Get(slug);
        var filled = ConnectorVariables.Fill(connector, ConnectorVariables.Examples(connector));
        return filled.Value!;
    }

    private Task<Outcome<Application>> ChangeAsync(Application made, ApplicationInput input) =>
        host.AskAsync(s => s.UpdateAsync(made.Id, input, null));
}
