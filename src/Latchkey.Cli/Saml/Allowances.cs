using Latchkey.Saml.Responses;

namespace Latchkey.Cli.Saml;

/// <summary>What <c>--allow</c> can loosen: each one a switch that a connection has, named here and nowhere else.</summary>
internal static class Allowances
{
    private static readonly Dictionary<string, Func<ResponseRules, ResponseRules>> s_known = new(
        StringComparer.Ordinal
    )
    {
        ["unsolicited"] = rules => rules with { AllowUnsolicited = true },
        ["sha1"] = rules => rules with { AllowSha1 = true },
        ["cbc"] = rules => rules with { AllowCbc = true },
    };

    /// <summary>The names, for the help and for refusals.</summary>
    public static string Names { get; } = string.Join(", ", s_known.Keys);

    /// <summary>Loosens the rules by every name in the lists.</summary>
    /// <exception cref="UnusableException">A name is not known.</exception>
    public static ResponseRules Apply(ResponseRules rules, IEnumerable<string> lists)
    {
        foreach (
            var name in lists.SelectMany(list =>
                list.Split(
                    ',',
                    StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries
                )
            )
        )
        {
            if (!s_known.TryGetValue(name, out var loosen))
            {
                throw new UnusableException(
                    $"--allow does not know “{TerminalText.Show(name)}”; it knows {Names}."
                );
            }
            rules = loosen(rules);
        }
        return rules;
    }
}
