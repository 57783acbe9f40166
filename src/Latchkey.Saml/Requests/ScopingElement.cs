using Latchkey.Saml.Findings;
using Latchkey.Saml.Protocol;
using Latchkey.Saml.Xml;

namespace Latchkey.Saml.Requests;

/// <summary>samlp:Scoping (saml-core-2.0 §3.4.1.2).</summary>
internal static class ScopingElement
{
    /// <summary>Reads the element.</summary>
    public static Scoping Read(XmlElement scoping, FindingList findings)
    {
        var content = new ElementContent(scoping, findings);
        var list = content.Optional(XmlNamespace.Protocol, "IDPList"u8);
        var requesters = new List<string>();
        for (
            var requester = content.Optional(XmlNamespace.Protocol, "RequesterID"u8);
            requester.Exists;
            requester = content.Optional(XmlNamespace.Protocol, "RequesterID"u8)
        )
            if (requester.RequiredText(findings).Text is { } text)
                requesters.Add(text);
        content.End();

        string? complete = null;
        return new Scoping
        {
            ProxyCount = scoping.OptionalCount("ProxyCount"u8, findings),
            IdentityProviders = list.Exists ? ReadList(list, findings, out complete) : [],
            GetComplete = complete,
            RequesterIds = requesters,
        };
    }

    /// <summary>Writes the element.</summary>
    public static void Write(CanonicalWriter writer, Scoping scoping)
    {
        writer.Start(Prefix.Samlp, "Scoping"u8);
        writer.Attribute("ProxyCount"u8, scoping.ProxyCount);
        if (scoping.IdentityProviders.Count > 0)
        {
            writer.Start(Prefix.Samlp, "IDPList"u8);
            foreach (IdentityProviderEntry entry in scoping.IdentityProviders)
            {
                writer.Start(Prefix.Samlp, "IDPEntry"u8);
                writer.Attribute("Loc"u8, entry.Location);
                writer.Attribute("Name"u8, entry.Name);
                writer.Attribute("ProviderID"u8, entry.ProviderId);
                writer.End();
            }
            if (scoping.GetComplete is { } complete)
                writer.Element(Prefix.Samlp, "GetComplete"u8, complete);
            writer.End();
        }
        foreach (string requester in scoping.RequesterIds)
            writer.Element(Prefix.Samlp, "RequesterID"u8, requester);
        writer.End();
    }

    private static List<IdentityProviderEntry> ReadList(
        XmlElement list,
        FindingList findings,
        out string? complete
    )
    {
        var content = new ElementContent(list, findings);
        var entries = new List<IdentityProviderEntry>();
        for (
            var entry = content.Required(XmlNamespace.Protocol, "IDPEntry"u8);
            entry.Exists;
            entry = content.Optional(XmlNamespace.Protocol, "IDPEntry"u8)
        )
        {
            new ElementContent(entry, findings).End();
            if (entry.Required("ProviderID"u8, findings).Text is { } provider)
                entries.Add(
                    new IdentityProviderEntry(
                        provider,
                        entry.Attribute("Name"u8).Text,
                        entry.Attribute("Loc"u8).Text
                    )
                );
        }
        complete = content
            .Optional(XmlNamespace.Protocol, "GetComplete"u8)
            .RequiredText(findings)
            .Text;
        content.End();
        return entries;
    }
}
