using System.Runtime.CompilerServices;
using System.Text;

namespace Latchkey.Saml.Tests;

/// <summary>The files under <c>Data/</c>.</summary>
internal static class TestData
{
    /// <summary>Whether files that tests compare with are to be written anew, to be read by a person and committed.</summary>
    public static bool Recording =>
        Environment.GetEnvironmentVariable("LATCHKEY_TEST_RECORD") == "1";

    /// <summary>The working copy.</summary>
    public static string Root { get; } = Path.GetFullPath(Path.Combine(SourceFolder(), "../.."));

    public static byte[] Bytes(string path) => File.ReadAllBytes(PathOf(path));

    public static string Text(string path) => File.ReadAllText(PathOf(path));

    public static string PathOf(string path) =>
        Path.Combine(AppContext.BaseDirectory, "Data", path);

    /// <summary>The file in the source folder.</summary>
    public static string SourcePathOf(string path) => Path.Combine(SourceFolder(), "Data", path);

    /// <summary>Writes a file where it is kept and where the tests read it.</summary>
    public static void Write(string path, byte[] octets)
    {
        foreach (string target in (string[])[SourcePathOf(path), PathOf(path)])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.WriteAllBytes(target, octets);
        }
    }

    /// <summary>
    /// Compares bytes with a golden file. With LATCHKEY_TEST_RECORD=1 the file is written in the source folder instead,
    /// to be read by a person and committed.
    /// </summary>
    public static void ShouldEqualGolden(this byte[] actual, string path)
    {
        if (Recording)
            Write(path, actual);
        // As text first: a difference in text can be read.
        Encoding.UTF8.GetString(actual).ShouldBe(Text(path));
        actual.ShouldBe(Bytes(path));
    }

    /// <summary>Compares with a document under <c>docs/</c>; with LATCHKEY_TEST_RECORD=1 it is written anew.</summary>
    public static void ShouldEqualDocument(this string actual, string path)
    {
        string file = Path.Combine(Root, "docs", path);
        if (Recording)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, actual);
        }
        File.ReadAllText(file).ShouldBe(actual);
    }

    private static string SourceFolder([CallerFilePath] string file = "") =>
        Path.GetDirectoryName(file)!;
}
