namespace Latchkey.Server.Api.Declaration;

/// <summary>A piece of a YAML document and the line it begins on.</summary>
internal abstract record YamlNode(int Line);

/// <param name="Value">Null for an empty plain scalar, <c>~</c> and <c>null</c>.</param>
internal sealed record YamlText(int Line, string? Value) : YamlNode(Line);

internal sealed record YamlList(int Line, IReadOnlyList<YamlNode> Items) : YamlNode(Line);

internal sealed record YamlMap(int Line, IReadOnlyList<YamlEntry> Entries) : YamlNode(Line);

internal sealed record YamlEntry(int Line, string Key, YamlNode Value);
