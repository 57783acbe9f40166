using System.Security.Cryptography;
using Latchkey.Server.SignIn.Passwords;

namespace Latchkey.Server.Directory;

/// <summary>A password made for somebody: at least 20 characters of 31, some 99 bits, in groups that can be read out, with whatever kinds of characters the policy asks for.</summary>
internal static class GeneratedPassword
{
    /// <summary>Where a page finds it once, encrypted, after the redirect.</summary>
    public const string Key = "lk.generated-password";

    private const string Letters = "abcdefghjkmnpqrstuvwxyz";
    private const string Figures = "23456789";
    private const int Group = 5;

    public static string New(PasswordRules rules)
    {
        while (true)
        {
            var password = Make(rules);
            // Chance may bring a name, or too many figures in a row.
            if (PasswordCheck.Find(rules, s_nobody, password).Count == 0)
                return password;
        }
    }

    private static string Make(PasswordRules rules)
    {
        // With the hyphens between them, six characters a group.
        var groups = Math.Max(4, (rules.MinLength + Group + 1) / (Group + 1));
        var made = Enumerable
            .Range(0, groups)
            .Select(_ => RandomNumberGenerator.GetString(Letters + Figures, Group))
            .ToArray();
        if (rules.NeedsUpper)
            made[0] = char.ToUpperInvariant(Pick(Letters)) + made[0][1..];
        if (rules.NeedsLower)
            made[1] = Pick(Letters) + made[1][1..];
        if (rules.NeedsNumber)
            made[2] = Pick(Figures) + made[2][1..];
        return string.Join('-', made);
    }

    private static char Pick(string from) => from[RandomNumberGenerator.GetInt32(from.Length)];

    private static readonly User s_nobody = UserService.New(default);
}
