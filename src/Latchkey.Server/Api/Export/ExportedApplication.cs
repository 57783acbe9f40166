using System.Text.Json;
using System.Text.Json.Nodes;
using Latchkey.Server.Api.Applications;
using Latchkey.Server.Api.Calls;
using Latchkey.Server.Api.Declaration;
using Latchkey.Server.Applications;
using Latchkey.Server.Applications.Following;
using Latchkey.Server.Certificates;

namespace Latchkey.Server.Api.Export;

/// <summary>An application as a declaration file says it: every field but those that belong to this installation.</summary>
internal static class ExportedApplication
{
    /// <summary>What every installation makes for itself.</summary>
    private static readonly string[] s_own =
    [
        "id",
        "certificate",
        "metadata_status",
        "version",
        "created_at",
        "updated_at",
    ];

    /// <summary>What says something of a bookmark.</summary>
    private static readonly string[] s_bookmark =
    [
        "kind",
        "slug",
        "label",
        "description",
        "color",
        "categories",
        "hidden",
        "active",
        "login_url",
        "logo",
        "groups",
        "users",
    ];

    public static JsonObject Of(
        Application application,
        IReadOnlyList<string> groups,
        IReadOnlyList<string> users,
        FollowedMetadata? followed,
        CertificateSet? certificates
    )
    {
        var body = ApplicationShown.Of(application, null, groups, users, followed);
        var json = JsonSerializer.SerializeToNode(body, ApiJson.Options)!.AsObject();
        foreach (var name in s_own)
        {
            json.Remove(name);
        }
        if (application.Kind == ApplicationKind.Bookmark)
        {
            foreach (var name in json.Select(f => f.Key).Except(s_bookmark).ToList())
            {
                json.Remove(name);
            }
        }
        else if (
            ApplicationInput
                .AcsFrom(application.AcsEndpoints.Select(e => e.Location))
                .SequenceEqual(application.AcsEndpoints)
        )
        {
            json.Remove("acs_endpoints");
        }
        else
        {
            json.Remove("acs_urls");
        }
        if (followed is null)
        {
            json.Remove("sp_metadata_certificates");
        }
        foreach (var (name, value) in json.ToList())
        {
            if (value is null)
            {
                // A null of YAML says nothing; an empty text says that there is none.
                json[name] = "";
            }
        }
        if (application.Connector is null)
        {
            json.Remove("connector");
            json.Remove("connector_variables");
        }
        if (json["authn_context"] is JsonObject context && context["always"] is null)
        {
            context.Remove("always");
        }
        if (certificates is { Active: { Uploaded: true } signing })
        {
            json[DeclaredKeyPair.Signing] = KeyPair(application, signing, "LATCHKEY_PRIVATE_KEY_");
        }
        if (certificates is { Next: { Uploaded: true } next })
        {
            var waiting = KeyPair(application, next, "LATCHKEY_NEXT_PRIVATE_KEY_");
            if (certificates.SwitchAt is { } at)
            {
                waiting["switch_at"] = DeclaredTime.Text(at);
            }
            json[DeclaredKeyPair.Next] = waiting;
        }
        return json;
    }

    /// <summary>The certificate, and the variable that holds its private key: that has no way out of here.</summary>
    private static JsonObject KeyPair(
        Application application,
        ApplicationCertificate pair,
        string variable
    ) =>
        new()
        {
            ["certificate"] = Convert.ToBase64String(pair.Certificate),
            ["private_key"] = new JsonObject
            {
                ["env"] = variable + application.Slug.ToUpperInvariant().Replace('-', '_'),
            },
        };
}
