using System.Text;
using Latchkey.Server.Api.Calls;
using Latchkey.Server.Applications;
using Latchkey.Server.Applications.Differences;
using Latchkey.Server.Applications.Following;
using Latchkey.Server.Problems;
using Latchkey.Web.Texts;

namespace Latchkey.Server.Api.Applications;

/// <summary>The address that is followed.</summary>
/// <param name="Url">An https address.</param>
/// <param name="Certificates">Of which one must have signed what is there; none to believe https.</param>
internal sealed record FollowBody(string Url, IReadOnlyList<string>? Certificates);

/// <summary>What one look at a followed address led to.</summary>
/// <param name="Changed">The fields that were changed.</param>
/// <param name="Waiting">The fields that wait for an administrator.</param>
internal sealed record RefreshedBody(IReadOnlyList<string> Changed, IReadOnlyList<string> Waiting);

/// <summary>Metadata for an application that exists.</summary>
/// <param name="Metadata">The XML, or the https address that it is fetched from once.</param>
/// <param name="EntityId">Which, where it names several service providers and not this one.</param>
internal sealed record NewProposalBody(string Metadata, string? EntityId);

/// <summary>What metadata would change.</summary>
/// <param name="Waits">Whether a followed address left it for an administrator.</param>
internal sealed record ProposalBody(
    Guid Id,
    string EntityId,
    string? Url,
    bool Waits,
    DateTimeOffset CreatedAt,
    IReadOnlyList<ProposedFieldBody> Fields
);

/// <param name="Lowers">How the change would lower the application's security; nothing like that is taken over unless it is named.</param>
/// <param name="Harmless">Whether the page has it ticked beforehand.</param>
internal sealed record ProposedFieldBody(
    string Field,
    string? From,
    string? To,
    IReadOnlyList<string> Lowers,
    bool Harmless
);

internal sealed record ProposalsBody(IReadOnlyList<ProposalBody> Items);

/// <summary>The fields to take over, and no others.</summary>
internal sealed record TakeBody(IReadOnlyList<string> Fields);

