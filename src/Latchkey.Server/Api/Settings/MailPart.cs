using System.ComponentModel;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Latchkey.Server.Api.Declaration;
using Latchkey.Server.Api.OpenApi;
using Latchkey.Server.Applications;
using Latchkey.Server.Insights;
using Latchkey.Server.Mail;
using Latchkey.Server.Mail.Smtp;
using Latchkey.Server.Problems;

namespace Latchkey.Server.Api.Settings;

/// <summary>How mail leaves, as it was saved. What the environment sets goes before it.</summary>
internal sealed record MailSettingsBody
{
    public required string? Host { get; init; }
    public required int? Port { get; init; }

    [WordsOf(typeof(MailSettingsBody), nameof(Securities))]
    public required string Security { get; init; }

    public required string? Username { get; init; }

    [WriteOnly]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [Description(
        "It is never shown. Without it the one there is stays, for the same server and user."
    )]
    public string? Password { get; init; }

    public required string? From { get; init; }
    public required string? FromName { get; init; }

    [ReadOnly(true)]
    public required bool HasPassword { get; init; }

    [ReadOnly(true)]
    [Description("Whether the environment says how mail leaves, whatever is saved.")]
    public required bool FixedByEnvironment { get; init; }

    public static Words<SmtpSecurity> Securities { get; } =
        new(
            ("starttls", SmtpSecurity.StartTls),
            ("tls", SmtpSecurity.Tls),
            ("none", SmtpSecurity.None)
        );
}

internal sealed class MailPart(MailSettingsService settings, EventRecorder events)
    : SettingsPart<MailSettingsBody>("setting", "mail")
{
    private const string Variable = "LATCHKEY_MAIL_PASSWORD";

    protected override IReadOnlyList<string> OnlyShown => ["has_password", "fixed_by_environment"];

    public override JsonObject Exported(object body, bool secrets)
    {
        var json = base.Exported(body, secrets);
        if (secrets && ((MailSettingsBody)body).HasPassword)
        {
            json["password"] = new JsonObject { ["env"] = Variable };
        }
        return json;
    }

    protected override async Task<MailSettingsBody?> FindAsync(CancellationToken ct)
    {
        var saved = await settings.SavedAsync(ct);
        return new()
        {
            Host = saved?.Host,
            Port = saved?.Host is null ? null : saved.Port,
            Security = MailSettingsBody.Securities.Of(saved?.Security ?? SmtpSecurity.StartTls),
            Username = saved?.Username,
            From = saved?.From,
            FromName = saved?.FromName,
            HasPassword = saved?.Password is not null,
            FixedByEnvironment = (await settings.ReadAsync(ct)).WayIsFixed,
        };
    }

    protected override MailSettingsBody Over(
        MailSettingsBody? now,
        Section said,
        MetadataFiles files
    )
    {
        var security = said.Word<SmtpSecurity>(
            "security",
            MailSettingsBody.Securities.TryParse,
            MailSettingsBody.Securities.All
        );
        var after = now! with
        {
            Host = Text(said, "host", now.Host),
            Port = said.Text("port") is "" ? null : said.Number("port") ?? now.Port,
            Security = security is { } word ? MailSettingsBody.Securities.Of(word) : now.Security,
            Username = Text(said, "username", now.Username),
            From = Text(said, "from", now.From),
            FromName = Text(said, "from_name", now.FromName),
        };
        return after with { Password = Password(now, after, said, files) };
    }

    /// <summary>One that is only named is for whoever has none yet: the file can be applied again without it.</summary>
    private static string? Password(
        MailSettingsBody now,
        MailSettingsBody after,
        Section said,
        MetadataFiles files
    )
    {
        if (!said.IsMap("password"))
        {
            return said.Text("password") is { Length: > 0 } text ? text : null;
        }
        if (
            SecretReference.Read(said.Map("password")!) is not { } reference
            || (
                now.HasPassword
                && (now.Host, now.Port, now.Username) == (after.Host, after.Port, after.Username)
            )
        )
        {
            return null;
        }
        var secret = files.Secret(reference);
        if (!secret.Ok)
        {
            said.Add("password", "mail-password-unset", reference.ToString());
        }
        return secret.Value;
    }

    protected override async Task<IReadOnlyList<Problem>> SaveAsync(
        MailSettingsBody? now,
        MailSettingsBody after,
        CancellationToken ct
    ) =>
        (
            await settings.SaveAsync(
                new MailSettingsInput
                {
                    Host = after.Host,
                    Port = after.Port?.ToString(CultureInfo.InvariantCulture),
                    Security =
                        MailSettingsBody.Securities.Parse(after.Security) ?? SmtpSecurity.StartTls,
                    Username = after.Username,
                    Password = after.Password,
                    From = after.From,
                    FromName = after.FromName,
                },
                events,
                ct
            )
        ).Problems;
}
