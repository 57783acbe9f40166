using System.Globalization;
using System.Text.Json.Nodes;
using Latchkey.Server.Api.Applications;
using Latchkey.Server.Api.Calls;
using Latchkey.Server.Api.OpenApi;
using Latchkey.Server.Api.Tokens;
using Latchkey.Server.Api.Users;
using Latchkey.Server.Insights;
using Latchkey.Server.Problems;
using Latchkey.Server.Roles;

namespace Latchkey.Server.Api.Events;

/// <summary>Something that happened, as the API shows it.</summary>
/// <param name="Details">Everything else: findings, changes as rows of field, from and to, message identifiers; the steps of a sign-in that went well.</param>
internal sealed record EventBody(
    Guid Id,
    DateTimeOffset At,
    string Type,
    bool Success,
    string? ReferenceCode,
    string? FindingCode,
    Guid? ActorId,
    string? ActorName,
    string? TargetType,
    Guid? TargetId,
    string? TargetName,
    Guid? ApplicationId,
    string? ClientIp,
    string? UserAgent,
    JsonNode Details
)
{
    public static EventBody Of(Event happened) =>
        new(
            happened.Id,
            happened.At,
            happened.Type,
            happened.Success,
            happened.ReferenceCode,
            happened.FindingCode,
            happened.ActorId,
            happened.ActorName,
            happened.TargetType,
            happened.TargetId,
            happened.TargetName,
            happened.ApplicationId,
            happened.ClientIp,
            happened.UserAgent,
            JsonNode.Parse(happened.Details)!
        );
}

/// <summary><c>/api/v1/events</c>: the record, the newest first.</summary>
internal sealed class EventCalls(
    EventQueries events,
    UserCalls users,
    ApplicationCalls applications,
    Refusal refusal
)
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapCall(
            HttpMethod.Get,
            "/events",
            ApiOperation.List<EventBody>(
                "listEvents",
                ApiScopes.EventsRead,
                new ApiParameter("type", Words: [.. EventNames.All, EventFilter.SignIns]),
                new ApiParameter("success", "boolean"),
                new ApiParameter("user"),
                new ApiParameter("application"),
                new ApiParameter("name"),
                new ApiParameter("reference_code"),
                new ApiParameter("finding_code"),
                new ApiParameter("client_ip"),
                new ApiParameter("from", Format: "date-time"),
                new ApiParameter("until", Format: "date-time")
            ) with
            {
                Role = Capability.ReadEvents,
            },
            (HttpRequest request, EventCalls calls, CancellationToken ct) =>
                calls.ListAsync(request, ct)
        );
        api.MapCall(
            HttpMethod.Get,
            "/events/{id}",
            new("showEvent", ApiScopes.EventsRead)
            {
                Answer = typeof(EventBody),
                Role = Capability.ReadEvents,
                Refusals = [404],
            },
            (string id, EventCalls calls, CancellationToken ct) => calls.ShowAsync(id, ct)
        );
    }

    private async Task<ApiAnswer> ListAsync(HttpRequest request, CancellationToken ct)
    {
        var call = ListCall.Read(request.Query, key => Guid.TryParse(key, out _));
        if (call.Value is not { } list)
        {
            return refusal.Of(400, call.Problems[0]);
        }
        var problems = new List<Problem>();
        var query = await QueryAsync(request.Query, problems, ct);
        if (problems.Count > 0)
        {
            return refusal.Of(400, problems[0]);
        }
        var page = await events.ListAsync(query, list.After, list.Limit + 1, ct);
        return list.Answer(page.Rows, EventBody.Of, row => row.Id.ToString());
    }

    private async Task<ApiAnswer> ShowAsync(string id, CancellationToken ct) =>
        Guid.TryParse(id, out var parsed) && await events.FindAsync(parsed, ct) is { } found
            ? ApiAnswer.Shown(EventBody.Of(found))
            : refusal.Unknown("api-event-unknown", id);

    private async Task<EventQuery> QueryAsync(
        IQueryCollection query,
        List<Problem> problems,
        CancellationToken ct
    )
    {
        var type = Text(query, "type");
        var signIns = type == EventFilter.SignIns;
        if (type is not null && !signIns && !EventNames.All.Contains(type))
        {
            problems.Add(new Problem("api-event-type", "type", type));
        }
        var success = Text(query, "success");
        if (success is not (null or "true" or "false"))
        {
            problems.Add(new Problem("declaration-not-flag", "success", "success", success));
        }
        Guid? userId = null;
        if (Text(query, "user") is { } user)
        {
            // Whoever is gone is still in the record, by id.
            userId =
                (await users.FindAsync(user, ct))?.Id
                ?? (Guid.TryParse(user, out var id) ? id : null);
            if (userId is null)
            {
                problems.Add(new Problem(UserCalls.Unknown, "user", user));
            }
        }
        Guid? applicationId = null;
        if (Text(query, "application") is { } application)
        {
            applicationId =
                (await applications.FindAsync(application, ct))?.Id
                ?? (Guid.TryParse(application, out var id) ? id : null);
            if (applicationId is null)
            {
                problems.Add(new Problem(ApplicationCalls.Unknown, "application", application));
            }
        }
        return new EventQuery
        {
            Type = signIns ? null : type,
            SignIns = signIns,
            Success = success is null ? null : success == "true",
            UserId = userId,
            ApplicationId = applicationId,
            Name = Text(query, "name"),
            Code = Text(query, "reference_code"),
            Finding = Text(query, "finding_code"),
            Address = Text(query, "client_ip"),
            From = Time(query, "from", problems),
            Until = Time(query, "until", problems),
        };
    }

    private static DateTimeOffset? Time(IQueryCollection query, string name, List<Problem> problems)
    {
        if (Text(query, name) is not { } text)
        {
            return null;
        }
        if (
            DateTimeOffset.TryParse(
                text,
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
                out var at
            )
        )
        {
            return at;
        }
        problems.Add(new Problem("api-not-time", name, name, text));
        return null;
    }

    private static string? Text(IQueryCollection query, string name) =>
        query[name].ToString() is { Length: > 0 } text ? text : null;
}
