using Latchkey.Server.Api.Calls;
using Latchkey.Server.Api.Declaration;
using Latchkey.Server.Applications;
using Latchkey.Server.Applications.Handover;
using Latchkey.Server.Problems;

namespace Latchkey.Server.Api.Applications;

/// <summary>Links to hand-over pages, and clones of applications.</summary>
internal sealed class HandoverCalls(
    ApplicationCalls calls,
    ApplicationService applications,
    HandoverLinks links,
    Refusal refusal
)
{
    public async Task<ApiAnswer> ListAsync(string name, CancellationToken ct)
    {
        if (await calls.FindAsync(name, ct) is not { } application)
        {
            return refusal.Unknown(ApplicationCalls.Unknown, name);
        }
        var rows = await links.ListAsync(application.Id, ct);
        return ApiAnswer.Shown(new HandoverLinksBody([.. rows.Select(HandoverLinkBody.Of)]));
    }

    /// <summary>The address is answered this once.</summary>
    public async Task<ApiAnswer> CreateAsync(string name, HttpRequest request, CancellationToken ct)
    {
        if (await calls.FindAsync(name, ct) is not { } application)
        {
            return refusal.Unknown(ApplicationCalls.Unknown, name);
        }
        var read = await CallBody.ReadAsync(
            request,
            "link",
            (section, _) =>
            {
                var body = new NewHandoverBody(section.Number("days") ?? HandoverLinks.Days[0]);
                section.End();
                return body;
            },
            ct
        );
        if (read.Value is not { } said)
        {
            return refusal.Of(read.Problems);
        }
        var made = await links.CreateAsync(application, said.Days, ct);
        return made.Value is { } link
            ? ApiAnswer.Made(
                new MadeHandoverLinkBody(link.Link.Id, link.Address, link.Link.ExpiresAt),
                $"/api/v1/applications/{application.Slug}/handover-links"
            )
            : refusal.Of(made.Problems);
    }

    public async Task<ApiAnswer> RevokeAsync(string name, string link, CancellationToken ct)
    {
        if (await calls.FindAsync(name, ct) is not { } application)
        {
            return refusal.Unknown(ApplicationCalls.Unknown, name);
        }
        return Guid.TryParse(link, out var id) && await links.RevokeAsync(application, id, ct)
            ? ApiAnswer.Nothing
            : refusal.Unknown("api-link-unknown", link);
    }

    /// <summary>The same settings without the connector, inactive and open to nobody (S0-18).</summary>
    public async Task<ApiAnswer> CloneAsync(string name, HttpRequest request, CancellationToken ct)
    {
        if (await calls.FindAsync(name, ct) is not { } application)
        {
            return refusal.Unknown(ApplicationCalls.Unknown, name);
        }
        var read = await CallBody.ReadAsync(
            request,
            "clone",
            (section, _) =>
            {
                var body = new CloneBody(section.Required("label"));
                section.End();
                return body;
            },
            ct
        );
        if (read.Value is not { } said)
        {
            return refusal.Of(read.Problems);
        }
        if (application.Kind == ApplicationKind.Bookmark)
        {
            return refusal.Of([new Problem("api-clone-bookmark", "")]);
        }
        var made = await applications.CreateAsync(ApplicationClone.Of(application, said.Label), ct);
        return made.Value is { } clone
            ? ApiAnswer.Made(
                await calls.StoredAsync(clone, ct),
                $"/api/v1/applications/{clone.Slug}",
                clone.Version
            )
            : refusal.Of(made.Problems);
    }
}

internal sealed record NewHandoverBody(int Days);

internal sealed record CloneBody(string Label);

internal sealed record HandoverLinkBody(Guid Id, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt)
{
    public static HandoverLinkBody Of(HandoverLink link) =>
        new(link.Id, link.CreatedAt, link.ExpiresAt);
}

internal sealed record HandoverLinksBody(IReadOnlyList<HandoverLinkBody> Items);

/// <param name="Address">Shown this once; nowhere stored.</param>
internal sealed record MadeHandoverLinkBody(Guid Id, string Address, DateTimeOffset ExpiresAt);
