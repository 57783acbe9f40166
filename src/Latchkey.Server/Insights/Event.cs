namespace Latchkey.Server.Insights;

/// <summary>One thing that happened (J-115 to J-122). Written once, never changed.</summary>
internal sealed class Event
{
    /// <summary>Version 7, and in the order in which this node wrote them, also within a millisecond.</summary>
    public Guid Id { get; init; } = EventIds.Next();
    public required DateTimeOffset At { get; init; }

    /// <summary>One of <see cref="EventTypes"/>.</summary>
    public required string Type { get; init; }

    public required bool Success { get; init; }

    /// <summary>The eight characters shown to the user; all events of one sign-in share it.</summary>
    public string? ReferenceCode { get; init; }

    /// <summary>The stable code of the finding or refusal, if any.</summary>
    public string? FindingCode { get; init; }

    /// <summary>Who did it.</summary>
    public Guid? ActorId { get; init; }

    /// <summary>The actor's name at that time, or what was typed by somebody unknown, see <see cref="SignIn.Passwords.TypedName"/>.</summary>
    public string? ActorName { get; init; }

    /// <summary>What it was done to: "user", "group", "application", "session".</summary>
    public string? TargetType { get; init; }

    public Guid? TargetId { get; init; }

    /// <summary>The target's name at that time.</summary>
    public string? TargetName { get; init; }

    public Guid? ApplicationId { get; init; }
    public string? ClientIp { get; init; }
    public string? UserAgent { get; init; }

    /// <summary>Everything else, a JSON object: findings, changes as [{field, from, to}], idp_initiated, message identifiers, steps as [{type, at, details}].</summary>
    public string Details { get; init; } = "{}";
}
