using System.Globalization;

namespace Latchkey.Server.Portal.Brand;

/// <summary>A colour for buttons and links, with what follows from it: every pair of text and ground made of it keeps WCAG 2.2's contrast of 4.5 in light and in dark (1.4.3).</summary>
internal readonly struct AccentColor
{
    public const double Least = 4.5;

    // The darkest ground of light pages and the lightest of dark ones, of latchkey/10-ground.css.
    private static readonly Rgb s_lightGround = new(0xf0, 0xf2, 0xf1);
    private static readonly Rgb s_darkGround = new(0x1d, 0x22, 0x24);
    private static readonly Rgb s_white = new(0xff, 0xff, 0xff);
    private static readonly Rgb s_black = new(0, 0, 0);

    private readonly Rgb _color;

    private AccentColor(Rgb color) => _color = color;

    /// <summary>Of the worst pair in light, to two digits.</summary>
    public double Contrast =>
        Math.Floor(100 * Math.Min(_color.Against(s_lightGround), _color.Against(LightWash))) / 100;

    public bool IsReadable => Contrast >= Least;

    private Rgb LightWash => _color.Toward(s_white, 0.9);

    private Rgb DarkWash => _color.Toward(s_darkGround, 0.85);

    /// <summary>A colour written <c>#rrggbb</c>; null for anything else.</summary>
    public static AccentColor? Read(string text) =>
        text is ['#', _, _, _, _, _, _]
        && int.TryParse(
            text.AsSpan(1),
            NumberStyles.AllowHexSpecifier,
            CultureInfo.InvariantCulture,
            out var rgb
        )
            ? new AccentColor(new Rgb((byte)(rgb >> 16), (byte)(rgb >> 8), (byte)rgb))
            : null;

    /// <summary>The stylesheet that gives pages this colour.</summary>
    public string Css()
    {
        var dark = _color;
        for (
            var step = 1;
            step <= 20 && Math.Min(dark.Against(s_darkGround), dark.Against(DarkWash)) < Least;
            step++
        )
        {
            dark = _color.Toward(s_white, step / 20.0);
        }
        return string.Create(
            CultureInfo.InvariantCulture,
            $$"""
            :root {
              --lk-accent: light-dark({{_color}}, {{dark}});
              --lk-accent-fill: {{_color}};
              --lk-accent-fill-hover: {{_color.Toward(s_black, 0.15)}};
              --lk-accent-wash: light-dark({{LightWash}}, {{DarkWash}});
            }

            """
        );
    }

    private readonly record struct Rgb(byte Red, byte Green, byte Blue)
    {
        /// <summary>The ratio of contrast, 1 to 21.</summary>
        public double Against(Rgb other)
        {
            var (a, b) = (Luminance(), other.Luminance());
            return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
        }

        /// <summary>Mixed with another, which has that share.</summary>
        public Rgb Toward(Rgb other, double share)
        {
            byte Mix(byte from, byte to) => (byte)Math.Round(from + ((to - from) * share));
            return new(Mix(Red, other.Red), Mix(Green, other.Green), Mix(Blue, other.Blue));
        }

        public override string ToString() =>
            string.Create(CultureInfo.InvariantCulture, $"#{Red:x2}{Green:x2}{Blue:x2}");

        private double Luminance() =>
            (0.2126 * Linear(Red)) + (0.7152 * Linear(Green)) + (0.0722 * Linear(Blue));

        private static double Linear(byte part)
        {
            var share = part / 255.0;
            return share <= 0.04045 ? share / 12.92 : Math.Pow((share + 0.055) / 1.055, 2.4);
        }
    }
}
