using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Latchkey.Web.Components;

/// <summary>The controls a field can hold.</summary>
internal static class FieldControls
{
    public static IHtmlContent For(
        FieldTagHelper field,
        FieldState state,
        TagHelperAttribute[] attributes
    ) =>
        field.Type switch
        {
            "textarea" => TextArea(state, attributes),
            "select" => Select(field, state, attributes),
            "radio" => Radios(field, state, attributes),
            _ => Input(field, state, attributes),
        };

    public static HtmlContentBuilder Check(
        FieldTagHelper field,
        FieldState state,
        TagHelperAttribute[] attributes
    )
    {
        var hasModel = field.For is not null;
        var value = hasModel ? "true" : Convert.ToString(field.Value, null) ?? "true";
        var box = new TagBuilder("input") { TagRenderMode = TagRenderMode.SelfClosing };
        Describe(box, state, attributes, "form-check-input");
        box.Attributes["type"] = "checkbox";
        box.Attributes["value"] = value;
        if (hasModel && field.For!.Model is true)
        {
            box.Attributes["checked"] = "checked";
        }
        var label = new TagBuilder("label");
        label.AddCssClass("form-check-label");
        label.Attributes["for"] = state.Id;
        label.InnerHtml.Append(field.Label);

        var row = new TagBuilder("div");
        row.AddCssClass(field.Type == "switch" ? "form-check form-switch" : "form-check");
        row.InnerHtml.AppendHtml(box);
        row.InnerHtml.AppendHtml(label);
        var html = new HtmlContentBuilder();
        html.AppendHtml(row);
        if (hasModel)
        {
            // An empty box is not sent; the binder takes the first value of the name.
            var off = new TagBuilder("input") { TagRenderMode = TagRenderMode.SelfClosing };
            off.Attributes["type"] = "hidden";
            off.Attributes["name"] = state.Name;
            off.Attributes["value"] = "false";
            html.AppendHtml(off);
        }
        return html;
    }

    private static TagBuilder Input(
        FieldTagHelper field,
        FieldState state,
        TagHelperAttribute[] attributes
    )
    {
        var input = new TagBuilder("input") { TagRenderMode = TagRenderMode.SelfClosing };
        Describe(input, state, attributes, "form-control");
        input.Attributes["type"] = field.Type;
        // A password never travels back to the browser, and a file cannot.
        if (field.Type is not ("password" or "file"))
        {
            input.Attributes["value"] = state.Value;
        }
        return input;
    }

    private static TagBuilder TextArea(FieldState state, TagHelperAttribute[] attributes)
    {
        var area = new TagBuilder("textarea");
        Describe(area, state, attributes, "form-control");
        // Browsers drop one line break after the start tag.
        area.InnerHtml.AppendHtml("\n");
        area.InnerHtml.Append(state.Value);
        return area;
    }

    private static TagBuilder Select(
        FieldTagHelper field,
        FieldState state,
        TagHelperAttribute[] attributes
    )
    {
        var select = new TagBuilder("select");
        Describe(select, state, attributes, "form-select");
        foreach (var item in field.Items ?? [])
        {
            var option = new TagBuilder("option");
            var value = item.Value ?? item.Text;
            option.Attributes["value"] = value;
            if (IsChosen(state, item, value))
            {
                option.Attributes["selected"] = "selected";
            }
            if (item.Disabled)
            {
                option.Attributes["disabled"] = "disabled";
            }
            option.InnerHtml.Append(item.Text);
            select.InnerHtml.AppendHtml(option);
        }
        return select;
    }

    private static HtmlContentBuilder Radios(
        FieldTagHelper field,
        FieldState state,
        TagHelperAttribute[] attributes
    )
    {
        var html = new HtmlContentBuilder();
        var number = 0;
        foreach (var item in field.Items ?? [])
        {
            // The first has the field's own id, so that the summary's link finds it.
            var id = number == 0 ? state.Id : $"{state.Id}-{number}";
            number++;
            var value = item.Value ?? item.Text;
            var radio = new TagBuilder("input") { TagRenderMode = TagRenderMode.SelfClosing };
            Describe(radio, state, attributes, "form-check-input");
            radio.Attributes["id"] = id;
            radio.Attributes["type"] = "radio";
            radio.Attributes["value"] = value;
            if (IsChosen(state, item, value))
            {
                radio.Attributes["checked"] = "checked";
            }
            var label = new TagBuilder("label");
            label.AddCssClass("form-check-label");
            label.Attributes["for"] = id;
            label.InnerHtml.Append(item.Text);
            var row = new TagBuilder("div");
            row.AddCssClass("form-check");
            row.InnerHtml.AppendHtml(radio);
            row.InnerHtml.AppendHtml(label);
            html.AppendHtml(row);
        }
        return html;
    }

    private static bool IsChosen(FieldState state, SelectListItem item, string value) =>
        state.Values.Count > 0 ? state.Values.Contains(value) : item.Selected;

    private static void Describe(
        TagBuilder control,
        FieldState state,
        TagHelperAttribute[] attributes,
        string css
    )
    {
        foreach (var attribute in attributes)
        {
            control.Attributes[attribute.Name] = attribute.Value switch
            {
                null => attribute.Name,
                IHtmlContent html => Plain(html),
                var value => Convert.ToString(value, null),
            };
        }
        control.AddCssClass(css);
        control.Attributes["id"] = state.Id;
        control.Attributes["name"] = state.Name;
        if (state.DescribedBy is { } ids)
        {
            control.Attributes["aria-describedby"] = ids;
        }
        if (state.Errors.Count > 0)
        {
            control.AddCssClass("is-invalid");
            control.Attributes["aria-invalid"] = "true";
        }
    }

    /// <summary>An attribute's value before encoding: the control encodes it again.</summary>
    private static string Plain(IHtmlContent html)
    {
        using var writer = new StringWriter();
        html.WriteTo(writer, System.Text.Encodings.Web.HtmlEncoder.Default);
        return System.Net.WebUtility.HtmlDecode(writer.ToString());
    }
}
