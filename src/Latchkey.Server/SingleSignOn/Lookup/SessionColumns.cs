using Latchkey.Server.SignIn;
using Latchkey.Server.Storage;

namespace Latchkey.Server.SingleSignOn.Lookup;

/// <summary>A session's columns and how they are read; a test holds both against the model.</summary>
internal static class SessionColumns
{
    /// <summary>All but the hash, which is what was asked for.</summary>
    public static readonly IReadOnlyList<string> Names =
    [
        "id",
        "user_id",
        "security_stamp",
        "authn_instant",
        "methods",
        "created_at",
        "expires_at",
        "last_seen_at",
        "idle_seconds",
        "ended_at",
        "participants_told_at",
        "client_ip",
        "user_agent",
    ];

    public static string List(string prefix) => string.Join(", ", Names.Select(n => prefix + n));

    /// <summary>Reads them in their order: an initializer runs from top to bottom.</summary>
    public static Session Read(ref StoredRow row, byte[] hash) =>
        new()
        {
            TokenHash = hash,
            Id = row.Id(),
            UserId = row.Id(),
            SecurityStamp = row.Text(),
            AuthnInstant = row.Instant(),
            Methods = row.Text(),
            CreatedAt = row.Instant(),
            ExpiresAt = row.Instant(),
            LastSeenAt = row.Instant(),
            IdleSeconds = row.Number(),
            EndedAt = row.InstantOrNull(),
            ParticipantsToldAt = row.InstantOrNull(),
            ClientIp = row.TextOrNull(),
            UserAgent = row.TextOrNull(),
        };
}
