using Latchkey.Testing.Browsers;

namespace Latchkey.Interop.Tests;

/// <summary>What a user sees when the answer is no: one sentence and a reference code, and nothing goes to the application.</summary>
public sealed class Refusals(Organisation organisation, Chromium chromium)
{
    [Theory]
    [Trait("Rule", "S0-19")]
    [InlineData("wiki")]
    [InlineData("forms")]
    public async Task A_user_without_a_group_is_told_so_with_a_reference_code(string application)
    {
        await using var visit = await organisation.VisitAsync(chromium);
        await visit.Page.GotoAsync(organisation.Node.LoginAddress(application));
        await visit.SignInAsync("bob");
        await visit.Page.GetByText(SignInSteps.NotAuthorized).First.WaitForAsync();
        await RefusedHereAsync(visit);
    }

    [Fact]
    [Trait("Rule", "S0-19")]
    public async Task The_same_behind_mod_auth_mellon()
    {
        await using var visit = await organisation.VisitAsync(chromium);
        await visit.Page.GotoAsync(organisation.Mellon.PageAddress("docs"));
        await visit.SignInAsync("bob");
        await visit.Page.GetByText(SignInSteps.NotAuthorized).First.WaitForAsync();
        await RefusedHereAsync(visit);
    }

    [Fact]
    [Trait("Rule", "S0-19")]
    public async Task The_same_from_the_identity_provider_s_side()
    {
        await using var visit = await organisation.VisitAsync(chromium);
        await visit.Page.GotoAsync("/saml2/closed");
        await visit.SignInAsync();
        await visit.Page.GetByText(SignInSteps.NotAuthorized).First.WaitForAsync();
        await RefusedHereAsync(visit);
    }

    [Fact]
    [Trait("Rule", "I2")]
    public async Task An_unsigned_request_is_refused_where_metadata_promised_signed_ones()
    {
        await using var visit = await organisation.VisitAsync(chromium);
        var answer = await visit.Page.GotoAsync(organisation.Node.LoginAddress("careless"));
        answer!.Status.ShouldBe(400);
        await RefusedHereAsync(visit);
    }

    [Fact]
    [Trait("Rule", "S4")]
    public async Task A_request_signed_with_an_unknown_key_is_refused()
    {
        await using var visit = await organisation.VisitAsync(chromium);
        var answer = await visit.Page.GotoAsync(organisation.Node.LoginAddress("stranger"));
        answer!.Status.ShouldBe(400);
        await RefusedHereAsync(visit);
    }

    [Fact]
    public async Task The_same_request_is_not_answered_twice()
    {
        await using var visit = await organisation.VisitAsync(chromium);
        var address = "";
        visit.Page.Request += (_, request) =>
        {
            if (request.Url.Contains("/saml2/wiki?", StringComparison.Ordinal))
                address = request.Url;
        };
        await visit.Page.GotoAsync(organisation.Node.LoginAddress("wiki"));
        await visit.SignInAsync();
        (await organisation.Node.ResultAsync(visit)).Outcome.ShouldBe("signed in");

        await visit.Page.GotoAsync(address);
        await RefusedHereAsync(visit);
    }

    [Fact]
    public async Task An_application_that_does_not_exist_is_refused()
    {
        await using var visit = await organisation.VisitAsync(chromium);
        var answer = await visit.Page.GotoAsync("/saml2/nothing-here");
        answer!.Status.ShouldBe(404);
    }

    private async Task RefusedHereAsync(Visit visit)
    {
        (await visit.ReferenceCodeAsync()).Length.ShouldBe(8);
        visit.Page.Url.ShouldStartWith(organisation.Server.Address.AbsoluteUri);
        visit.Complaints.ShouldBeEmpty();
    }
}
