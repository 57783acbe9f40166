namespace Latchkey.Saml.Protocol;

/// <summary>One attribute of an AttributeStatement (saml-core-2.0 §2.7.3.1).</summary>
/// <param name="Name">The name, compared exactly.</param>
/// <param name="Values">Its values in order; may be empty.</param>
/// <param name="NameFormat">One of <see cref="AttributeNameFormats"/>, or another URI; null when the message has none.</param>
/// <param name="FriendlyName">For people only.</param>
public sealed record SamlAttribute(
    string Name,
    IReadOnlyList<string> Values,
    string? NameFormat = null,
    string? FriendlyName = null
);
