using Latchkey.Server.Api.Settings;
using Latchkey.Server.Applications;
using Latchkey.Server.Applications.Following;
using Latchkey.Server.Directory;
using Latchkey.Server.Directory.Attributes;
using Latchkey.Server.Insights;

namespace Latchkey.Server.Api.Declaration;

/// <summary>What applying a declaration would do, in the order it would be done.</summary>
internal sealed record DeclarationPlan(
    IReadOnlyList<PlannedAttribute> Attributes,
    IReadOnlyList<PlannedUser> Users,
    IReadOnlyList<PlannedGroup> Groups,
    IReadOnlyList<PlannedApplication> Applications,
    IReadOnlyList<PlannedSetting> Settings
)
{
    public IEnumerable<PlannedChange> Changes =>
        [.. Attributes, .. Users, .. Groups, .. Applications, .. Settings];
}

/// <param name="Kind">"attribute", "user", "group", "application", "setting", "mail template" or "password policy".</param>
/// <param name="Name">User name, group name or slug.</param>
/// <param name="Line">Where the file declares it.</param>
/// <param name="Changes">Field by field; of something new, what it is made with.</param>
internal abstract record PlannedChange(
    string Kind,
    string Name,
    int Line,
    IReadOnlyList<FieldChange> Changes
)
{
    public static IReadOnlyList<string> Actions { get; } = ["create", "update", "unchanged"];

    public abstract bool IsNew { get; }

    public string Action =>
        IsNew ? "create"
        : Changes.Count > 0 ? "update"
        : "unchanged";
}

internal sealed record PlannedAttribute(
    DeclaredAttribute Declared,
    AttributeDefinition? Existing,
    AttributeDefinitionInput Input,
    IReadOnlyList<FieldChange> Changes
) : PlannedChange("attribute", Declared.Name, Declared.Line, Changes)
{
    public override bool IsNew => Existing is null;
}

internal sealed record PlannedUser(
    DeclaredUser Declared,
    User? Existing,
    UserInput Input,
    IReadOnlyList<FieldChange> Changes
) : PlannedChange("user", Declared.Username, Declared.Line, Changes)
{
    public override bool IsNew => Existing is null;
}

internal sealed record PlannedGroup(
    DeclaredGroup Declared,
    Group? Existing,
    GroupInput Input,
    IReadOnlyList<FieldChange> Changes
) : PlannedChange("group", Declared.Name, Declared.Line, Changes)
{
    public override bool IsNew => Existing is null;
}

internal sealed record PlannedApplication(
    DeclaredApplication Declared,
    Application? Existing,
    ApplicationInput Input,
    DocumentToFollow? ToFollow,
    PlannedKeyPairs KeyPairs,
    IReadOnlyList<FieldChange> Changes
) : PlannedChange("application", Declared.Slug, Declared.Line, Changes)
{
    public override bool IsNew => Existing is null;
}

/// <param name="Now">What there is; null for what is new.</param>
/// <param name="After">What it is to be.</param>
internal sealed record PlannedSetting(
    ISettingsPart Part,
    int Line,
    IReadOnlyDictionary<string, int> Lines,
    object? Now,
    object After,
    IReadOnlyList<FieldChange> Changes
) : PlannedChange(Part.Kind, Part.Name, Line, Changes)
{
    public override bool IsNew => Now is null;
}
