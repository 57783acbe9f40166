using System.Text;
using Latchkey.Server.SignIn.Factors;

namespace Latchkey.Server.Tests.SignIn.Factors;

/// <summary>Codes of authenticator apps (J-73): RFC 6238, with no code used twice.</summary>
public sealed class TotpTests
{
    private static readonly byte[] s_secret = Encoding.ASCII.GetBytes("12345678901234567890");

    [Theory]
    [InlineData(59, "287082")]
    [InlineData(1111111109, "081804")]
    [InlineData(1111111111, "050471")]
    [InlineData(1234567890, "005924")]
    [InlineData(2000000000, "279037")]
    [InlineData(20000000000, "353130")]
    public void Codes_are_those_of_RFC_6238_appendix_B(long seconds, string code) =>
        Totp.CodeOf(s_secret, Totp.StepOf(DateTimeOffset.FromUnixTimeSeconds(seconds)))
            .ShouldBe(code);

    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(-2, false)]
    [InlineData(2, false)]
    public void A_clock_may_be_one_step_off(int steps, bool right)
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);
        var code = Totp.CodeOf(s_secret, Totp.StepOf(now) + steps);
        (Totp.Match(s_secret, code, now, lastStep: 0) is not null).ShouldBe(right);
    }

    [Fact]
    public void A_code_of_a_step_that_was_used_does_not_count()
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);
        var step = Totp.StepOf(now);
        Totp.Match(s_secret, Totp.CodeOf(s_secret, step), now, lastStep: step).ShouldBeNull();
    }

    [Fact]
    public void A_code_of_a_step_before_the_one_used_does_not_count()
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);
        var step = Totp.StepOf(now);
        Totp.Match(s_secret, Totp.CodeOf(s_secret, step - 1), now, lastStep: step).ShouldBeNull();
    }

    [Fact]
    public void The_secret_is_shown_in_base32() =>
        Totp.Text(s_secret).ShouldBe("GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");

    [Fact]
    public void The_picture_names_issuer_and_account() =>
        Totp.Address(s_secret, "id.example.test", "ada b")
            .ShouldBe(
                "otpauth://totp/id.example.test:ada%20b?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=id.example.test"
            );
}