/// <summary>The metadata of an application that exists: followed, compared, taken over.</summary>
internal sealed class MetadataCalls(
    ApplicationCalls calls,
    MetadataImport import,
    MetadataProposals proposals,
    MetadataFollowing following,
    MetadataRefresh refresh,
    Together together,
    Refusal refusal,
    ITexts texts
)
{
    /// <summary>Follows another address, or the same one with other certificates.</summary>
    public async Task<ApiAnswer> FollowAsync(string name, HttpRequest request, CancellationToken ct)
    {
        var read = await CallBody.ReadAsync(
            request,
            "address",
            (section, _) =>
            {
                var body = new FollowBody(section.Required("url"), section.Texts("certificates"));
                section.End();
                return body;
            },
            ct
        );
        if (read.Value is not { } said)
        {
            return refusal.Of(read.Problems);
        }
        // Somebody else's server is waited for outside of any transaction.
        var fetched = await following.FetchAsync(said.Url, said.Certificates ?? [], ct);
        if (fetched.Value is not { } document)
        {
            return refusal.Of(Named(fetched.Problems));
        }
        return await together.RunAsync(
            async () =>
            {
                if (await SamlAsync(name, ct) is not { } application)
                {
                    return Unknown(name);
                }
                await following.StopAsync(application, ct);
                var started = await following.StartAsync(application.Id, document, ct);
                return started.Value is { } done
                    ? ApiAnswer.Shown(
                        await calls.StoredAsync(done.Application, ct),
                        done.Application.Version
                    )
                    : refusal.Of(Named(started.Problems));
            },
            ct
        );
    }

    public async Task<ApiAnswer> UnfollowAsync(string name, CancellationToken ct)
    {
        if (await SamlAsync(name, ct) is not { } application)
        {
            return Unknown(name);
        }
        return await following.StopAsync(application, ct)
            ? ApiAnswer.Nothing
            : refusal.Unknown("api-not-followed", name);
    }

    /// <summary>Looks at the followed address now.</summary>
    public async Task<ApiAnswer> RefreshAsync(string name, CancellationToken ct)
    {
        if (await SamlAsync(name, ct) is not { } application)
        {
            return Unknown(name);
        }
        if (await following.FindAsync(application.Id, ct) is null)
        {
            return refusal.Unknown("api-not-followed", name);
        }
        return await refresh.RunAsync(application.Id, atOnce: true, ct) switch
        {
            null => refusal.Of(409, new Problem("api-overtaken", "")),
            { Value: { } report } => ApiAnswer.Shown(
                new RefreshedBody(report.Changed, report.Held)
            ),
            var failed => refusal.Of(failed.Problems),
        };
    }

    public async Task<ApiAnswer> ProposalsAsync(string name, CancellationToken ct)
    {
        if (await SamlAsync(name, ct) is not { } application)
        {
            return Unknown(name);
        }
        var items = new List<ProposalBody>();
        foreach (var id in await proposals.OfAsync(application.Id, ct))
        {
            // One whose metadata has expired since can be taken over no more.
            if (await proposals.FindAsync(application.Id, id, ct) is { Value: { } shown })
            {
                items.Add(Body(shown));
            }
        }
        return ApiAnswer.Shown(new ProposalsBody(items));
    }

    /// <summary>Says what metadata would change, and changes nothing.</summary>
    public async Task<ApiAnswer> ProposeAsync(
        string name,
        HttpRequest request,
        CancellationToken ct
    )
    {
        var read = await CallBody.ReadAsync(
            request,
            "proposal",
            (section, _) =>
            {
                var body = new NewProposalBody(
                    section.Required("metadata"),
                    section.Text("entity_id")
                );
                section.End();
                return body;
            },
            ct
        );
        if (read.Value is not { } said)
        {
            return refusal.Of(read.Problems);
        }
        var isText = said.Metadata.TrimStart().StartsWith('<');
        var source = await (
            isText
                ? new MetadataSource(null, said.Metadata, null)
                : new MetadataSource(null, null, said.Metadata)
        ).ReadAsync(import, ct);
        if (!source.Metadata.Ok)
        {
            return refusal.Of(Named(source.Metadata.Problems));
        }
        if (await SamlAsync(name, ct) is not { } application)
        {
            return Unknown(name);
        }
        var chosen = source.Metadata.Value.ChooseFor(application.SpEntityId, said.EntityId);
        if (!chosen.Ok)
        {
            return refusal.Of(Named(chosen.Problems));
        }
        var proposal = await proposals.AddAsync(
            application.Id,
            source.Content!,
            chosen.Value.EntityId,
            source.Url,
            ct
        );
        return (await proposals.FindAsync(application.Id, proposal.Id, ct))!.Value is { } shown
            ? ApiAnswer.Made(Body(shown), $"{Address(application)}/{proposal.Id}")
            : Unknown(name);
    }

    public Task<ApiAnswer> ProposalAsync(string name, string proposal, CancellationToken ct) =>
        WithAsync(name, proposal, shown => Task.FromResult(ApiAnswer.Shown(Body(shown))), ct);

    /// <summary>Changes the fields that are named and no others (rule M3).</summary>
    public async Task<ApiAnswer> TakeAsync(
        string name,
        string proposal,
        HttpRequest request,
        CancellationToken ct
    )
    {
        var read = await CallBody.ReadAsync(
            request,
            "choice",
            (section, _) =>
            {
                var body = new TakeBody(section.Texts("fields") ?? []);
                section.End();
                return body;
            },
            ct
        );
        return read.Value is { } said
            ? await WithAsync(
                name,
                proposal,
                async shown =>
                {
                    if (
                        said
                            .Fields.Except(shown.Differences.Select(d => d.Name))
                            .FirstOrDefault() is
                        { } unknown
                    )
                    {
                        return refusal.Of([
                            new Problem(
                                "declaration-not-word",
                                "fields",
                                "fields",
                                unknown,
                                string.Join(", ", shown.Differences.Select(d => d.Name))
                            ),
                        ]);
                    }
                    var taken = await proposals.ApplyAsync(
                        shown,
                        [.. said.Fields],
                        shown.Application.Version,
                        ct
                    );
                    return taken.Value is { } application
                        ? ApiAnswer.Shown(
                            await calls.StoredAsync(application, ct),
                            application.Version
                        )
                        : refusal.Of(taken.Problems);
                },
                ct
            )
            : refusal.Of(read.Problems);
    }

    public Task<ApiAnswer> DismissAsync(string name, string proposal, CancellationToken ct) =>
        WithAsync(
            name,
            proposal,
            async shown =>
            {
                await proposals.DismissAsync(shown, ct);
                return ApiAnswer.Nothing;
            },
            ct
        );

    private async Task<ApiAnswer> WithAsync(
        string name,
        string proposal,
        Func<ShownProposal, Task<ApiAnswer>> act,
        CancellationToken ct
    )
    {
        if (await SamlAsync(name, ct) is not { } application)
        {
            return Unknown(name);
        }
        var found = Guid.TryParse(proposal, out var id)
            ? await proposals.FindAsync(application.Id, id, ct)
            : null;
        return found switch
        {
            null => refusal.Unknown("api-proposal-unknown", proposal),
            { Value: { } shown } => await act(shown),
            var failed => refusal.Of(failed.Problems),
        };
    }

    private ProposalBody Body(ShownProposal shown) =>
        new(
            shown.Proposal.Id,
            shown.Proposal.EntityId,
            shown.Proposal.Url,
            shown.Proposal.IsHeld,
            shown.Proposal.CreatedAt,
            [
                .. shown.Differences.Select(d => new ProposedFieldBody(
                    d.Name,
                    d.Now,
                    d.Then,
                    [.. d.Lowers.Select(l => texts[$"metadata.lowers.{l.Code}", l.What])],
                    d.IsHarmless
                )),
            ]
        );

    /// <summary>A bookmark has no metadata.</summary>
    private async Task<Application?> SamlAsync(string name, CancellationToken ct) =>
        await calls.FindAsync(name, ct) is { Kind: ApplicationKind.Saml } found ? found : null;

    private ApiAnswer Unknown(string name) => refusal.Unknown(ApplicationCalls.Unknown, name);

    private static string Address(Application application) =>
        $"/api/v1/applications/{application.Slug}/metadata-proposals";

    /// <summary>By the names of the body's fields.</summary>
    private static IReadOnlyList<Problem> Named(IEnumerable<Problem> problems) =>
        [
            .. problems.Select(p =>
                p with
                {
                    Where = p.Where switch
                    {
                        "pinned" => "certificates",
                        "metadata_url" => "url",
                        _ => p.Where,
                    },
                }
            ),
        ];
}
