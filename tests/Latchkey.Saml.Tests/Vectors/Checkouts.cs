namespace Latchkey.Saml.Tests.Vectors;

/// <summary>
/// Vectors that stand in other projects' repositories and are not kept here: LATCHKEY_VECTORS names a folder with
/// checkouts of them (docs/explanation/how-the-core-is-tested.md). Without it the tests that need them are skipped.
/// </summary>
internal static class Checkouts
{
    public static string Folder(string path)
    {
        string? vectors = Environment.GetEnvironmentVariable("LATCHKEY_VECTORS");
        Assert.SkipWhen(
            string.IsNullOrEmpty(vectors),
            "LATCHKEY_VECTORS names no folder with the checkouts."
        );
        return Path.Combine(vectors!, path);
    }
}
