using Latchkey.Saml.Protocol;
using Latchkey.Web.Texts;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Latchkey.Server.Applications.Pages;

/// <summary>What the form's selects offer.</summary>
internal sealed class FormLists(ITexts texts)
{
    public IEnumerable<SelectListItem> NameIdSources => Sources(withKinds: false);

    public IEnumerable<SelectListItem> AttributeSources => Sources(withKinds: true);

    public IEnumerable<SelectListItem> Sign =>
        ApplicationWords.Sign.All.Select(name => new SelectListItem(
            texts[$"applications.sign.{name}"],
            name
        ));

    public static IEnumerable<SelectListItem> Algorithms =>
        ApplicationWords.SignatureAlgorithm.All.Select(name => new SelectListItem(
            name.ToUpperInvariant(),
            name
        ));

    public IEnumerable<SelectListItem> NameIdFormats(string? current) =>
        Formats(
            [
                Saml.Protocol.NameIdFormats.EmailAddress,
                Saml.Protocol.NameIdFormats.Unspecified,
                Saml.Protocol.NameIdFormats.Persistent,
                Saml.Protocol.NameIdFormats.Transient,
            ],
            "applications.name-id-format.",
            current
        );

    public IEnumerable<SelectListItem> NameFormats(string? current) =>
        Formats(
                [
                    AttributeNameFormats.Unspecified,
                    AttributeNameFormats.Basic,
                    AttributeNameFormats.Uri,
                ],
                "applications.name-format.",
                current
            )
            .Prepend(new SelectListItem(texts["applications.name-format.none"], ""));

    private IEnumerable<SelectListItem> Sources(bool withKinds)
    {
        foreach (var source in Applications.AttributeSources.All)
        {
            yield return new SelectListItem(texts[$"applications.source.{source}"], source);
        }
        yield return new SelectListItem(texts["applications.source.custom"], AttributeRow.Custom);
        yield return new SelectListItem(
            texts["applications.source.expression"],
            AttributeRow.Expression
        );
        if (withKinds)
        {
            yield return new SelectListItem(
                texts["applications.source.constant"],
                AttributeRow.Constant
            );
            yield return new SelectListItem(
                texts["applications.source.groups"],
                AttributeRow.Groups
            );
            yield return new SelectListItem(texts["applications.source.amr"], AttributeRow.Methods);
        }
    }

    private IEnumerable<SelectListItem> Formats(string[] known, string key, string? current)
    {
        foreach (var uri in known)
        {
            yield return new SelectListItem(texts[key + uri[(uri.LastIndexOf(':') + 1)..]], uri);
        }
        // Metadata and files may bring formats that no list has; they are kept and can be seen.
        if (!string.IsNullOrEmpty(current) && !known.Contains(current))
        {
            yield return new SelectListItem(current, current);
        }
    }
}
