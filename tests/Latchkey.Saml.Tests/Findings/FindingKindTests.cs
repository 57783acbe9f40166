using System.Text.RegularExpressions;
using Latchkey.Saml.Findings;

namespace Latchkey.Saml.Tests.Findings;

/// <summary>The table of findings is whole (S0-26).</summary>
public sealed class FindingKindTests
{
    [Fact]
    public void Every_kind_has_a_code_of_its_own_in_kebab_case()
    {
        FindingKinds.All.Count.ShouldBeGreaterThan(60);
        FindingKinds.All.Select(kind => kind.Code).ShouldBeUnique();
        foreach (FindingKind kind in FindingKinds.All)
            Regex
                .IsMatch(
                    kind.Code,
                    "^[a-z0-9]+(-[a-z0-9]+)*$",
                    RegexOptions.ExplicitCapture,
                    TimeSpan.FromSeconds(1)
                )
                .ShouldBeTrue(kind.Code);
    }

    [Fact]
    public void Every_kind_has_rule_title_remedy_and_specification()
    {
        foreach (FindingKind kind in FindingKinds.All)
        {
            Regex
                .IsMatch(
                    kind.Rule,
                    "^[A-Z][0-9]?-?[0-9]+$",
                    RegexOptions.ExplicitCapture,
                    TimeSpan.FromSeconds(1)
                )
                .ShouldBeTrue(kind.Code);
            kind.Title.ShouldEndWith(".");
            kind.Remedy.ShouldEndWith(".");
            kind.Specification.ShouldNotBeEmpty(kind.Code);
        }
    }
}
