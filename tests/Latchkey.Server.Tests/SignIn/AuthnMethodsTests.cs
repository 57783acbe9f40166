using Latchkey.Server.SignIn;

namespace Latchkey.Server.Tests.SignIn;

/// <summary>How a sign-in was proved is kept by the names of RFC 8176 (S1-31, J-36).</summary>
public sealed class AuthnMethodsTests
{
    [Fact]
    public void A_password_alone_is_one_factor() =>
        AuthnMethods.IsSeveral(AuthnMethods.Write(AuthnMethods.Password)).ShouldBeFalse();

    [Fact]
    public void A_password_and_a_code_are_several_factors() =>
        AuthnMethods.Write(AuthnMethods.Password, AuthnMethods.OneTimeCode).ShouldBe("pwd otp mfa");

    [Fact]
    public void A_passkey_whose_device_checked_its_user_is_several_factors() =>
        AuthnMethods.Write(AuthnMethods.Passkey(onSeveralDevices: true)).ShouldBe("swk user mfa");

    [Fact]
    public void A_method_is_named_once() =>
        AuthnMethods.Write(AuthnMethods.Password, AuthnMethods.Password).ShouldBe("pwd");
}
