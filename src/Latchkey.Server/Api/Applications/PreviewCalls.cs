using Latchkey.Server.Api.Calls;
using Latchkey.Server.Api.OpenApi;
using Latchkey.Server.Api.Tokens;
using Latchkey.Server.Api.Users;
using Latchkey.Server.Applications;
using Latchkey.Server.Applications.Catalogue;
using Latchkey.Server.Applications.Preview;
using Latchkey.Server.Problems;
using Latchkey.Web.Texts;

namespace Latchkey.Server.Api.Applications;

/// <summary>What a sign-in would send, and what the service provider would say to it.</summary>
/// <param name="WouldBeSent">Whether this server would let the person in.</param>
/// <param name="WouldBeAccepted">Whether the service provider would, as far as its metadata and connector say; null where nothing could be written.</param>
/// <param name="Xml">The Response, indented, without signature values and certificates.</param>
internal sealed record PreviewBody(
    bool WouldBeSent,
    bool? WouldBeAccepted,
    IReadOnlyList<ObjectionBody> Objections,
    string? NameId,
    string? NameIdFormat,
    string? Destination,
    string? Audience,
    string? AuthnContext,
    bool Encrypted,
    IReadOnlyList<PreviewAttributeBody> Attributes,
    string? Xml
);

/// <param name="By">Who objects.</param>
/// <param name="Refuses">Whether it keeps the person out; else it is worth knowing.</param>
internal sealed record ObjectionBody(
    [property: WordsOf(typeof(ObjectionBody), nameof(ObjectionBody.Parties))] string By,
    string Code,
    bool Refuses,
    string Text
)
{
    public static IReadOnlyList<string> Parties { get; } =
    ["identity_provider", "service_provider"];
}

/// <param name="Required">Whether the service provider refuses without it; null where it is not known to read it.</param>
internal sealed record PreviewAttributeBody(
    string Name,
    IReadOnlyList<string> Values,
    bool? Required
);

/// <summary>What the other side's engineer is told (S0-37).</summary>
/// <param name="Steps">The connector's, with this organization's values; empty for a custom application.</param>
internal sealed record HandoverBody(
    string? MetadataUrl,
    string SignOnUrl,
    string EntityId,
    string? CertificatePem,
    string? NextCertificatePem,
    IReadOnlyList<HandoverStepBody> Steps
);

internal sealed record HandoverStepBody(string Text, IReadOnlyList<HandoverValueBody> Values);

/// <param name="Label">The field at the other side.</param>
/// <param name="Value">Null for what exists only after the activation.</param>
internal sealed record HandoverValueBody(string Label, string? Value);

/// <summary>Shows what an application would be sent, and what its other side has to know.</summary>
internal sealed class PreviewCalls(
    ApplicationCalls applications,
    UserCalls users,
    ResponsePreviews previews,
    ApplicationGuides guides,
    IHttpContextAccessor http,
    ITexts texts,
    Refusal refusal
)
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapCall(
            HttpMethod.Get,
            "/applications/{application}/preview/{user}",
            new("previewResponse", ApiScopes.ApplicationsRead)
            {
                Answer = typeof(PreviewBody),
                Query = [new ApiParameter("by", Words: PreviewWays.Words)],
                Refusals = [400, 404],
            },
            (
                string application,
                string user,
                HttpRequest request,
                PreviewCalls calls,
                CancellationToken ct
            ) => calls.PreviewAsync(application, user, request.Query["by"].ToString(), ct)
        );
        api.MapCall(
            HttpMethod.Get,
            "/applications/{application}/hand-over",
            new("showHandover", ApiScopes.ApplicationsRead)
            {
                Answer = typeof(HandoverBody),
                Refusals = [404],
            },
            (string application, PreviewCalls calls, CancellationToken ct) =>
                calls.HandoverAsync(application, ct)
        );
    }

    private async Task<ApiAnswer> PreviewAsync(
        string name,
        string person,
        string by,
        CancellationToken ct
    )
    {
        if (!http.HttpContext!.User.May(ApiScopes.UsersRead))
        {
            // What is sent tells of the user more than whether there is one.
            return refusal.Of(403, new Problem("token-scope-missing", "", ApiScopes.UsersRead));
        }
        if (by.Length > 0 && !PreviewWays.Words.Contains(by))
        {
            return refusal.Of(
                400,
                new Problem(
                    "declaration-not-word",
                    "by",
                    "by",
                    by,
                    string.Join(", ", PreviewWays.Words)
                )
            );
        }
        if (await SamlAsync(name, ct) is not { } application)
        {
            return refusal.Unknown(ApplicationCalls.Unknown, name);
        }
        return
            await users.FindAsync(person, ct) is { } user
            && await previews.MakeAsync(application, user, PreviewWays.Methods(by), ct)
                is { } preview
            ? ApiAnswer.Shown(Body(preview))
            : refusal.Unknown(UserCalls.Unknown, person);
    }

    private async Task<ApiAnswer> HandoverAsync(string name, CancellationToken ct)
    {
        if (await SamlAsync(name, ct) is not { } application)
        {
            return refusal.Unknown(ApplicationCalls.Unknown, name);
        }
        var guide = await guides.OfAsync(application, ct);
        return ApiAnswer.Shown(
            new HandoverBody(
                guide.MetadataUrl,
                guide.SignOnUrl,
                guide.EntityId,
                guide.Certificate?.Pem,
                guide.Next?.Certificate?.Pem,
                [
                    .. guide.Steps.Select(step => new HandoverStepBody(
                        step.Text,
                        [.. step.Values.Select(v => new HandoverValueBody(v.Label, v.Value))]
                    )),
                ]
            )
        );
    }

    private async Task<Application?> SamlAsync(string name, CancellationToken ct) =>
        await applications.FindAsync(name, ct) is { Kind: ApplicationKind.Saml } found
            ? found
            : null;

    private PreviewBody Body(ResponsePreview preview) =>
        new(
            preview.WouldBeSent,
            preview.Xml is null ? null : preview.WouldBeAccepted,
            [
                .. preview.Here.Select(o => Said(o, ObjectionBody.Parties[0])),
                .. preview.There.Select(o => Said(o, ObjectionBody.Parties[1])),
            ],
            preview.NameId?.Value,
            preview.NameId?.Format,
            preview.Destination,
            preview.Audience,
            preview.AuthnContext,
            preview.Encrypted,
            [
                .. preview.Attributes.Select(a => new PreviewAttributeBody(
                    a.Name,
                    a.Values,
                    a.Demanded?.Required
                )),
            ],
            preview.Xml
        );

    private ObjectionBody Said(Objection objection, string by) =>
        new(by, objection.Key["preview.".Length..], objection.Refuses, objection.Say(texts));
}
