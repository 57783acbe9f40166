using System.Globalization;
using System.Text.Json;
using Latchkey.Server.Problems;
using Latchkey.Web.Texts;
using Microsoft.Net.Http.Headers;

namespace Latchkey.Server.Api.Calls;

/// <summary>What a call is answered with, as it goes over the wire and as it is kept for a repeat.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">JSON; null for none.</param>
/// <param name="Version">Of what is shown, sent as ETag; null where nothing counts versions.</param>
/// <param name="Location">Where what was made is found.</param>
internal sealed record ApiAnswer(
    int Status,
    string? Body = null,
    long? Version = null,
    string? Location = null
) : IResult
{
    public static ApiAnswer Nothing { get; } = new(StatusCodes.Status204NoContent);

    public bool IsRefusal => Status >= 400;

    public static ApiAnswer Shown<T>(T body, long? version = null) =>
        new(StatusCodes.Status200OK, Text(body), version);

    public static ApiAnswer Made<T>(T body, string location, long? version = null) =>
        new(StatusCodes.Status201Created, Text(body), version, location);

    public static ApiAnswer Refused(ITexts texts, int status, IEnumerable<Problem> problems) =>
        Refused(
            new ApiProblems(
                status,
                [
                    .. problems.Select(p => new ApiProblem(
                        p.Code,
                        texts.Say(p),
                        Field: p.Where.Length == 0 ? null : p.Where
                    )),
                ]
            )
        );

    public static ApiAnswer Refused(ApiProblems problems) => new(problems.Status, Text(problems));

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Status;
        // What the API says is of the moment and for the one who asked.
        response.Headers.CacheControl = "no-store";
        if (Version is { } version)
        {
            response.Headers.ETag = string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");
        }
        if (Location is not null)
        {
            response.Headers.Location = Location;
        }
        if (Body is not null)
        {
            response.ContentType = IsRefusal
                ? ApiProblems.ContentType
                : "application/json; charset=utf-8";
            await response.WriteAsync(Body, httpContext.RequestAborted);
        }
    }

    private static string Text<T>(T body) => JsonSerializer.Serialize(body, ApiJson.Options);
}
