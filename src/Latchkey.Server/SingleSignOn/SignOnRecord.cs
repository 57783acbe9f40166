using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Latchkey.Saml.Findings;
using Latchkey.Server.Applications;
using Latchkey.Server.Directory;
using Latchkey.Server.Insights;

namespace Latchkey.Server.SingleSignOn;

/// <summary>
/// Gathers the steps of a sign-in, to be committed together as events; all share the reference code. Of a sign-in that fails, or waits for
/// somebody, each step is an event of its own, to be searched for; one that goes well is a single event that holds its steps.
/// </summary>
internal sealed class SignOnRecord
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    private const int LongestUserAgent = 512;

    private readonly List<Step> _steps = new(4);
    private readonly TimeProvider _time;
    private readonly string? _clientIp;
    private readonly string? _userAgent;

    /// <param name="http">The request; null for what nobody asked for at the moment.</param>
    /// <param name="referenceCode">Ties the events together.</param>
    /// <param name="time">Tells when.</param>
    public SignOnRecord(HttpContext? http, string referenceCode, TimeProvider time)
    {
        _time = time;
        ReferenceCode = referenceCode;
        if (http is null)
            return;
        var address = http.Connection.RemoteIpAddress;
        _clientIp = (
            address?.IsIPv4MappedToIPv6 == true ? address.MapToIPv4() : address
        )?.ToString();
        var agent = http.Request.Headers.UserAgent.ToString();
        _userAgent = agent.Length switch
        {
            0 => null,
            > LongestUserAgent => agent[..LongestUserAgent],
            _ => agent,
        };
    }

    /// <summary>The same up to the point where something was decided: what came after was not written.</summary>
    public SignOnRecord(SignOnRecord undecided)
    {
        _time = undecided._time;
        _clientIp = undecided._clientIp;
        _userAgent = undecided._userAgent;
        ReferenceCode = undecided.ReferenceCode;
        Application = undecided.Application;
        Actor = undecided.Actor;
        _steps.AddRange(undecided._steps.Where(s => s.Type == EventTypes.SamlRequestReceived));
    }

    public string ReferenceCode { get; }

    public Application? Application { get; set; }

    public User? User
    {
        set => Actor = value is null ? null : (value.Id, value.Username);
    }

    /// <summary>Who acts.</summary>
    public (Guid Id, string Name)? Actor { get; set; }

    /// <summary>An event for each step that is not written yet.</summary>
    public IReadOnlyList<Event> Events =>
        _steps.ConvertAll(s => ToEvent(s.At, s.Type, s.Success, s.FindingCode, s.Details));

    /// <summary>What was added so far is stored; only what comes now will be.</summary>
    public void Written() => _steps.Clear();

    /// <summary>A step that was taken now.</summary>
    public void Add(string type, bool success, string? findingCode = null, object? details = null)
    {
        _steps.Add(
            new()
            {
                At = _time.GetUtcNow(),
                Type = type,
                Success = success,
                FindingCode = findingCode,
                Details = details,
            }
        );
    }

    /// <summary>One event of a sign-in that went well: how it began, and each step that is not written yet with its time and details.</summary>
    public Event Whole(bool idpInitiated) =>
        ToEvent(
            _time.GetUtcNow(),
            EventTypes.SsoAuth,
            true,
            null,
            new
            {
                idp_initiated = idpInitiated,
                steps = _steps.Select(s => new
                {
                    s.Type,
                    s.At,
                    s.Details,
                }),
            }
        );

    /// <summary>Findings as they are kept in an event.</summary>
    public static IEnumerable<object> Show(IEnumerable<Finding> findings) =>
        findings.Select(f =>
            (object)
                new
                {
                    f.Code,
                    f.Kind.Rule,
                    f.Kind.Severity,
                    f.Kind.Title,
                    f.Kind.Remedy,
                    f.Kind.Specification,
                    f.Expected,
                    f.Found,
                    f.At,
                }
        );

    private Event ToEvent(
        DateTimeOffset at,
        string type,
        bool success,
        string? findingCode,
        object? details
    ) =>
        new()
        {
            At = at,
            Type = type,
            Success = success,
            ReferenceCode = ReferenceCode,
            FindingCode = findingCode,
            ActorId = Actor?.Id,
            ActorName = Actor?.Name,
            TargetType = Application is null ? null : "application",
            TargetId = Application?.Id,
            TargetName = Application?.Label,
            ApplicationId = Application?.Id,
            ClientIp = _clientIp,
            UserAgent = _userAgent,
            Details = details is null ? "{}" : JsonSerializer.Serialize(details, s_json),
        };

    private sealed record Step
    {
        public required DateTimeOffset At { get; init; }
        public required string Type { get; init; }
        public required bool Success { get; init; }
        public string? FindingCode { get; init; }
        public object? Details { get; init; }
    }
}
