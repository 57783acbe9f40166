using System.Text.RegularExpressions;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Tests.Attacks;

namespace Latchkey.Saml.Tests.Architecture;

/// <summary>Each rule of the protocol core, as <c>Data/rules.tsv</c> lists them, has tests that bear its number.</summary>
public sealed partial class RuleTests
{
    private static readonly Dictionary<string, string> Rules = TestData
        .Text("rules.tsv")
        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => line.Split('\t'))
        .ToDictionary(cells => cells[0], cells => cells[1], StringComparer.Ordinal);

    [Fact]
    public void Each_rule_has_a_test_that_is_named_after_it()
    {
        HashSet<string> named =
        [
            .. Directory
                .EnumerateFiles(
                    Path.Combine(TestData.Root, "tests"),
                    "*.cs",
                    SearchOption.AllDirectories
                )
                .SelectMany(file => TestName().Matches(File.ReadAllText(file)))
                .Select(match => match.Groups["rule"].Value),
        ];

        Rules.Keys.Except(named).ShouldBeEmpty();
    }

    [Fact]
    public void Each_rule_that_a_finding_or_an_attack_names_is_listed()
    {
        // Rules of the identity provider and of a user's story, whose tests are elsewhere.
        string[] known = [.. Rules.Keys, "I1", "I2", "I3", "U-19"];

        FindingKinds.All.Select(kind => kind.Rule).Except(known).ShouldBeEmpty();
        AttackTable.All.Select(attack => attack.Rule).Except(known).ShouldBeEmpty();
    }

    [GeneratedRegex(
        @"public (async )?(void|Task) (?<rule>[A-Z]\d+)_",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 5000
    )]
    private static partial Regex TestName();
}
