using System.Reflection;
using Latchkey.Web.Texts;

namespace Latchkey.Server.Insights;

/// <summary>What pages call the types of events.</summary>
internal static class EventNames
{
    /// <summary>Every type there is.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        .. typeof(EventTypes)
            .GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => (string)field.GetRawConstantValue()!),
    ];

    /// <summary>A type's name; one that an older or newer version wrote has only its code.</summary>
    public static string Of(ITexts texts, string type) =>
        texts.Has("event." + type) ? texts["event." + type] : type;
}
