using Latchkey.Saml.Protocol;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Metadata;

/// <summary>Writes md:Extensions of an entity and of a role; nothing when there is nothing to say.</summary>
internal static class ExtensionsWriter
{
    public static void Write(CanonicalWriter writer, EntityDescriptor entity)
    {
        if (
            entity.EntityAttributes.Count == 0
            && entity.Algorithms.IsEmpty
            && entity.Scopes.Count == 0
        )
            return;
        writer.Start(Prefix.Md, "Extensions"u8);
        WriteAlgorithms(writer, entity.Algorithms);
        WriteAttributes(writer, entity.EntityAttributes);
        WriteScopes(writer, entity.Scopes);
        writer.End();
    }

    public static void Write(CanonicalWriter writer, Role role)
    {
        if (IsEmpty(role.UiInfo) && role.Algorithms.IsEmpty && role.Scopes.Count == 0)
            return;
        writer.Start(Prefix.Md, "Extensions"u8);
        WriteAlgorithms(writer, role.Algorithms);
        WriteUiInfo(writer, role.UiInfo);
        WriteScopes(writer, role.Scopes);
        writer.End();
    }

    /// <summary>sstc-saml-metadata-algsupport-v1.0 §2.</summary>
    private static void WriteAlgorithms(CanonicalWriter writer, AlgorithmSupport algorithms)
    {
        foreach (string digest in algorithms.DigestMethods)
        {
            writer.Start(Prefix.Alg, "DigestMethod"u8);
            writer.Attribute("Algorithm"u8, digest);
            writer.End();
        }
        foreach (SigningMethod method in algorithms.SigningMethods)
        {
            writer.Start(Prefix.Alg, "SigningMethod"u8);
            writer.Attribute("Algorithm"u8, method.Algorithm);
            writer.Attribute("MaxKeySize"u8, method.MaxKeySize);
            writer.Attribute("MinKeySize"u8, method.MinKeySize);
            writer.End();
        }
    }

    /// <summary>sstc-metadata-attr §2.</summary>
    private static void WriteAttributes(
        CanonicalWriter writer,
        IReadOnlyList<SamlAttribute> attributes
    )
    {
        if (attributes.Count == 0)
            return;
        writer.Start(Prefix.Mdattr, "EntityAttributes"u8);
        foreach (SamlAttribute attribute in attributes)
        {
            writer.Start(Prefix.Saml, "Attribute"u8);
            writer.Attribute("FriendlyName"u8, attribute.FriendlyName);
            writer.Attribute("Name"u8, attribute.Name);
            writer.Attribute("NameFormat"u8, attribute.NameFormat);
            foreach (string value in attribute.Values)
                writer.Element(Prefix.Saml, "AttributeValue"u8, value);
            writer.End();
        }
        writer.End();
    }

    private static void WriteScopes(CanonicalWriter writer, IReadOnlyList<Scope> scopes)
    {
        foreach (Scope scope in scopes)
        {
            writer.Start(Prefix.Shibmd, "Scope"u8);
            // Written either way, as the profile of that element wants it.
            writer.Attribute("regexp"u8, scope.IsRegularExpression ? "true" : "false");
            writer.Text(scope.Value);
            writer.End();
        }
    }

    private static bool IsEmpty(UiInfo info) =>
        info.DisplayNames.Count
            + info.Descriptions.Count
            + info.Keywords.Count
            + info.Logos.Count
            + info.InformationUrls.Count
            + info.PrivacyStatementUrls.Count
        == 0;

    /// <summary>sstc-saml-metadata-ui-v1.0 §2.1.</summary>
    private static void WriteUiInfo(CanonicalWriter writer, UiInfo info)
    {
        if (IsEmpty(info))
            return;
        writer.Start(Prefix.Mdui, "UIInfo"u8);
        WriteTexts(writer, "DisplayName"u8, info.DisplayNames);
        WriteTexts(writer, "Description"u8, info.Descriptions);
        foreach (Keywords keywords in info.Keywords)
            MetadataWriter.WriteLocalized(
                writer,
                Prefix.Mdui,
                "Keywords"u8,
                keywords.Language,
                string.Join(' ', keywords.Words.Select(Phrase))
            );
        foreach (Logo logo in info.Logos)
        {
            writer.Start(Prefix.Mdui, "Logo"u8);
            writer.Attribute("height"u8, logo.Height);
            writer.Attribute("width"u8, logo.Width);
            writer.Attribute("xml:lang"u8, logo.Language);
            writer.Text(logo.Url);
            writer.End();
        }
        WriteTexts(writer, "InformationURL"u8, info.InformationUrls);
        WriteTexts(writer, "PrivacyStatementURL"u8, info.PrivacyStatementUrls);
        writer.End();
    }

    private static void WriteTexts(
        CanonicalWriter writer,
        ReadOnlySpan<byte> name,
        IReadOnlyList<LocalizedText> texts
    ) => MetadataWriter.WriteLocalized(writer, Prefix.Mdui, name, texts);

    // Words stand between spaces, so that a space inside a phrase is a plus sign, and a plus sign cannot be written.
    private static string Phrase(string words) =>
        words.Contains('+', StringComparison.Ordinal)
            ? throw new ArgumentException(
                $"'{words}': a keyword cannot hold a plus sign.",
                nameof(words)
            )
            : words.Replace(' ', '+');
}
