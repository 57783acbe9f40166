using Latchkey.Web.Texts;

namespace Latchkey.Server.Directory;

/// <summary>What pages call the fields of users and groups that events name by their API names.</summary>
internal static class FieldLabels
{
    public static string Of(ITexts texts, string field) =>
        texts.Has("user.field." + field) ? texts["user.field." + field] : field;
}
