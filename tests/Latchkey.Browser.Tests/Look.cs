using Latchkey.Testing.Browsers;

namespace Latchkey.Browser.Tests;

/// <summary>The ways a page is looked at: every flow has to work in each, and look right in those with scripts.</summary>
public enum Look
{
    Light,
    Dark,
    Phone,
    WithoutScripts,
}

internal static class Looks
{
    public static VisitSetup At(this Look look, Uri address) =>
        new()
        {
            Address = address,
            Dark = look == Look.Dark,
            Phone = look == Look.Phone,
            JavaScript = look != Look.WithoutScripts,
        };
}
