using System.Reflection;
using System.Runtime.CompilerServices;

namespace Latchkey.Saml.AspNetCore.Tests;

/// <summary>The public surface of both libraries, held against a file: what others build on changes only on purpose.</summary>
public sealed class PublicApiTests
{
    public static bool Recording =>
        Environment.GetEnvironmentVariable("LATCHKEY_TEST_RECORD") == "1";

    [Theory]
    [InlineData(typeof(Protocol.AuthnRequest), "Latchkey.Saml.txt")]
    [InlineData(typeof(Saml2Options), "Latchkey.Saml.AspNetCore.txt")]
    public void The_public_surface_is_the_recorded_one(Type type, string file)
    {
        var recorded = Path.Combine(Folder(), "PublicApi", file);
        var actual = string.Join('\n', Describe(type.Assembly)) + '\n';

        // To record a wanted change: LATCHKEY_TEST_RECORD=1 ./test.sh --only AspNetCore, and read the difference.
        if (Recording)
        {
            File.WriteAllText(recorded, actual);
        }

        var before = File.ReadAllText(recorded).Split('\n');
        actual.Split('\n').Except(before, StringComparer.Ordinal).ShouldBeEmpty("added");
        before.Except(actual.Split('\n'), StringComparer.Ordinal).ShouldBeEmpty("removed");
    }

    private static IEnumerable<string> Describe(Assembly assembly) =>
        assembly
            .GetExportedTypes()
            .OrderBy(t => t.FullName, StringComparer.Ordinal)
            .SelectMany(Describe);

    private static IEnumerable<string> Describe(Type type)
    {
        yield return $"{Kind(type)} {type.FullName}";
        const BindingFlags Declared =
            BindingFlags.Public
            | BindingFlags.NonPublic
            | BindingFlags.Instance
            | BindingFlags.Static
            | BindingFlags.DeclaredOnly;
        var members = type.GetMembers(Declared)
            .Where(IsVisible)
            .Select(m => $"    {m.MemberType} {m}")
            .Order(StringComparer.Ordinal);
        foreach (var member in members)
        {
            yield return member;
        }
    }

    // What a compiler writes for a record or a property is said by the record or the property.
    private static bool IsVisible(MemberInfo member) =>
        member switch
        {
            MethodBase { IsConstructor: false, IsSpecialName: true } => false,
            MethodBase method => (method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly)
                && !method.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false),
            FieldInfo field => field.IsPublic || field.IsFamily,
            PropertyInfo property => property
                .GetAccessors(nonPublic: true)
                .Any(a => a.IsPublic || a.IsFamily)
                && property.Name != "EqualityContract",
            _ => false,
        };

    private static string Kind(Type type) =>
        type switch
        {
            { IsEnum: true } => "enum",
            { IsInterface: true } => "interface",
            { IsAbstract: true, IsSealed: true } => "static class",
            { IsAbstract: true } => "abstract class",
            { IsSealed: true } => "sealed class",
            _ => "class",
        };

    private static string Folder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
