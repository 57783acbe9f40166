using System.Globalization;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Latchkey.Server.Applications.Catalogue;

/// <summary>A connector's picture: the outline of its logo in its colour, or its letter on its colour. Drawn into the page, so that a catalogue of many costs no request for each.</summary>
internal static class ConnectorFace
{
    private const string NoColor = "#0b6b62";

    public static IHtmlContent Html(Connector connector)
    {
        var svg = new TagBuilder("svg");
        svg.AddCssClass(connector.LogoPath is null ? "lk-face" : "lk-face lk-face-logo");
        svg.Attributes["viewBox"] = "0 0 24 24";
        svg.Attributes["aria-hidden"] = "true";
        svg.Attributes["focusable"] = "false";
        if (connector.LogoPath is { } path)
        {
            var outline = new TagBuilder("path");
            outline.Attributes["d"] = path;
            outline.Attributes["fill"] = OnWhite(connector.Color ?? NoColor);
            svg.InnerHtml.AppendHtml(outline);
            return svg;
        }
        var ground = new TagBuilder("rect");
        ground.Attributes["width"] = ground.Attributes["height"] = "24";
        ground.Attributes["fill"] = connector.Color ?? NoColor;
        var letter = new TagBuilder("text");
        letter.Attributes["x"] = "12";
        letter.Attributes["y"] = "16.2";
        letter.Attributes["text-anchor"] = "middle";
        letter.Attributes["fill"] =
            Luminance(connector.Color ?? NoColor) > 0.4 ? "#14201e" : "#fff";
        letter.InnerHtml.Append(StringInfo.GetNextTextElement(connector.Name).ToUpperInvariant());
        svg.InnerHtml.AppendHtml(ground);
        svg.InnerHtml.AppendHtml(letter);
        return svg;
    }

    /// <summary>A logo too pale for its white ground is drawn in ink.</summary>
    private static string OnWhite(string color) => Luminance(color) > 0.8 ? "#14201e" : color;

    private static double Luminance(string color)
    {
        double Part(int at) =>
            int.Parse(color.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture)
            / 255.0;
        return (0.2126 * Part(1)) + (0.7152 * Part(3)) + (0.0722 * Part(5));
    }
}
