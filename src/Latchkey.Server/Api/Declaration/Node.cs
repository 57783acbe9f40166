namespace Latchkey.Server.Api.Declaration;

/// <summary>A piece of a document that somebody sent, YAML or JSON, and the line it begins on; 0 where lines say nothing.</summary>
internal abstract record Node(int Line);

/// <param name="Value">Null for an empty plain scalar, <c>~</c> and <c>null</c> of YAML, and for JSON's <c>null</c>.</param>
/// <param name="Empties">Whether a null says that the field is to be empty (JSON), and not that nothing is said (YAML).</param>
internal sealed record TextNode(int Line, string? Value, bool Empties = false) : Node(Line);

internal sealed record ListNode(int Line, IReadOnlyList<Node> Items) : Node(Line);

internal sealed record MapNode(int Line, IReadOnlyList<NodeEntry> Entries) : Node(Line);

internal sealed record NodeEntry(int Line, string Key, Node Value);
