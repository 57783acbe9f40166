using Latchkey.Saml.Protocol;
using Latchkey.Server.Applications;
using Latchkey.Server.SingleSignOn;

namespace Latchkey.Server.Tests.SingleSignOn;

[Trait("Rule", "IIP-IDP08")]
public sealed class AuthnContextsTests
{
    private const string Any = AuthnContextClasses.Unspecified;
    private const string Password = AuthnContextClasses.Password;
    private const string Protected = AuthnContextClasses.PasswordProtectedTransport;
    private const string Mfa = AuthnContexts.RefedsMfa;

    private static readonly AuthnContextSettings Unset = new();

    [Theory]
    [InlineData("pwd", Protected)]
    [InlineData("pwd otp mfa", AuthnContexts.TimeSyncToken)]
    [InlineData("pwd hwk mfa", Mfa)]
    [InlineData("hwk user mfa", Mfa)]
    [InlineData("hwk", Any)]
    [Trait("Rule", "J-36")]
    public void Without_a_wish_the_truth_is_stated(string methods, string expected) =>
        AuthnContexts.Choose(null, methods.Split(' '), Unset).ShouldBe(expected);

    [Theory]
    [InlineData(AuthnContextComparison.Exact, Password, Password)]
    [InlineData(AuthnContextComparison.Exact, Mfa, null)]
    [InlineData(AuthnContextComparison.Exact, Mfa + " " + Protected, Protected)]
    [InlineData(AuthnContextComparison.Minimum, Password, Protected)]
    [InlineData(AuthnContextComparison.Minimum, Mfa, null)]
    [InlineData(AuthnContextComparison.Maximum, Password, Password)]
    [InlineData(AuthnContextComparison.Maximum, Mfa, null)]
    [InlineData(AuthnContextComparison.Better, Any + " " + Password, Protected)]
    [InlineData(AuthnContextComparison.Better, Protected, null)]
    [InlineData(AuthnContextComparison.Better, Mfa, null)]
    public void A_wish_is_met_or_not_by_a_password(
        AuthnContextComparison comparison,
        string wish,
        string? answer
    ) => AuthnContexts.Choose(new(wish.Split(' '), comparison), ["pwd"], Unset).ShouldBe(answer);

    [Theory]
    [InlineData(AuthnContextComparison.Exact, Mfa, Mfa)]
    [InlineData(AuthnContextComparison.Minimum, Protected, AuthnContexts.TimeSyncToken)]
    [InlineData(AuthnContextComparison.Better, Protected, AuthnContexts.TimeSyncToken)]
    [InlineData(AuthnContextComparison.Maximum, Protected, Protected)]
    [Trait("Rule", "J-36")]
    public void Two_factors_meet_a_wish_for_two(
        AuthnContextComparison comparison,
        string wish,
        string? answer
    ) =>
        AuthnContexts
            .Choose(new([wish], comparison), ["pwd", "otp", "mfa"], Unset)
            .ShouldBe(answer);

    [Fact]
    [Trait("Rule", "J-25")]
    public void The_first_mapping_for_what_was_done_counts_before_the_fixed_class()
    {
        var settings = new AuthnContextSettings(
            "urn:example:always",
            [new("mfa", "urn:example:strong"), new("otp", "urn:example:code")]
        );

        AuthnContexts.Choose(null, ["pwd", "otp", "mfa"], settings).ShouldBe("urn:example:strong");
        AuthnContexts.Choose(null, ["pwd"], settings).ShouldBe("urn:example:always");
    }

    [Fact]
    [Trait("Rule", "J-25")]
    public void A_class_that_the_administrator_set_meets_a_wish_for_it() =>
        AuthnContexts
            .Choose(
                new(["urn:example:always"], AuthnContextComparison.Exact),
                ["pwd"],
                new("urn:example:always")
            )
            .ShouldBe("urn:example:always");
}
