using Latchkey.Saml.Protocol;
using Latchkey.Server.SignIn;
using Latchkey.Server.SingleSignOn;
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

    /// <summary>The classes that service providers ask for most, in the order of the list.</summary>
    public static IReadOnlyList<string> KnownContexts { get; } =
    [
        AuthnContextClasses.PasswordProtectedTransport,
        AuthnContextClasses.Password,
        AuthnContextClasses.Unspecified,
        AuthnContexts.RefedsMfa,
        AuthnContexts.MicrosoftMfa,
        AuthnContexts.TimeSyncToken,
    ];

    public IEnumerable<SelectListItem> Colors =>
        ApplicationColors
            .All.Select(name => new SelectListItem(texts[$"bookmark.color.{name}"], name))
            .Prepend(new SelectListItem(texts["bookmark.color.own"], ""));

    public IEnumerable<SelectListItem> ContentEncryption =>
        Words("applications.content-encryption.", ApplicationWords.ContentEncryption.All);

    public IEnumerable<SelectListItem> KeyEncryption =>
        Words("applications.key-encryption.", ApplicationWords.KeyEncryption.All);

    public IEnumerable<SelectListItem> SessionEnds =>
        Words(
            "applications.session-end.",
            [
                ApplicationForm.NoSessionEnd,
                ApplicationForm.SessionEndHere,
                ApplicationForm.SessionEndMinutes,
            ]
        );

    public IEnumerable<SelectListItem> Contexts =>
        KnownContexts
            .Select(uri => new SelectListItem(uri, uri))
            .Prepend(new SelectListItem(texts["applications.context.done"], ""))
            .Append(new SelectListItem(texts["applications.context.other"], AttributeRow.Custom));

    public IEnumerable<SelectListItem> Methods => Words("applications.method.", AuthnMethods.All);

    private IEnumerable<SelectListItem> Words(string key, IEnumerable<string> words) =>
        words.Select(word => new SelectListItem(texts[key + word], word));

    public IEnumerable<SelectListItem> LogoutBindings =>
        Words("applications.logout.binding.", ApplicationWords.LogoutBindings.All);

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
