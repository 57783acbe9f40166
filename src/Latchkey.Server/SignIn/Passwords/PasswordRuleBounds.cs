using System.Globalization;
using Latchkey.Server.Problems;

namespace Latchkey.Server.SignIn.Passwords;

/// <summary>Within which bounds rules make sense, and how events tell them.</summary>
internal static class PasswordRuleBounds
{
    public static List<Problem> Find(PasswordRules rules)
    {
        var problems = new List<Problem>();
        Check(
            "min_length",
            rules.MinLength,
            PasswordRules.ShortestMinLength,
            PasswordRules.LongestMinLength
        );
        Check("history", rules.History, 0, PasswordRules.LongestHistory);
        Check("min_age_hours", rules.MinAgeHours, 0, 24 * 30);
        Check("expiry_days", rules.ExpiryDays, 0, PasswordRules.LongestDays);
        Check("warn_days", rules.WarnDays, 0, 90);
        Check("force_days", rules.ForceDays, 0, 90);
        Check("grace_days", rules.GraceDays, 0, 365);
        Check("max_tries", rules.MaxTries, 3, PasswordRules.MostTries);
        Check("lockout_minutes", rules.LockoutMinutes, 1, PasswordRules.LongestMinutes);
        Check("reset_tries_minutes", rules.ResetTriesMinutes, 1, PasswordRules.LongestMinutes);
        // A password that must not be changed before it must be changed.
        if (rules.ExpiryDays > 0 && rules.MinAgeHours >= (rules.ExpiryDays - rules.ForceDays) * 24)
            problems.Add(new("policy-age-before-expiry", "min_age_hours"));
        return problems;

        void Check(string field, int value, int least, int most)
        {
            if (value < least || value > most)
                problems.Add(new("policy-out-of-range", field, least, most));
        }
    }

    public static IEnumerable<KeyValuePair<string, string?>> Snapshot(PasswordRules rules) =>
        [
            new("min_length", Text(rules.MinLength)),
            new("needs_lower", Text(rules.NeedsLower)),
            new("needs_upper", Text(rules.NeedsUpper)),
            new("needs_number", Text(rules.NeedsNumber)),
            new("needs_symbol", Text(rules.NeedsSymbol)),
            new("may_contain_name", Text(rules.MayContainName)),
            new("refuses_common", Text(rules.RefusesCommon)),
            new("refuses_sequences", Text(rules.RefusesSequences)),
            new("history", Text(rules.History)),
            new("min_age_hours", Text(rules.MinAgeHours)),
            new("expiry_days", Text(rules.ExpiryDays)),
            new("warn_days", Text(rules.WarnDays)),
            new("force_days", Text(rules.ForceDays)),
            new("grace_days", Text(rules.GraceDays)),
            new("count_from", rules.CountFrom?.ToString("u", CultureInfo.InvariantCulture)),
            new("max_tries", Text(rules.MaxTries)),
            new("lockout_minutes", Text(rules.LockoutMinutes)),
            new("reset_tries_minutes", Text(rules.ResetTriesMinutes)),
            new("locks_everywhere", Text(rules.LocksEverywhere)),
        ];

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Text(bool value) => value ? "true" : "false";
}
