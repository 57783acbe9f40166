using Latchkey.Saml.Protocol;
using Latchkey.Server.SingleSignOn;

namespace Latchkey.Server.Tests.SingleSignOn;

[Trait("Rule", "IIP-IDP08")]
public sealed class AuthnContextsTests
{
    private const string Any = AuthnContextClasses.Unspecified;
    private const string Password = AuthnContextClasses.Password;
    private const string Protected = AuthnContextClasses.PasswordProtectedTransport;
    private const string Mfa = "https://refeds.org/profile/mfa";

    [Fact]
    public void Without_a_wish_the_truth_is_stated() =>
        AuthnContexts.Choose(null).ShouldBe(Protected);

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
    public void A_wish_is_met_or_not(
        AuthnContextComparison comparison,
        string wish,
        string? answer
    ) => AuthnContexts.Choose(new(wish.Split(' '), comparison)).ShouldBe(answer);
}
