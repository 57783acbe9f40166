using Latchkey.Testing;

namespace Latchkey.Server.Tests.Pages;

/// <summary>The stylesheet, the script and the icons in the repository are what their script makes of the npm packages named in its lock file.</summary>
public sealed class AssetTests
{
    [Fact]
    public async Task What_is_served_is_what_the_packages_give()
    {
        using var folder = new TemporaryFolder();
        var made = folder.File("vendor");
        var script = Path.Combine(Repository.Root, "build", "assets", "build.mjs");
        await ChildProcess.RunAsync("node", [script, made], folder.Path);

        var served = Path.Combine(Repository.Root, "src", "Latchkey.Web", "wwwroot", "vendor");
        var files = Names(made);
        Names(served).ShouldBe(files);
        foreach (var file in files)
        {
            (await File.ReadAllTextAsync(Path.Combine(served, file))).ShouldBe(
                await File.ReadAllTextAsync(Path.Combine(made, file)),
                $"{file} differs from what build/assets/build.mjs makes"
            );
        }
    }

    private static string[] Names(string folder) =>
        [
            .. System
                .IO.Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(folder, file))
                .Order(StringComparer.Ordinal),
        ];
}
