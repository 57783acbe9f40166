using System.Reflection;
using Latchkey.Server.Applications;

namespace Latchkey.Server.Tests.Applications;

public sealed class ApplicationInputTests
{
    /// <summary>Made new from the one below, field by field: a field that is forgotten there would be lost on its way.</summary>
    [Fact]
    public void What_is_not_said_is_taken_from_below_whatever_the_field()
    {
        var below = new ApplicationInput();
        foreach (var property in Fields())
        {
            property.SetValue(below, Some(property.PropertyType));
        }

        var over = new ApplicationInput().Over(below);

        Fields()
            .Where(p => !Equals(p.GetValue(over), p.GetValue(below)))
            .Select(p => p.Name)
            .ShouldBeEmpty();
    }

    private static IEnumerable<PropertyInfo> Fields() =>
        typeof(ApplicationInput)
            .GetProperties()
            // A kind is always said.
            .Where(p => p.CanWrite && p.Name != nameof(ApplicationInput.Kind));

    private static object Some(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type == typeof(string) ? "x"
            : type == typeof(bool) ? true
            : type == typeof(int) ? 7
            : type.IsEnum ? Enum.GetValues(type).GetValue(0)!
            : type == typeof(AuthnContextSettings) ? new AuthnContextSettings("x", null)
            : type == typeof(IReadOnlyDictionary<string, string>) ? new Dictionary<string, string>()
            : Array.CreateInstance(type.GetGenericArguments()[0], 1);
    }
}
