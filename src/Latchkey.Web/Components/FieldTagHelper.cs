using System.Globalization;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Latchkey.Web.Components;

/// <summary>
/// One control with its label, hint and errors, tied together for assistive technology. What else stands on the
/// element (autocomplete, required, rows, hx-…) goes to the control; the content stands below it.
/// </summary>
[HtmlTargetElement("lk-field")]
public sealed class FieldTagHelper : TagHelper
{
    /// <summary>The property of the page's model.</summary>
    [HtmlAttributeName("asp-for")]
    public ModelExpression? For { get; set; }

    /// <summary>The control's name where there is no property.</summary>
    public string? Name { get; set; }

    /// <summary>The control's id where its name is not enough: several checkboxes of one name.</summary>
    public string? Id { get; set; }

    /// <summary>The control's value where there is no property; a checkbox's where it is not <c>true</c>.</summary>
    public object? Value { get; set; }

    /// <summary>The label.</summary>
    public string Label { get; set; } = "";

    /// <summary>One sentence below the label.</summary>
    public string? Hint { get; set; }

    /// <summary><c>text</c>, <c>password</c>, <c>email</c>, <c>url</c>, <c>number</c>, <c>tel</c>, <c>search</c>, <c>datetime-local</c>, <c>textarea</c>, <c>select</c>, <c>radio</c>, <c>check</c>, <c>switch</c> or <c>file</c>.</summary>
    public string Type { get; set; } = "text";

    /// <summary>The choices of a select or of radio buttons.</summary>
    public IEnumerable<SelectListItem>? Items { get; set; }

    /// <summary>Classes of the element around it all, such as <c>col-md-6</c>.</summary>
    public string? Class { get; set; }

    /// <summary>Whether only assistive technology gets the label.</summary>
    public bool LabelHidden { get; set; }

    /// <summary>Said beside the label, such as "optional".</summary>
    public string? Note { get; set; }

    /// <summary>Set by the framework.</summary>
    [ViewContext]
    [HtmlAttributeNotBound]
    public ViewContext ViewContext { get; set; } = null!;

    /// <inheritdoc/>
    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        var field = FieldState.Read(this);
        var content = await output.GetChildContentAsync();
        var control = output.Attributes.ToArray();
        output.Attributes.Clear();
        output.TagName = Type == "radio" ? "fieldset" : "div";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", $"lk-field {Class}".TrimEnd());

        var html = output.Content;
        if (Type is "check" or "switch")
        {
            html.AppendHtml(FieldControls.Check(this, field, control));
            html.AppendHtml(Messages(field));
        }
        else
        {
            html.AppendHtml(LabelFor(field));
            html.AppendHtml(HintFor(field));
            html.AppendHtml(FieldControls.For(this, field, control));
            html.AppendHtml(Errors(field));
        }
        html.AppendHtml(content);
    }

    private TagBuilder LabelFor(FieldState field)
    {
        var label = new TagBuilder(Type == "radio" ? "legend" : "label");
        label.AddCssClass(LabelHidden ? "visually-hidden" : "form-label");
        if (Type != "radio")
        {
            label.Attributes["for"] = field.Id;
        }
        label.InnerHtml.Append(Label);
        if (Note is not null)
        {
            var note = new TagBuilder("span");
            note.AddCssClass("lk-note");
            note.InnerHtml.Append(Note);
            label.InnerHtml.Append(" ");
            label.InnerHtml.AppendHtml(note);
        }
        return label;
    }

    private HtmlContentBuilder Messages(FieldState field)
    {
        var html = new HtmlContentBuilder();
        html.AppendHtml(HintFor(field));
        html.AppendHtml(Errors(field));
        return html;
    }

    private IHtmlContent HintFor(FieldState field)
    {
        if (string.IsNullOrEmpty(Hint))
        {
            return HtmlString.Empty;
        }
        var hint = new TagBuilder("div");
        hint.AddCssClass("form-hint");
        hint.Attributes["id"] = field.HintId;
        hint.InnerHtml.Append(Hint);
        return hint;
    }

    private static IHtmlContent Errors(FieldState field)
    {
        if (field.Errors.Count == 0)
        {
            return HtmlString.Empty;
        }
        var errors = new TagBuilder("div");
        errors.AddCssClass("invalid-feedback");
        errors.Attributes["id"] = field.ErrorId;
        foreach (var error in field.Errors)
        {
            var line = new TagBuilder("div");
            line.InnerHtml.Append(error);
            errors.InnerHtml.AppendHtml(line);
        }
        return errors;
    }
}

/// <summary>What is shown in a field: the value as typed if the form came back, its errors, its ids.</summary>
internal sealed record FieldState(
    string Name,
    string Id,
    IReadOnlyList<string> Values,
    IReadOnlyList<string> Errors,
    bool HasHint
)
{
    public string HintId => Id + "-hint";

    public string ErrorId => Id + "-error";

    public string Value => Values.Count == 0 ? "" : Values[0];

    public string? DescribedBy =>
        string.Join(
            ' ',
            new[] { HasHint ? HintId : null, Errors.Count > 0 ? ErrorId : null }.OfType<string>()
        )
            is { Length: > 0 } ids
            ? ids
            : null;

    public static FieldState Read(FieldTagHelper field)
    {
        var name = field.For is null
            ? field.Name ?? throw new InvalidOperationException("lk-field has no name.")
            : field.ViewContext.ViewData.TemplateInfo.GetFullHtmlFieldName(field.For.Name);
        var id = field.Id ?? TagBuilder.CreateSanitizedId(name, "_");
        ModelStateEntry? entry = null;
        field.ViewContext.ViewData.ModelState?.TryGetValue(name, out entry);
        var values =
            entry?.AttemptedValue is not null && field.Type is not ("check" or "switch")
                ? Typed(entry)
                : Stored(field.For is null ? field.Value : field.For.Model);
        var errors = entry?.Errors.Select(error => error.ErrorMessage).ToArray() ?? [];
        return new FieldState(name, id, values, errors, !string.IsNullOrEmpty(field.Hint));
    }

    private static IReadOnlyList<string> Typed(ModelStateEntry entry) =>
        entry.RawValue is string[] several ? several : [entry.AttemptedValue!];

    private static IReadOnlyList<string> Stored(object? value) =>
        value switch
        {
            null => [],
            string text => [text],
            IEnumerable<string> texts => [.. texts],
            System.Collections.IEnumerable many => [.. many.Cast<object>().Select(Text)],
            _ => [Text(value)],
        };

    private static string Text(object value) =>
        Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}
