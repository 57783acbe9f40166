using System.Text;

namespace Latchkey.Saml.Tests.Attacks;

/// <summary>The page about attacks is complete, and the catalogue is tried whole. Recorded with LATCHKEY_TEST_RECORD=1.</summary>
public sealed class AttackPageTests
{
    [Fact]
    public void Each_kind_of_attack_has_messages_that_try_it()
    {
        foreach (AttackClass kind in AttackClass.All)
            foreach (string prefix in kind.Files)
                AttackTable.All.ShouldContain(attack => attack.File.StartsWith(prefix, StringComparison.Ordinal), $"{kind.What}: {prefix}");
    }

    [Fact]
    public void Each_message_belongs_to_a_kind_of_attack() =>
        AttackTable.All.Where(attack => !AttackClass.All.Any(kind => Tries(attack, kind))).Select(attack => attack.File).ShouldBeEmpty();

    [Fact]
    public void The_page_about_attacks_lists_them_all() => Page().ShouldEqualDocument("explanation/attacks.md");

    private static bool Tries(Attack attack, AttackClass kind) => kind.Files.Any(prefix => attack.File.StartsWith(prefix, StringComparison.Ordinal));

    private static string Page()
    {
        StringBuilder page = new(
            $"""
            # Attacks, and what stops them

            Every kind of attack on SAML that we know of, where it was found in real products, the numbers of the rules that stop
            it here, and the messages that try it. Each message is kept as a file under `tests/Latchkey.Saml.Tests/Data/attacks`,
            {AttackTable.All.Count} of them, and each test run puts every one before the validator. What has to be found in each is in
            [`expected.tsv`](../../tests/Latchkey.Saml.Tests/Data/attacks/expected.tsv); how to try them on other software is in the
            [`README.md`](../../tests/Latchkey.Saml.Tests/Data/attacks/README.md) beside it. The codes are explained under
            [findings](../findings/README.md), the design in [How the protocol core decides](protocol-core.md).

            This page is made of the tables in `tests/Latchkey.Saml.Tests/Attacks`.

            """
        );
        foreach (string section in AttackClass.All.Select(kind => kind.Section).Distinct())
        {
            page.Append($"\n## {section}\n\n| Attack | Known from | Rules | Messages |\n| --- | --- | --- | --- |\n");
            foreach (AttackClass kind in AttackClass.All.Where(kind => kind.Section == section))
                page.Append($"| {kind.What} | {kind.Known} | {kind.Rules} | {string.Join(", ", kind.Files.Select(Link))} |\n");
        }

        page.Append("\n## Beyond messages\n\nThese do not live in one message, and are held elsewhere.\n\n| Attack | Known from | Rules | Held by |\n| --- | --- | --- | --- |\n");
        foreach ((string what, string known, string rules, string held) in AttackClass.Elsewhere)
            page.Append($"| {what} | {known} | {rules} | {held} |\n");

        page.Append("\n## The messages\n\n");
        page.Append("What is *accepted* changes nothing that counts: it says what was signed.\n");
        foreach (IGrouping<string, Attack> folder in AttackTable.All.GroupBy(attack => attack.Folder))
        {
            page.Append($"\n### {folder.Key}\n\n| Message | What the attacker did | Rule | Finding |\n| --- | --- | --- | --- |\n");
            foreach (Attack attack in folder)
                page.Append($"| `{attack.File[(folder.Key.Length + 1)..]}` | {attack.What.Replace("<", "&lt;", StringComparison.Ordinal)} | {attack.Rule} | {(attack.Code.Length == 0 ? "*accepted*" : $"[`{attack.Code}`](../findings/{attack.Code}.md)")} |\n");
        }
        return page.ToString();
    }

    private static string Link(string prefix)
    {
        int count = AttackTable.All.Count(attack => attack.File.StartsWith(prefix, StringComparison.Ordinal));
        string folder = prefix[..prefix.IndexOf('/', StringComparison.Ordinal)];
        return $"[`{prefix}{(prefix.EndsWith('/') ? "" : "…")}`](#{folder}) ({count})";
    }
}
