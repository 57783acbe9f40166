using System.Xml.Linq;

namespace Latchkey.Saml.Tests.Architecture;

/// <summary>Arrows point one way: hosts → (Web, Diagnosis, Saml.AspNetCore) → Saml, and Saml references the framework only.</summary>
public sealed class ProjectReferenceTests
{
    private static readonly Dictionary<string, int> Levels = new()
    {
        ["Latchkey.Saml"] = 0,
        ["Latchkey.Saml.AspNetCore"] = 1,
        ["Latchkey.Diagnosis"] = 1,
        ["Latchkey.Web"] = 1,
        ["Latchkey.Server"] = 2,
        ["Latchkey.Gateway"] = 2,
        ["Latchkey.Cli"] = 2,
    };

    [Fact]
    public void Every_project_has_its_level() => Projects().Keys.ShouldBeSubsetOf(Levels.Keys);

    [Fact]
    public void A_project_references_lower_ones_only()
    {
        foreach ((string project, XDocument file) in Projects())
        foreach (
            string reference in References(file, "ProjectReference")
                .Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/')))
        )
            Levels[reference].ShouldBeLessThan(Levels[project], $"{project} → {reference}");
    }

    [Fact]
    public void The_protocol_core_references_nothing_but_the_framework()
    {
        XDocument core = Projects()["Latchkey.Saml"];

        References(core, "ProjectReference").ShouldBeEmpty();
        References(core, "PackageReference").ShouldBeEmpty();
        References(core, "FrameworkReference").ShouldBeEmpty();
    }

    [Fact]
    public void The_protocol_core_has_no_second_XML_parser()
    {
        string[] parsers =
        [
            "XmlReader",
            "XmlTextReader",
            "XmlDocument",
            "XDocument",
            "XElement",
            "SignedXml",
        ];
        foreach (
            string file in Directory.EnumerateFiles(
                Path.Combine(Root(), "src", "Latchkey.Saml"),
                "*.cs",
                SearchOption.AllDirectories
            )
        )
        foreach (string parser in parsers)
            File.ReadAllText(file).ShouldNotContain(parser, Case.Sensitive, file);
    }

    private static IEnumerable<string> References(XDocument project, string kind) =>
        project.Descendants(kind).Select(reference => (string)reference.Attribute("Include")!);

    private static Dictionary<string, XDocument> Projects() =>
        Directory
            .EnumerateFiles(Path.Combine(Root(), "src"), "*.csproj", SearchOption.AllDirectories)
            .ToDictionary(
                path => Path.GetFileNameWithoutExtension(path),
                path => XDocument.Load(path)
            );

    private static string Root()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Latchkey.slnx")))
            folder = folder.Parent;
        folder.ShouldNotBeNull();
        return folder.FullName;
    }
}
