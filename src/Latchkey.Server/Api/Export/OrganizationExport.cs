using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Latchkey.Server.Api.Calls;
using Latchkey.Server.Api.Groups;
using Latchkey.Server.Certificates;
using Latchkey.Server.Directory;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Api.Export;

/// <summary>
/// The whole organisation as a file for <c>apply</c>: custom attributes, users, groups with rules and members, applications and
/// bookmarks with every field and who may use them, settings, mail templates and password policies. No secret is in it: a password,
/// or the private key of a pair that was made elsewhere, is the name of a variable that holds it.
/// </summary>
internal sealed class OrganizationExport(
    IDbContextFactory<LatchkeyDbContext> databases,
    ExportedSettings settings,
    SharedTransaction transaction,
    TimeProvider time
)
{
    private const string Head =
        "# An organization for latchkey apply. Passwords and private keys are references: env names the variable that holds one where it is not there yet.\n";

    /// <summary>The file. Of the same organisation it is the same bytes.</summary>
    /// <param name="passwords">Whether passwords and private keys are referred to; without, the file needs no secret.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task<string> WriteAsync(bool passwords, CancellationToken cancellationToken) =>
        // One moment for everything, so that nobody is named who is not in the file.
        transaction.RunAsync(
            () => WriteWholeAsync(passwords, cancellationToken),
            keep: _ => false,
            cancellationToken
        );

    private async Task<string> WriteWholeAsync(bool passwords, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var users = await db
            .Users.AsNoTracking()
            .OrderBy(u => u.NormalizedUsername)
            .ToListAsync(cancellationToken);
        var names = users.ToDictionary(u => u.Id, u => u.Username);
        var root = new JsonObject();
        Add(
            root,
            "custom_attributes",
            (
                await db
                    .AttributeDefinitions.AsNoTracking()
                    .OrderBy(d => d.Name)
                    .ToListAsync(cancellationToken)
            ).Select(ExportedUser.Of)
        );
        var variables = passwords ? Variables(users) : [];
        var planned = (
            await db.ScheduledStates.AsNoTracking().ToListAsync(cancellationToken)
        ).ToLookup(s => s.UserId);
        Add(
            root,
            "users",
            users.Select(u =>
                ExportedUser.Of(
                    u,
                    u.ManagerId is { } manager ? names.GetValueOrDefault(manager) : null,
                    planned[u.Id],
                    variables.GetValueOrDefault(u.Id)
                )
            )
        );
        Add(root, "groups", await GroupsAsync(db, cancellationToken));
        Add(root, "applications", await ApplicationsAsync(db, names, passwords, cancellationToken));
        await settings.AddAsync(root, passwords, cancellationToken);
        return Head + YamlText.Write(root);
    }

    internal static void Add(JsonObject root, string name, IEnumerable<JsonObject> rows)
    {
        var list = new JsonArray([.. rows]);
        if (list.Count > 0)
        {
            root[name] = list;
        }
    }

    private static async Task<List<JsonObject>> GroupsAsync(
        LatchkeyDbContext db,
        CancellationToken cancellationToken
    )
    {
        var members = (
            await db
                .GroupMembers.Where(m => m.ByHand)
                .Join(
                    db.Users,
                    m => m.UserId,
                    u => u.Id,
                    (m, u) =>
                        new
                        {
                            m.GroupId,
                            u.Username,
                            u.NormalizedUsername,
                        }
                )
                .OrderBy(m => m.NormalizedUsername)
                .ToListAsync(cancellationToken)
        ).ToLookup(m => m.GroupId, m => m.Username);
        var groups = await db
            .Groups.AsNoTracking()
            .OrderBy(g => g.NormalizedName)
            .ToListAsync(cancellationToken);
        return
        [
            .. groups.Select(group =>
            {
                var json = new JsonObject { ["name"] = group.Name };
                if (group.Description is { } description)
                {
                    json["description"] = description;
                }
                json["members"] = Texts(members[group.Id]);
                if (group.Rule is { } rule)
                {
                    json["rule"] = Node(RuleBody.Of(rule));
                }
                if (group.Attributes.Count > 0)
                {
                    json["attributes"] = Node(group.Attributes.Select(GroupAttributeBody.Of));
                }
                return json;
            }),
        ];
    }

    /// <summary>The certificates of applications that have one which was not made here.</summary>
    private async Task<Dictionary<Guid, CertificateSet>> OwnPairsAsync(
        LatchkeyDbContext db,
        CancellationToken cancellationToken
    )
    {
        var now = time.GetUtcNow();
        var all = await db
            .ApplicationCertificates.AsNoTracking()
            .Where(c =>
                db.ApplicationCertificates.Any(o =>
                    o.ApplicationId == c.ApplicationId && o.Uploaded
                )
            )
            .ToListAsync(cancellationToken);
        return all.GroupBy(c => c.ApplicationId)
            .ToDictionary(
                certificates => certificates.Key,
                certificates => CertificateSet.Of([.. certificates], now)
            );
    }

    private async Task<List<JsonObject>> ApplicationsAsync(
        LatchkeyDbContext db,
        Dictionary<Guid, string> users,
        bool secrets,
        CancellationToken cancellationToken
    )
    {
        var groups = await db
            .ApplicationGroups.Join(
                db.Groups,
                a => a.GroupId,
                g => g.Id,
                (a, g) =>
                    new
                    {
                        a.ApplicationId,
                        g.Name,
                        g.NormalizedName,
                    }
            )
            .OrderBy(g => g.NormalizedName)
            .ToListAsync(cancellationToken);
        var byGroup = groups.ToLookup(g => g.ApplicationId, g => g.Name);
        var single = await db.ApplicationUsers.AsNoTracking().ToListAsync(cancellationToken);
        var byUser = single.ToLookup(u => u.ApplicationId, u => users[u.UserId]);
        var followed = await db
            .FollowedMetadata.AsNoTracking()
            .ToDictionaryAsync(f => f.ApplicationId, cancellationToken);
        var ownPairs = secrets ? await OwnPairsAsync(db, cancellationToken) : [];
        var applications = await db
            .Applications.AsNoTracking()
            .OrderBy(a => a.Slug)
            .ToListAsync(cancellationToken);
        return
        [
            .. applications.Select(a =>
                ExportedApplication.Of(
                    a,
                    [.. byGroup[a.Id]],
                    [.. byUser[a.Id].OrderBy(UserRules.Normalize, StringComparer.Ordinal)],
                    followed.GetValueOrDefault(a.Id),
                    ownPairs.GetValueOrDefault(a.Id)
                )
            ),
        ];
    }

    /// <summary>The variable for each user who has a password. Names that come out alike are numbered.</summary>
    private static Dictionary<Guid, string> Variables(IEnumerable<User> users)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        var variables = new Dictionary<Guid, string>();
        foreach (var user in users.Where(u => u.PasswordHash is not null))
        {
            var name =
                "LATCHKEY_PASSWORD_"
                + string.Concat(
                    user.NormalizedUsername.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_')
                );
            var free = name;
            for (var n = 2; !taken.Add(free); n++)
            {
                free = string.Create(CultureInfo.InvariantCulture, $"{name}_{n}");
            }
            variables[user.Id] = free;
        }
        return variables;
    }

    private static JsonArray Texts(IEnumerable<string> texts) =>
        [.. texts.Select(t => JsonValue.Create(t))];

    private static JsonNode Node<T>(T value) =>
        JsonSerializer.SerializeToNode(value, ApiJson.Options)!;
}
