using Latchkey.Web.Texts;

namespace Latchkey.Server.SignIn.Passwords;

/// <summary>The rules in words, beside the field where a password is set: nobody has to guess them (J-70).</summary>
internal static class PasswordHint
{
    public static string Of(ITexts texts, PasswordRules rules)
    {
        var sentences = new List<string> { texts["password.hint.length", rules.MinLength] };
        var kinds = new List<string>();
        Add(kinds, rules.NeedsLower, "password.hint.lower");
        Add(kinds, rules.NeedsUpper, "password.hint.upper");
        Add(kinds, rules.NeedsNumber, "password.hint.number");
        Add(kinds, rules.NeedsSymbol, "password.hint.symbol");
        if (kinds.Count > 0)
            sentences.Add(texts["password.hint.kinds", string.Join(", ", kinds)]);
        var not = new List<string>();
        Add(not, !rules.MayContainName, "password.hint.name");
        Add(not, rules.RefusesCommon, "password.hint.common");
        if (rules.History == 1)
            not.Add(texts["password.hint.present"]);
        if (rules.History > 1)
            not.Add(texts["password.hint.history", rules.History]);
        if (not.Count > 0)
            sentences.Add(texts["password.hint.not", string.Join(texts["password.hint.nor"], not)]);
        return string.Join(' ', sentences);

        void Add(List<string> to, bool wanted, string key)
        {
            if (wanted)
                to.Add(texts[key]);
        }
    }
}
