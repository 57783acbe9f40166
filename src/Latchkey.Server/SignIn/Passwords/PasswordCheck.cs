using Latchkey.Server.Directory;
using Latchkey.Server.Problems;

namespace Latchkey.Server.SignIn.Passwords;

/// <summary>What is wrong with a new password by itself: everything at once, so that nobody learns the rules one refusal at a time.</summary>
internal static class PasswordCheck
{
    private const string Field = "password";

    /// <summary>Parts of a name that are shorter stand in too many good passwords.</summary>
    private const int ShortestName = 4;

    public static List<Problem> Find(PasswordRules rules, User user, string password)
    {
        var problems = new List<Problem>();
        if (password.Length < rules.MinLength)
            problems.Add(new("password-too-short", Field, rules.MinLength));
        if (password.Length > PasswordRules.MaxLength)
        {
            // Nothing else is looked at in what may be megabytes.
            return [new("password-too-long", Field, PasswordRules.MaxLength)];
        }
        FindKinds(rules, password, problems);
        if (!rules.MayContainName && HasName(user, password))
            problems.Add(new("password-has-name", Field));
        if (rules.RefusesCommon && CommonPasswords.Holds(password))
            problems.Add(new("password-common", Field));
        if (
            rules.RefusesSequences
            && password.Length >= rules.MinLength
            && PasswordSequences.WeightOf(password) * 3 < rules.MinLength * 2
        )
        {
            problems.Add(new("password-sequence", Field));
        }
        return problems;
    }

    private static void FindKinds(PasswordRules rules, string password, List<Problem> problems)
    {
        if (rules.NeedsLower && !password.Any(char.IsLower))
            problems.Add(new("password-needs-lower", Field));
        if (rules.NeedsUpper && !password.Any(char.IsUpper))
            problems.Add(new("password-needs-upper", Field));
        if (rules.NeedsNumber && !password.Any(char.IsDigit))
            problems.Add(new("password-needs-number", Field));
        if (rules.NeedsSymbol && password.All(char.IsLetterOrDigit))
            problems.Add(new("password-needs-symbol", Field));
    }

    private static bool HasName(User user, string password) =>
        new[]
        {
            user.Username,
            user.Username.Split('@')[0],
            user.Email,
            user.Email.Split('@')[0],
            user.FirstName,
            user.LastName,
        }.Any(name =>
            name?.Length >= ShortestName
            && password.Contains(name, StringComparison.OrdinalIgnoreCase)
        ) || password.Equals(user.Username, StringComparison.OrdinalIgnoreCase);
}

/// <summary>Sees through length that is none: 123456, qwertz, aaaa, and the same again and again.</summary>
internal static class PasswordSequences
{
    private static readonly string[] s_rows =
    [
        "1234567890",
        "qwertyuiop",
        "qwertzuiop",
        "azertyuiop",
        "asdfghjkl",
        "qsdfghjklm",
        "zxcvbnm",
        "yxcvbnm",
        "wxcvbn",
    ];

    /// <summary>How many characters a password has when every sequence and every repeat counts for its first character alone.</summary>
    public static int WeightOf(string password)
    {
        var text = Unrepeated(password.ToLowerInvariant());
        var weight = text.Length == 0 ? 0 : 1;
        for (var i = 1; i < text.Length; i++)
        {
            // The second of two neighbours may be chance ("no", "de"); the third is not.
            var goesOn = Follows(text[i - 1], text[i]);
            var wentOn = i > 1 && Follows(text[i - 2], text[i - 1]);
            if (!(goesOn && (wentOn || (i + 1 < text.Length && Follows(text[i], text[i + 1])))))
                weight++;
        }
        return weight;
    }

    /// <summary>The part that a text consists of, if it is nothing but that again and again.</summary>
    private static string Unrepeated(string text)
    {
        for (var length = 1; length <= text.Length / 2; length++)
        {
            var again = true;
            for (var i = length; i < text.Length && again; i++)
                again = text[i] == text[i - length];
            if (again)
                return text[..length];
        }
        return text;
    }

    private static bool Follows(char a, char b) =>
        a == b
        || (char.IsAsciiLetterOrDigit(a) && char.IsAsciiLetterOrDigit(b) && Math.Abs(a - b) == 1)
        || Array.Exists(
            s_rows,
            row =>
                row.IndexOf(a, StringComparison.Ordinal) is >= 0 and var i
                && row.IndexOf(b, StringComparison.Ordinal) is >= 0 and var j
                && Math.Abs(i - j) == 1
        );
}
