namespace Latchkey.Testing;

/// <summary>Where things lie in the working copy that the running test was built from.</summary>
public static class Repository
{
    /// <summary>The folder that holds <c>Latchkey.slnx</c>.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The program of a source project, built in the same configuration as the running test.</summary>
    /// <param name="project">The project's name, which is its folder's.</param>
    /// <param name="folder">Where its folder is.</param>
    public static string Program(string project, string folder = "src")
    {
        // …/tests/<project>/bin/<configuration>/net10.0/
        var framework = new DirectoryInfo(
            AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar)
        );
        var configuration = framework.Parent!;
        var path = Path.Combine(
            Root,
            folder,
            project,
            "bin",
            configuration.Name,
            framework.Name,
            project + ".dll"
        );
        return File.Exists(path)
            ? path
            : throw new FileNotFoundException(
                $"{project} is not built in {configuration.Name}.",
                path
            );
    }

    /// <summary>The folder with what the tests take from npm; <c>test.sh</c> fills it.</summary>
    public static string Node => Path.Combine(Root, "tests", "node");

    private static string FindRoot()
    {
        for (
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            folder is not null;
            folder = folder.Parent
        )
        {
            if (File.Exists(Path.Combine(folder.FullName, "Latchkey.slnx")))
                return folder.FullName;
        }
        throw new DirectoryNotFoundException(
            "The tests run from their bin folders inside the repository."
        );
    }
}
