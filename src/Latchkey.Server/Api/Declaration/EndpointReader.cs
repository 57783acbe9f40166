using Latchkey.Saml.Metadata;
using Latchkey.Saml.Protocol;
using Latchkey.Server.Applications;

namespace Latchkey.Server.Api.Declaration;

/// <summary>Reads assertion consumer services with everything that metadata can say about them. <c>acs_urls</c> is the short form.</summary>
internal static class EndpointReader
{
    public static IReadOnlyList<IndexedEndpoint>? Acs(Section section)
    {
        var rows = section.Sections("acs_endpoints", "endpoint");
        if (rows is null)
        {
            return null;
        }
        var endpoints = rows.Select(Endpoint).ToList();
        if (
            section.Texts("acs_urls") is { } urls
            && !urls.SequenceEqual(endpoints.Select(e => e.Location))
        )
        {
            section.Add("acs_endpoints", "declaration-acs-twice");
        }
        return endpoints;
    }

    /// <summary>Where logout messages may go.</summary>
    public static IReadOnlyList<Saml.Metadata.Endpoint>? Slo(Section section) =>
        section.Sections("slo_urls", "logout address")?.Select(SloEndpoint).ToList();

    private static Saml.Metadata.Endpoint SloEndpoint(Section row)
    {
        row.Required("binding");
        var endpoint = new Saml.Metadata.Endpoint(
            AttributeReader.Uri(row, "binding", ApplicationWords.LogoutBindings) ?? "",
            row.Required("url"),
            row.Text("response_url") is { Length: > 0 } url ? url : null
        );
        row.End();
        return endpoint;
    }

    private static IndexedEndpoint Endpoint(Section row, int place)
    {
        var endpoint = new IndexedEndpoint(
            AttributeReader.Uri(row, "binding", ApplicationWords.Bindings) ?? SamlBindings.Post,
            row.Required("url"),
            row.Number("index") ?? place,
            row.Flag("default")
        );
        row.End();
        return endpoint;
    }
}
