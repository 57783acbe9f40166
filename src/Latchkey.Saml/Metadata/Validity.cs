using System.Globalization;
using System.Runtime.InteropServices;
using Latchkey.Saml.Findings;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Metadata;

/// <summary>How long an element of metadata may be believed: the strictest of itself and the elements around it (saml-metadata-2.0 §2.3.1, §4.3.1).</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Validity(DateTimeOffset? Until, TimeSpan? CacheDuration)
{
    public static Validity Unlimited => default;

    /// <summary>Reads validUntil and cacheDuration.</summary>
    public static Validity Read(XmlElement element, Validity around, FindingList findings)
    {
        DateTimeOffset? until = around.Until;
        XmlValue validUntil = element.Attribute("validUntil"u8);
        if (validUntil.Exists)
        {
            if (!validUntil.TryTime(out DateTimeOffset own))
                findings.Add(
                    FindingKinds.TimeMalformed,
                    expected: "validUntil as an xs:dateTime",
                    found: validUntil.Text,
                    at: validUntil.Place
                );
            else if (until is null || own < until)
                until = own;
        }

        TimeSpan? duration = around.CacheDuration;
        XmlValue cacheDuration = element.Attribute("cacheDuration"u8);
        if (cacheDuration.Exists)
        {
            if (Duration(cacheDuration.Text) is not { } own)
                findings.Add(
                    FindingKinds.ValueMalformed,
                    expected: "cacheDuration as an xs:duration",
                    found: cacheDuration.Text,
                    at: cacheDuration.Place
                );
            else if (duration is null || own < duration)
                duration = own;
        }
        return new Validity(until, duration);
    }

    /// <summary>Finds metadata that is past its end.</summary>
    public void Demand(XmlElement element, DateTimeOffset now, FindingList findings)
    {
        if (Until is { } until && until <= now)
            findings.Add(
                FindingKinds.MetadataExpired,
                expected: $"valid at {Show(now)}",
                found: $"validUntil {Show(until)}",
                at: element.Place
            );
    }

    /// <summary>Finds metadata that is past its end, where its place is not known any more.</summary>
    public void Demand(DateTimeOffset now, FindingList findings)
    {
        if (Until is { } until && until <= now)
            findings.Add(
                FindingKinds.MetadataExpired,
                expected: $"valid at {Show(now)}",
                found: $"validUntil {Show(until)}"
            );
    }

    /// <summary>Finds a root that does not bound its own life as the rules want it (rule M2).</summary>
    public void Demand(XmlElement root, MetadataRules rules, FindingList findings)
    {
        if (rules.RequireValidUntil && Until is null)
            findings.Add(
                FindingKinds.MetadataValidUntilMissing,
                expected: "validUntil",
                at: root.PlaceOf("validUntil")
            );
        if (rules.LongestValidity is { } longest && Until > rules.Now + longest)
            findings.Add(
                FindingKinds.MetadataValidTooLong,
                expected: $"validUntil {Show(rules.Now + longest)} at the latest",
                found: $"validUntil {Show(Until.Value)}",
                at: root.Place
            );
    }

    private static string Show(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static TimeSpan? Duration(string? text)
    {
        try
        {
            TimeSpan duration = System.Xml.XmlConvert.ToTimeSpan(text ?? "");
            return duration < TimeSpan.Zero ? null : duration;
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            return null;
        }
    }
}
