using System.Globalization;

namespace Latchkey.Server.Insights;

/// <summary>Which events are asked for, as an address says it; what cannot be read does not narrow.</summary>
internal sealed class EventFilter
{
    /// <summary>Stands for a type: tries to sign in, one event for each.</summary>
    public const string SignIns = "sign-ins";

    /// <summary>A reference code, or part of a name.</summary>
    public string? Q { get; set; }

    /// <summary>One of <see cref="EventTypes"/>, or <see cref="SignIns"/>.</summary>
    public string? Type { get; set; }

    /// <summary><c>success</c> or <c>failure</c>.</summary>
    public string? Outcome { get; set; }

    /// <summary>An application's identifier.</summary>
    public string? Application { get; set; }

    /// <summary>A user's identifier: what they did and what was done to them.</summary>
    public string? User { get; set; }

    /// <summary>The code of a finding or refusal, such as <c>password-wrong</c>.</summary>
    public string? Finding { get; set; }

    /// <summary>From which address; one that ends in a dot or colon means all that begin with it.</summary>
    public string? Address { get; set; }

    /// <summary>The first day, in UTC.</summary>
    public string? From { get; set; }

    /// <summary>The last day, in UTC.</summary>
    public string? Until { get; set; }

    public Guid? UserId => Identifier(User);

    public EventQuery ToQuery() =>
        new()
        {
            Type = Type == SignIns ? null : Given(Type),
            SignIns = Type == SignIns,
            Success = Outcome switch
            {
                "success" => true,
                "failure" => false,
                _ => null,
            },
            UserId = UserId,
            Search = Given(Q),
            Finding = Given(Finding),
            Address = Given(Address),
            ApplicationId = Identifier(Application),
            From = Day(From),
            Until = Day(Until)?.AddDays(1),
        };

    private static string? Given(string? text) =>
        string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static Guid? Identifier(string? text) => Guid.TryParse(text, out var id) ? id : null;

    private static DateTimeOffset? Day(string? text) =>
        DateOnly.TryParseExact(
            text,
            "yyyy-MM-dd",
            CultureInfo.InvariantCulture,
            DateTimeStyles.None,
            out var day
        )
            ? new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero)
            : null;
}
