using System.Text;

namespace Latchkey.Saml.Tests.Attacks;

/// <summary>Makes the kept messages and the table of what is found in each. Run on purpose only, with LATCHKEY_TEST_RECORD=1.</summary>
internal static class AttackRecorder
{
    public static void Record(IReadOnlyList<Attack> attacks)
    {
        foreach (Attack attack in attacks)
            // What is made with random numbers stays as it is, or every recording would change it.
            if (!attack.Random || !File.Exists(TestData.SourcePathOf("attacks/" + attack.File)))
                TestData.Write("attacks/" + attack.File, attack.Make());

        HashSet<string> files = [.. attacks.Select(attack => attack.File)];
        foreach (string root in (string[])[TestData.SourcePathOf("attacks"), TestData.PathOf("attacks")])
            foreach (string path in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories))
                if (Path.GetRelativePath(root, path).Replace('\\', '/') is { } file && file.Contains('/', StringComparison.Ordinal) && !files.Contains(file))
                    File.Delete(path);

        StringBuilder table = new("file\trule\tverdict and findings\n");
        foreach (Attack attack in attacks)
            table.Append(attack.File).Append('\t').Append(attack.Rule).Append('\t').Append(AttackFileTests.Codes(attack)).Append('\n');
        TestData.Write("attacks/expected.tsv", Encoding.UTF8.GetBytes(table.ToString()));
    }
}
