using System.Security.Claims;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Latchkey.Server.Api.Tokens;

namespace Latchkey.Server.Insights;

/// <summary>What an event is about.</summary>
/// <param name="Type">"user", "group", "application", "session".</param>
/// <param name="Id">Its identifier, if it has one.</param>
/// <param name="Name">Its name at this moment.</param>
internal sealed record EventSubject(string Type, Guid? Id, string? Name);

/// <summary>Who does what is being done, where no signed-in user says it: the command line, the declarative set-up, the first start.</summary>
/// <param name="Id">The user, where it is one.</param>
/// <param name="Name">What the event shows.</param>
/// <param name="Way">How it came, see <see cref="EventWay"/>; null where the name says it.</param>
internal sealed record EventActor(Guid? Id, string Name, EventWay? Way = null);

/// <summary>By what somebody who acts was known (J-121), as the event's details say it.</summary>
/// <param name="Method">The word under <c>auth_method</c>.</param>
/// <param name="TokenId">Of an API token.</param>
/// <param name="TokenName">Its name at that time.</param>
internal sealed record EventWay(string Method, string? TokenId = null, string? TokenName = null)
{
    /// <summary>A browser that is signed in.</summary>
    public static EventWay Session { get; } = new("session");

    /// <summary>Whoever has the server's database and master key.</summary>
    public static EventWay CommandLine { get; } = new("command_line");

    public static EventWay Of(ClaimsPrincipal caller) =>
        caller.FindFirst(ApiCaller.TokenClaim) is { Value: var token }
            ? new("api_token", token, caller.FindFirst(ApiCaller.TokenNameClaim)?.Value)
            : Session;

    public void AddTo(JsonObject details)
    {
        details["auth_method"] = Method;
        if (TokenId is not null)
        {
            details["token_id"] = TokenId;
            details["token_name"] = TokenName;
        }
    }
}

/// <summary>Makes events of what happens in this request: when, from where, by whom.</summary>
internal sealed class EventRecorder(IHttpContextAccessor http, EventLog log, TimeProvider time)
{
    /// <summary>User agents are whatever a stranger sends.</summary>
    private const int LongestUserAgent = 512;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <summary>Set where nobody is signed in, yet somebody acts.</summary>
    public EventActor? Actor { get; set; }

    /// <summary>An event of now, to be written with others; see <see cref="RecordAsync"/> for one alone.</summary>
    public Event New(
        string type,
        bool success,
        EventSubject? subject = null,
        object? details = null,
        string? findingCode = null,
        string? referenceCode = null,
        EventActor? actor = null,
        Guid? applicationId = null
    )
    {
        var context = http.HttpContext;
        actor ??= Actor ?? SignedIn(context?.User);
        return new Event
        {
            At = time.GetUtcNow(),
            Type = type,
            Success = success,
            ReferenceCode = referenceCode,
            FindingCode = findingCode,
            ActorId = actor?.Id,
            ActorName = Storable(actor?.Name),
            TargetType = subject?.Type,
            TargetId = subject?.Id,
            TargetName = Storable(subject?.Name),
            ApplicationId = applicationId ?? (subject?.Type == "application" ? subject.Id : null),
            ClientIp = Address(context),
            UserAgent = UserAgent(context),
            Details = Written(details, actor?.Way),
        };
    }

    private static string Written(object? details, EventWay? way)
    {
        if (way is null)
        {
            return details is null ? "{}" : JsonSerializer.Serialize(details, Json);
        }
        var json = details is null ? [] : JsonSerializer.SerializeToNode(details, Json)!.AsObject();
        way.AddTo(json);
        return json.ToJsonString();
    }

    /// <summary>Writes one event; on return it is durable.</summary>
    public Task RecordAsync(
        string type,
        bool success,
        EventSubject? subject = null,
        object? details = null,
        string? findingCode = null,
        string? referenceCode = null,
        EventActor? actor = null,
        Guid? applicationId = null
    ) =>
        log.WriteAsync(
            New(type, success, subject, details, findingCode, referenceCode, actor, applicationId)
        );

    private static EventActor? SignedIn(ClaimsPrincipal? user) =>
        user?.FindFirst("sub")?.Value is { } id && Guid.TryParse(id, out var parsed)
            ? new EventActor(parsed, user.FindFirst("name")?.Value ?? id, EventWay.Of(user))
            : null;

    private static string? Address(HttpContext? context) =>
        context?.Connection.RemoteIpAddress is { } address
            ? (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString()
            : null;

    private static string? UserAgent(HttpContext? context) =>
        context?.Request.Headers.UserAgent.ToString() is { Length: > 0 } agent
            ? Storable(agent[..Math.Min(agent.Length, LongestUserAgent)])
            : null;

    /// <summary>Text from outside as both engines store it: PostgreSQL takes no NUL, and neither takes half a character.</summary>
    private static string? Storable(string? text) =>
        text is null
            ? null
            : string.Create(
                text.Length,
                text,
                static (to, from) =>
                {
                    for (var i = 0; i < from.Length; i++)
                    {
                        var half =
                            char.IsSurrogate(from[i])
                            && !(i + 1 < from.Length && char.IsSurrogatePair(from[i], from[i + 1]))
                            && !(i > 0 && char.IsSurrogatePair(from[i - 1], from[i]));
                        to[i] = half || from[i] == '\0' ? '\uFFFD' : from[i];
                    }
                }
            );
}
