using Latchkey.Server.Directory;
using Latchkey.Server.SignIn.Passwords;

namespace Latchkey.Server.Tests.SignIn.Passwords;

/// <summary>What a policy refuses (J-68).</summary>
public sealed class PasswordCheckTests
{
    private static readonly User s_ada = new()
    {
        Username = "ada.lovelace",
        NormalizedUsername = "ADA.LOVELACE",
        Email = "countess@example.test",
        FirstName = "Augusta",
        LastName = "King",
        SecurityStamp = "1",
        CreatedAt = default,
        UpdatedAt = default,
    };

    private static string[] Refusals(string password, PasswordRules? rules = null) =>
        [.. PasswordCheck.Find(rules ?? new(), s_ada, password).Select(p => p.Code)];

    [Theory]
    [InlineData("correct horse battery")]
    [InlineData("no rain on deck today")]
    [InlineData("7k2m-9xqp-4htw")]
    [InlineData("Straßenbahn zum Müggelsee")]
    [InlineData("猫が屋根の上で歌っているよ夜に")]
    [Trait("Rule", "J-68")]
    public void A_long_password_of_anything_is_taken(string password) =>
        Refusals(password).ShouldBeEmpty();

    [Theory]
    [InlineData("elevenchars", "password-too-short")]
    [InlineData("Ada.Lovelace rides again", "password-has-name")]
    [InlineData("countess of the numbers", "password-has-name")]
    [InlineData("dear augusta, come home", "password-has-name")]
    [InlineData("password1234", "password-common")]
    [InlineData("P@ssw0rd2026!", "password-common")]
    [InlineData("!!superman2026", "password-common")]
    [InlineData("123456789012", "password-sequence")]
    [InlineData("abcdefghijklm", "password-sequence")]
    [InlineData("mnbvcxzlkjhg", "password-sequence")]
    [InlineData("zzzzzzzzzzzzzz", "password-sequence")]
    [InlineData("kiwikiwikiwikiwi", "password-sequence")]
    [Trait("Rule", "J-68")]
    public void What_is_soon_guessed_is_not_taken(string password, string code) =>
        Refusals(password).ShouldContain(code);

    [Fact]
    public void A_short_name_within_a_word_does_no_harm() =>
        // "King" has four letters and counts; "Ada" would be in "Canada".
        Refusals("canada in the autumn").ShouldBeEmpty();

    [Fact]
    public void A_common_word_in_a_long_password_does_no_harm() =>
        Refusals("a monkey sold me eleven umbrellas").ShouldBeEmpty();

    [Theory]
    [InlineData("NO SMALL LETTERS 7", "password-needs-lower")]
    [InlineData("no capital letters 7", "password-needs-upper")]
    [InlineData("No Number Anywhere", "password-needs-number")]
    [InlineData("NoSymbolInThis7", "password-needs-symbol")]
    [Trait("Rule", "J-68")]
    public void Kinds_of_characters_are_asked_for_where_the_policy_says_so(
        string password,
        string code
    ) =>
        Refusals(
                password,
                new()
                {
                    NeedsLower = true,
                    NeedsUpper = true,
                    NeedsNumber = true,
                    NeedsSymbol = true,
                }
            )
            .ShouldBe([code]);

    [Fact]
    public void Everything_that_is_wrong_is_said_at_once() =>
        Refusals("password", new() { NeedsUpper = true, NeedsNumber = true })
            .ShouldBe([
                "password-too-short",
                "password-needs-upper",
                "password-needs-number",
                "password-common",
            ]);

    [Fact]
    public void Each_refusal_can_be_switched_off() =>
        Refusals("password1234", new() { RefusesCommon = false, RefusesSequences = false })
            .ShouldBeEmpty();

    [Fact]
    public void What_is_longer_than_any_password_is_refused_unread() =>
        Refusals(new string('a', PasswordRules.MaxLength + 1)).ShouldBe(["password-too-long"]);

    [Fact]
    public void The_bundled_list_has_thirty_thousand_passwords() =>
        CommonPasswords.Count.ShouldBeInRange(29_000, 31_000);

    [Theory]
    [InlineData("recommended")]
    [InlineData("pci")]
    [InlineData("windows")]
    [Trait("Rule", "J-72")]
    public void A_preset_is_within_bounds_and_its_made_passwords_fit_it(string name)
    {
        var rules = PasswordPresets.Of(name);
        PasswordRuleBounds.Find(rules).ShouldBeEmpty();
        for (var i = 0; i < 50; i++)
            Refusals(GeneratedPassword.New(rules), rules).ShouldBeEmpty();
    }

    [Fact]
    public void A_password_is_made_for_the_strictest_policy_there_can_be()
    {
        var rules = new PasswordRules
        {
            MinLength = PasswordRules.LongestMinLength,
            NeedsLower = true,
            NeedsUpper = true,
            NeedsNumber = true,
            NeedsSymbol = true,
        };
        Refusals(GeneratedPassword.New(rules), rules).ShouldBeEmpty();
    }
}
