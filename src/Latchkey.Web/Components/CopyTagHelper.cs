using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Latchkey.Web.Assets;
using Latchkey.Web.Texts;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Latchkey.Web.Components;

/// <summary>A value to be taken elsewhere: a field to select, with a button that copies it where scripts run.</summary>
[HtmlTargetElement("lk-copy")]
public sealed class CopyTagHelper(WebAssets assets, ITexts texts) : TagHelper
{
    /// <summary>What the value is.</summary>
    public string Label { get; set; } = "";

    /// <summary>The value.</summary>
    public string Value { get; set; } = "";

    /// <summary>One sentence below the label.</summary>
    public string? Hint { get; set; }

    /// <summary>The lines shown; more than one for a certificate.</summary>
    public int Rows { get; set; } = 1;

    /// <summary>The field's id; by default made from the label.</summary>
    public string? Id { get; set; }

    /// <summary>Classes of the element around it all.</summary>
    public string? Class { get; set; }

    /// <inheritdoc/>
    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        var id = Id ?? IdFrom(Label);
        var content = await output.GetChildContentAsync();
        output.TagName = "div";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", $"lk-field lk-copy {Class}".TrimEnd());

        var label = new TagBuilder("label");
        label.AddCssClass("form-label");
        label.Attributes["for"] = id;
        label.InnerHtml.Append(Label);
        output.Content.AppendHtml(label);
        if (!string.IsNullOrEmpty(Hint))
        {
            var hint = new TagBuilder("div");
            hint.AddCssClass("form-hint");
            hint.Attributes["id"] = id + "-hint";
            hint.InnerHtml.Append(Hint);
            output.Content.AppendHtml(hint);
        }

        var row = new TagBuilder("div");
        row.AddCssClass(Rows > 1 ? "lk-copy-area" : "lk-copy-row");
        row.InnerHtml.AppendHtml(Field(id));
        row.InnerHtml.AppendHtml(Button(id));
        output.Content.AppendHtml(row);
        output.Content.AppendHtml(content);
    }

    private TagBuilder Field(string id)
    {
        TagBuilder field;
        if (Rows > 1)
        {
            field = new TagBuilder("textarea");
            field.Attributes["rows"] = Rows.ToString(CultureInfo.InvariantCulture);
            field.InnerHtml.AppendHtml("\n");
            field.InnerHtml.Append(Value);
        }
        else
        {
            field = new TagBuilder("input") { TagRenderMode = TagRenderMode.SelfClosing };
            field.Attributes["type"] = "text";
            field.Attributes["value"] = Value;
        }
        field.AddCssClass("form-control lk-mono");
        field.Attributes["id"] = id;
        field.Attributes["readonly"] = "readonly";
        field.Attributes["spellcheck"] = "false";
        if (!string.IsNullOrEmpty(Hint))
        {
            field.Attributes["aria-describedby"] = id + "-hint";
        }
        return field;
    }

    private TagBuilder Button(string id)
    {
        var button = new TagBuilder("button");
        button.AddCssClass("btn lk-script-only");
        button.Attributes["type"] = "button";
        button.Attributes["id"] = id + "-copy";
        button.Attributes["data-lk-copy"] = id;
        button.Attributes["data-lk-done"] = texts["copy.done"];
        button.Attributes["aria-label"] = texts["copy.label", Label];
        button.InnerHtml.AppendHtml(IconTagHelper.Html(assets, "copy"));
        var text = new TagBuilder("span");
        text.InnerHtml.Append(texts["copy.action"]);
        button.InnerHtml.AppendHtml(text);
        return button;
    }

    private static string IdFrom(string label) =>
        "copy-"
        + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(label)).AsSpan(0, 4));
}
