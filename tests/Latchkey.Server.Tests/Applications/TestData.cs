using System.Runtime.CompilerServices;

namespace Latchkey.Server.Tests.Applications;

/// <summary>Metadata and certificates as other software writes them, beside the tests.</summary>
internal static class TestData
{
    public static byte[] Bytes(string name) => File.ReadAllBytes(Path.Combine(Folder(), name));

    public static string Text(string name) => File.ReadAllText(Path.Combine(Folder(), name));

    private static string Folder([CallerFilePath] string file = "") =>
        Path.Combine(Path.GetDirectoryName(file)!, "Data");
}
