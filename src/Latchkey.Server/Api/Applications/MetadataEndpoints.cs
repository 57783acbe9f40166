using Latchkey.Server.Api.OpenApi;
using Latchkey.Server.Api.Tokens;

namespace Latchkey.Server.Api.Applications;

/// <summary>The metadata of an application, below <c>/api/v1/applications/{application}</c>.</summary>
internal static class MetadataEndpoints
{
    private const string Followed = "/applications/{application}/followed-metadata";
    private const string Proposals = "/applications/{application}/metadata-proposals";
    private const string Proposal = Proposals + "/{proposal}";

    public static void MapMetadataApi(this IEndpointRouteBuilder api)
    {
        MapFollowing(api);
        api.MapCall(
            HttpMethod.Get,
            Proposals,
            Read("listProposals", typeof(ProposalsBody)),
            (string application, MetadataCalls calls, CancellationToken ct) =>
                calls.ProposalsAsync(application, ct)
        );
        api.MapCall(
            HttpMethod.Post,
            Proposals,
            Write("proposeMetadata") with
            {
                Body = typeof(NewProposalBody),
                Required = ["metadata"],
                Example = """{"metadata": "https://wiki.example.com/saml/metadata"}""",
                Status = 201,
                Answer = typeof(ProposalBody),
                Refusals = [404, 415],
            },
            (string application, HttpRequest request, MetadataCalls calls, CancellationToken ct) =>
                calls.ProposeAsync(application, request, ct)
        );
        api.MapCall(
            HttpMethod.Get,
            Proposal,
            Read("showProposal", typeof(ProposalBody)),
            (string application, string proposal, MetadataCalls calls, CancellationToken ct) =>
                calls.ProposalAsync(application, proposal, ct)
        );
        api.MapCall(
            HttpMethod.Post,
            Proposal,
            Write("takeProposal") with
            {
                Body = typeof(TakeBody),
                Required = ["fields"],
                Example = """{"fields": ["acs_urls", "sp_signing_certificates"]}""",
                Answer = typeof(ApplicationBody),
                Refusals = [404, 415],
            },
            (
                string application,
                string proposal,
                HttpRequest request,
                MetadataCalls calls,
                CancellationToken ct
            ) => calls.TakeAsync(application, proposal, request, ct)
        );
        api.MapCall(
            HttpMethod.Delete,
            Proposal,
            Write("dismissProposal") with
            {
                Status = 204,
            },
            (string application, string proposal, MetadataCalls calls, CancellationToken ct) =>
                calls.DismissAsync(application, proposal, ct)
        );
    }

    private static void MapFollowing(IEndpointRouteBuilder api)
    {
        api.MapCall(
            HttpMethod.Put,
            Followed,
            Write("followMetadata") with
            {
                Body = typeof(FollowBody),
                Required = ["url"],
                Example = """{"url": "https://wiki.example.com/saml/metadata"}""",
                Answer = typeof(ApplicationBody),
                Refusals = [404, 415],
            },
            (string application, HttpRequest request, MetadataCalls calls, CancellationToken ct) =>
                calls.FollowAsync(application, request, ct)
        );
        api.MapCall(
            HttpMethod.Delete,
            Followed,
            Write("unfollowMetadata") with
            {
                Status = 204,
            },
            (string application, MetadataCalls calls, CancellationToken ct) =>
                calls.UnfollowAsync(application, ct)
        );
        api.MapCall(
            HttpMethod.Post,
            Followed + "/refresh",
            Write("refreshMetadata") with
            {
                Answer = typeof(RefreshedBody),
                // Another look is no harm, and no transaction waits for somebody else's server.
                Repeatable = false,
            },
            (string application, MetadataCalls calls, CancellationToken ct) =>
                calls.RefreshAsync(application, ct)
        );
    }

    private static ApiOperation Read(string name, Type answer) =>
        new(name, ApiScopes.ApplicationsRead) { Answer = answer, Refusals = [404] };

    private static ApiOperation Write(string name) =>
        new(name, ApiScopes.ApplicationsWrite) { Refusals = [404] };
}
