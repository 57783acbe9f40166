namespace Latchkey.Saml.Protocol;

/// <summary>One attribute of an AttributeStatement (saml-core-2.0 §2.7.3.1).</summary>
/// <param name="Name">The name, compared exactly.</param>
/// <param name="Values">
/// Its values in order; may be empty. When read: the text of each AttributeValue, exactly, whatever its xsi:type; nothing for
/// one that is xsi:nil. An AttributeValue that holds elements is kept as their XML (exclusive canonical form, without
/// comments, white space between them left out). To read such a value, parse it as XML from a stranger; do not search it for
/// text: the same characters can be somebody's ordinary text.
/// </param>
/// <param name="NameFormat">One of <see cref="AttributeNameFormats"/>, or another URI; null when the message has none.</param>
/// <param name="FriendlyName">For people only.</param>
public sealed record SamlAttribute(
    string Name,
    IReadOnlyList<string> Values,
    string? NameFormat = null,
    string? FriendlyName = null
);
