using System.Text.Json;
using Latchkey.Server.Insights;
using Latchkey.Server.Portal.Brand;
using Latchkey.Server.Problems;
using Latchkey.Server.Storage;
using Latchkey.Web.Texts;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Portal.Settings;

/// <summary>Keeps <see cref="PortalSettings"/>.</summary>
internal sealed class PortalSettingsService(
    IDbContextFactory<LatchkeyDbContext> databases,
    BrandReader brands,
    EventRecorder events,
    ITexts texts
)
{
    public const string Name = "portal";
    private const int LongestName = 100;
    private const int LongestAddress = 300;

    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    public async Task<PortalSettings> ReadAsync(CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        return await ReadAsync(db, ct);
    }

    public static async Task<PortalSettings> ReadAsync(LatchkeyDbContext db, CancellationToken ct)
    {
        var text = await db
            .Settings.Where(s => s.Name == Name)
            .Select(s => s.Value)
            .SingleOrDefaultAsync(ct);
        return text is null
            ? PortalSettings.Default
            : JsonSerializer.Deserialize<PortalSettings>(text, s_json)!;
    }

    public async Task<Outcome<PortalSettings>> SaveAsync(
        PortalSettings settings,
        CancellationToken ct
    )
    {
        var problems = new List<Problem>();
        settings = Checked(settings, problems);
        if (problems.Count > 0)
        {
            return Outcome<PortalSettings>.Failed(problems);
        }
        await using var db = await databases.CreateDbContextAsync(ct);
        var before = await ReadAsync(db, ct);
        var changes = FieldChange.Between(Snapshot(before), Snapshot(settings));
        if (changes.Count == 0)
        {
            return settings;
        }
        var value = JsonSerializer.Serialize(settings, s_json);
        var row = await db.Settings.SingleOrDefaultAsync(s => s.Name == Name, ct);
        if (row is null)
        {
            db.Settings.Add(new() { Name = Name, Value = value });
        }
        else
        {
            row.Value = value;
        }
        db.Events.Add(
            events.New(
                EventTypes.OrganizationUpdate,
                success: true,
                new EventSubject("setting", null, Name),
                new { changes }
            )
        );
        await db.SaveChangesAsync(ct);
        brands.Forget();
        return settings;
    }

    private PortalSettings Checked(PortalSettings settings, List<Problem> problems)
    {
        var name = Given(settings.HelpName);
        var address = Given(settings.HelpAddress);
        var accent = Given(settings.Accent)?.ToLowerInvariant();
        if (name?.Length > LongestName || name?.Any(char.IsControl) == true)
        {
            problems.Add(new Problem("help-name-invalid", "help_name", LongestName));
        }
        if (address is not null && HelpAddress(address) is null)
        {
            problems.Add(new Problem("help-address-invalid", "help_address"));
        }
        if (accent is not null)
        {
            if (AccentColor.Read(accent) is not { } color)
            {
                problems.Add(new Problem("accent-invalid", "accent"));
            }
            else if (!color.IsReadable)
            {
                problems.Add(
                    new Problem("accent-unreadable", "accent", color.Contrast, AccentColor.Least)
                );
            }
        }
        var language = Given(settings.Language);
        if (language is not null && texts.Find(language) is null)
        {
            problems.Add(new Problem("language-unknown", "language"));
        }
        return settings with
        {
            Language = language,
            HelpName = name,
            HelpAddress = address is null ? null : HelpAddress(address),
            Accent = accent,
        };
    }

    /// <summary>An address that is safe behind a link; a bare mail address becomes one. Null if it is none.</summary>
    private static string? HelpAddress(string typed)
    {
        if (
            typed.Length > LongestAddress
            || typed.Any(c => char.IsControl(c) || char.IsWhiteSpace(c))
        )
        {
            return null;
        }
        if (Mail.MailRecipients.Deliverable(typed) is not null)
        {
            return "mailto:" + typed;
        }
        return
            Uri.TryCreate(typed, UriKind.Absolute, out var uri)
            && uri.Scheme is "https" or "mailto" or "tel"
            ? typed
            : null;
    }

    private static List<KeyValuePair<string, string?>> Snapshot(PortalSettings settings) =>
        [
            new("portal.profile_editable", settings.ProfileEditable ? "true" : "false"),
            new("portal.help_name", settings.HelpName),
            new("portal.help_address", settings.HelpAddress),
            new("portal.accent", settings.Accent),
            new("portal.language", settings.Language),
        ];

    private static string? Given(string? text) =>
        string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
