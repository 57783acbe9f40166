using System.Net;
using System.Net.Mail;
using System.Security.Cryptography;
using System.Text.Json;
using Latchkey.Server.Insights;
using Latchkey.Server.Mail.Smtp;
using Latchkey.Server.Problems;
using Latchkey.Server.Roles;
using Latchkey.Server.Settings;
using Latchkey.Server.Storage;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Mail;

/// <summary>Keeps how mail leaves, which only owners change: links that open accounts go that way. The environment goes before what the page saved; the password is encrypted at rest.</summary>
internal sealed class MailSettingsService(
    IDbContextFactory<LatchkeyDbContext> databases,
    IDataProtectionProvider protection,
    Acting acting,
    ServerOptions options
)
{
    public const string SettingName = "mail";

    private readonly IDataProtector _protector = protection.CreateProtector(
        "Latchkey.Server.Mail.Settings.v1"
    );

    public async Task<MailSettings> ReadAsync(CancellationToken cancellationToken = default)
    {
        var fixedBy = options.Mail;
        var saved = await SavedAsync(cancellationToken);
        var wayIsFixed = fixedBy.Smtp is not null || fixedBy.Folder is not null;
        return new MailSettings
        {
            Smtp = fixedBy.Smtp ?? (wayIsFixed ? null : saved?.Server()),
            Folder = fixedBy.Smtp is null ? fixedBy.Folder : null,
            From = fixedBy.From ?? Sender(saved) ?? DefaultFrom(options.PublicUrl),
            WayIsFixed = wayIsFixed,
            FromIsFixed = fixedBy.From is not null,
        };
    }

    /// <summary>Saves what a page says. What the environment sets stays.</summary>
    /// <param name="input">The form; an empty password keeps the one there is, for the same server and user.</param>
    /// <param name="events">Records it.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<Outcome<MailSettings>> SaveAsync(
        MailSettingsInput input,
        EventRecorder events,
        CancellationToken cancellationToken = default
    )
    {
        if (acting.RefuseSafeguards() is { } refused)
        {
            return refused;
        }
        var before = await SavedAsync(cancellationToken);
        var problems = new List<Problem>();
        var after = input.Read(before, problems);
        if (problems.Count > 0)
        {
            return Outcome<MailSettings>.Failed(problems);
        }
        var changes = FieldChange.Between(Snapshot(before), Snapshot(after));
        if (before?.Password != after.Password)
        {
            changes.Add(new FieldChange("password", FieldChange.Masked, FieldChange.Masked));
        }
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var row = await db.Settings.SingleOrDefaultAsync(
            s => s.Name == SettingName,
            cancellationToken
        );
        var value = _protector.Protect(JsonSerializer.Serialize(after));
        if (row is null)
        {
            db.Settings.Add(new Setting { Name = SettingName, Value = value });
        }
        else
        {
            row.Value = value;
        }
        if (changes.Count > 0)
        {
            db.Events.Add(
                events.New(
                    EventTypes.OrganizationUpdate,
                    success: true,
                    new EventSubject("setting", null, SettingName),
                    new { changes }
                )
            );
        }
        await db.SaveChangesAsync(cancellationToken);
        return await ReadAsync(cancellationToken);
    }

    /// <summary>What the page saved; null if nothing, or if the key ring that encrypted it is gone.</summary>
    public async Task<SavedMail?> SavedAsync(CancellationToken cancellationToken = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var value = await db
            .Settings.Where(s => s.Name == SettingName)
            .Select(s => s.Value)
            .SingleOrDefaultAsync(cancellationToken);
        try
        {
            return value is null
                ? null
                : JsonSerializer.Deserialize<SavedMail>(_protector.Unprotect(value));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static MailAddress? Sender(SavedMail? saved) =>
        saved is { From: { Length: > 0 } address }
            ? new MailAddress(address, saved.FromName)
            : null;

    /// <summary>A sender that fits the address users know.</summary>
    private static MailAddress DefaultFrom(Uri publicUrl) =>
        new(
            publicUrl.HostNameType == UriHostNameType.Dns
                ? $"no-reply@{publicUrl.IdnHost}"
                : "no-reply@localhost.localdomain",
            "Latchkey"
        );

    /// <summary>How this server calls itself to others (RFC 5321 section 4.1.4).</summary>
    public string LocalName() =>
        options.PublicUrl.HostNameType == UriHostNameType.Dns
            ? options.PublicUrl.IdnHost
            : $"[{IPAddress.Loopback}]";

    private static IReadOnlyList<KeyValuePair<string, string?>> Snapshot(SavedMail? saved) =>
        [
            new("host", saved?.Host),
            new("port", saved?.Port.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            new("security", saved?.Security.ToString()),
            new("username", saved?.Username),
            new("from", saved?.From),
            new("from_name", saved?.FromName),
        ];
}

/// <summary>What the page saved, as it is stored.</summary>
internal sealed record SavedMail(
    string? Host,
    int Port,
    SmtpSecurity Security,
    string? Username,
    string? Password,
    string? From,
    string? FromName
)
{
    public SmtpAddress? Server() =>
        Host is { Length: > 0 } ? new SmtpAddress(Host, Port, Security, Username, Password) : null;
}
