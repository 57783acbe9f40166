using System.Runtime.CompilerServices;
using System.Text;

namespace Latchkey.Saml.Tests;

/// <summary>The files under <c>Data/</c>.</summary>
internal static class TestData
{
    public static byte[] Bytes(string path) => File.ReadAllBytes(PathOf(path));

    public static string Text(string path) => File.ReadAllText(PathOf(path));

    public static string PathOf(string path) =>
        Path.Combine(AppContext.BaseDirectory, "Data", path);

    /// <summary>
    /// Compares bytes with a golden file. With LATCHKEY_WRITE_GOLDEN=1 the file is written in the source folder instead,
    /// to be read by a person and committed.
    /// </summary>
    public static void ShouldEqualGolden(
        this byte[] actual,
        string path,
        [CallerFilePath] string testFile = ""
    )
    {
        if (Environment.GetEnvironmentVariable("LATCHKEY_WRITE_GOLDEN") == "1")
        {
            string project = Path.GetDirectoryName(Path.GetDirectoryName(testFile))!;
            string target = Path.Combine(project, "Data", path);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.WriteAllBytes(target, actual);
            return;
        }
        // As text first: a difference in text can be read.
        Encoding.UTF8.GetString(actual).ShouldBe(Text(path));
        actual.ShouldBe(Bytes(path));
    }
}
