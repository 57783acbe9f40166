using Latchkey.Server.Api.OpenApi;
using Latchkey.Server.Tests.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Infrastructure;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.RazorPages.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace Latchkey.Server.Tests.Api;

/// <summary>Everything that the pages of the administration do, the API does: each of their handlers stands here with its call, or with the reason why it has none.</summary>
public sealed class PagesAndCallsTests(SqliteDatabase database)
    : ApiTest(database),
        IClassFixture<SqliteDatabase>
{
    /// <summary>Page and handler, and the calls by their operation IDs.</summary>
    private static readonly (string Page, string Handler, string Calls)[] s_calls =
    [
        ("applications/bookmarks/new", "", "createApplication"),
        ("applications/catalogue/new", "", "createApplication"),
        ("applications/new", "", "createApplication"),
        (
            "applications/{id}",
            "",
            "updateApplication grantToGroup grantToUser checkAccess addMember"
        ),
        ("applications/{id}/bookmark", "", "updateApplication"),
        ("applications/{id}/certificates", "algorithm", "updateApplication"),
        ("applications/{id}/certificates", "contact", "updateApplication"),
        ("applications/{id}/certificates", "own", "addOwnCertificate"),
        ("applications/{id}/certificates", "retire", "retireCertificate"),
        ("applications/{id}/certificates", "start", "startRotation"),
        ("applications/{id}/certificates", "switch", "switchCertificate"),
        ("applications/{id}/certificates", "undo", "undoRotation"),
        ("applications/{id}/clone", "", "cloneApplication"),
        ("applications/{id}/delete", "", "deleteApplication"),
        ("applications/{id}/hand-over", "create", "createHandoverLink"),
        ("applications/{id}/hand-over", "revoke", "revokeHandoverLink"),
        ("applications/{id}/logo", "", "updateApplication"),
        ("applications/{id}/logo", "remove", "updateApplication"),
        ("applications/{id}/metadata", "", "proposeMetadata"),
        ("applications/{id}/metadata", "follow", "followMetadata"),
        ("applications/{id}/metadata", "refresh", "refreshMetadata"),
        ("applications/{id}/metadata", "stop", "unfollowMetadata"),
        ("applications/{id}/metadata/{proposal}", "", "takeProposal"),
        ("applications/{id}/metadata/{proposal}", "dismiss", "dismissProposal"),
        ("certificates", "retire", "retireCertificate"),
        ("certificates", "start", "startRotation"),
        ("certificates", "switch", "switchCertificate"),
        ("certificates", "undo", "undoRotation"),
        ("groups/new", "", "createGroup"),
        ("groups/{id}", "", "updateGroup"),
        ("groups/{id}", "add", "addMember"),
        ("groups/{id}", "grant", "grantToGroup"),
        ("groups/{id}", "remove", "removeMember"),
        ("groups/{id}", "revoke", "takeFromGroup"),
        ("groups/{id}/delete", "", "deleteGroup"),
        ("sessions", "end", "endSession endSessions"),
        ("settings/events", "", "updateEventSettings"),
        ("settings/mail", "", "updateMailSettings"),
        ("settings/mail", "test", "sendTestMail"),
        ("settings/mail/queue", "retry", "retryMail"),
        ("settings/mail/queue", "retryall", "retryMails"),
        ("settings/mail/queue/{id}/delete", "", "deleteMail"),
        ("settings/mail/templates/{key}/{language?}", "", "updateMailTemplate"),
        ("settings/mail/templates/{key}/{language?}", "reset", "resetMailTemplate"),
        ("settings/passwords", "move", "updatePasswordPolicy"),
        ("settings/passwords/{id}", "", "createPasswordPolicy updatePasswordPolicy"),
        ("settings/passwords/{id}/delete", "", "deletePasswordPolicy"),
        ("settings/portal", "", "updatePortalSettings"),
        ("settings/portal", "logo", "updatePortalSettings"),
        ("settings/portal", "removelogo", "updatePortalSettings"),
        ("settings/sessions", "", "updateSessionSettings"),
        ("settings/sign-in", "", "updateSignInSettings"),
        ("settings/sign-in", "askapplication", "updateSignInSettings"),
        ("settings/sign-in", "askgroup", "updateSignInSettings"),
        ("settings/sign-in", "leaveapplication", "updateSignInSettings"),
        ("settings/sign-in", "leavegroup", "updateSignInSettings"),
        ("settings/tokens", "", "createToken"),
        ("settings/tokens/{id}/delete", "", "revokeToken"),
        ("users/attributes/{name?}", "", "defineAttribute"),
        ("users/attributes/{name?}", "delete", "deleteAttribute"),
        ("users/bulk", "", "bulkUsers"),
        ("users/import/{id}", "import", "apply"),
        ("users/new", "", "createUser"),
        ("users/settings", "", "updateUserSettings"),
        ("users/{id}", "", "updateUser"),
        ("users/{id}", "cancel", "cancelState"),
        ("users/{id}", "end", "endSession endSessions"),
        ("users/{id}", "invite", "sendActivationMail"),
        ("users/{id}", "join", "addMember"),
        ("users/{id}", "leave", "removeMember"),
        ("users/{id}", "reset", "resetPassword"),
        ("users/{id}", "role", "updateUser"),
        ("users/{id}", "unlock", "unlockUser"),
        ("users/{id}/delete", "", "deleteUser"),
        ("users/{id}/factors", "", "updateFactors"),
        ("users/{id}/factors", "reset", "resetFactors"),
        ("users/{id}/password", "", "setPassword"),
    ];

    private static readonly (string Page, string Handler, string Why)[] s_none =
    [
        ("applications/{id}/compare", "", "reads what the other side shows, and changes nothing"),
        ("groups/{id}", "addrow", "another row of the form"),
        ("settings/mail/templates/{key}/{language?}", "preview", "shows what is typed"),
        ("settings/passwords/{id}", "preset", "fills the form"),
        ("users/import", "", "reads a table and shows it; a file for apply is checked by plan"),
        ("users/import/{id}", "delete", "forgets the table that was read"),
        ("users/import/{id}", "stop", "an apply is over when its call is answered"),
        ("users/new", "addrow", "another row of the form"),
        ("users/{id}", "addrow", "another row of the form"),
    ];

    /// <summary>Pages to read, and the calls that answer what stands on them.</summary>
    private static readonly (string Page, string Calls)[] s_reads =
    [
        ("", "showOverview listEvents listAllCertificates"),
        ("applications", "listApplications"),
        ("applications/catalogue", "listConnectors"),
        ("applications/catalogue/new", "showConnector"),
        ("applications/{id}", "showApplication checkAccess listProposals"),
        ("applications/{id}/bookmark", "showApplication"),
        ("applications/{id}/certificates", "listCertificates listMetadataReadings"),
        (
            "applications/{id}/certificates/hand-over",
            "downloadCertificatePem downloadCertificateDer showHandover"
        ),
        ("applications/{id}/code", "showApplication"),
        ("applications/{id}/hand-over", "showHandover listHandoverLinks"),
        ("applications/{id}/logo", "showApplication"),
        ("applications/{id}/metadata", "listProposals"),
        ("applications/{id}/metadata/{proposal}", "showProposal"),
        ("applications/{id}/preview", "previewResponse"),
        ("applications/{id}/test", "checkAccess listEvents"),
        ("certificates", "listAllCertificates listMetadataReadings"),
        ("events", "listEvents"),
        ("events/export", "listEvents"),
        ("events/{id}", "showEvent"),
        ("groups", "listGroups"),
        ("groups/{id}", "showGroup listMembers"),
        ("search", "listApplications listUsers listGroups listEvents"),
        ("sessions", "listOpenSessions showOpenSession"),
        ("settings/events", "showEventSettings"),
        ("settings/mail", "showMailSettings"),
        ("settings/mail/queue", "listMails"),
        ("settings/mail/templates", "listMailTemplates"),
        ("settings/mail/templates/{key}/{language?}", "showMailTemplate"),
        ("settings/passwords", "listPasswordPolicies"),
        ("settings/passwords/{id}", "showPasswordPolicy"),
        ("settings/portal", "showPortalSettings"),
        ("settings/sessions", "showSessionSettings"),
        ("settings/sign-in", "showSignInSettings"),
        ("settings/tokens", "listTokens"),
        ("users", "listUsers"),
        ("users/attributes/{name?}", "listAttributes"),
        ("users/export", "export listUsers"),
        ("users/settings", "showUserSettings"),
        (
            "users/{id}",
            "showUser listUserApplications listSessions showSchedule listEvents previewResponse"
        ),
        ("users/{id}/factors", "showFactors"),
    ];

    /// <summary>Pages that only ask before something is done, by the ends of their addresses, and those that show nothing kept.</summary>
    private static readonly string[] s_asks = ["/new", "/delete", "/clone", "/password", "/bulk"];

    private static readonly (string Page, string Why)[] s_unread =
    [
        ("applications/{id}/compare", "compares with what is typed in"),
        ("users/import", "asks for a table"),
        ("users/import/{id}", "a table that was read and not yet taken over"),
        ("users/import/{id} problems", "what is wrong with that table"),
    ];

    [Fact]
    public async Task Every_page_of_the_administration_can_be_read_by_a_call_or_has_a_reason()
    {
        var pages = (await HandlersAsync("Get"))
            .Where(page => !s_asks.Any(page.EndsWith) || s_reads.Any(row => row.Page == page))
            .Distinct();

        pages
            .Order(StringComparer.Ordinal)
            .ShouldBe(
                s_reads
                    .Select(row => row.Page)
                    .Concat(s_unread.Select(row => row.Page))
                    .Order(StringComparer.Ordinal)
            );
    }

    [Fact]
    public async Task Every_handler_of_the_administration_has_its_call_or_a_reason()
    {
        var handlers = await HandlersAsync("Post");

        handlers
            .Order(StringComparer.Ordinal)
            .ShouldBe(
                s_calls
                    .Concat(s_none)
                    .Select(row => $"{row.Item1} {row.Item2}".Trim())
                    .Order(StringComparer.Ordinal)
            );
    }

    [Fact]
    public void Every_call_that_is_named_is_there()
    {
        var known = Server
            .Services.GetRequiredService<ApiOperations>()
            .All.Select(o => o.Operation.Name)
            .ToHashSet(StringComparer.Ordinal);

        s_calls
            .Select(row => row.Calls)
            .Concat(s_reads.Select(row => row.Calls))
            .SelectMany(calls => calls.Split(' '))
            .Where(c => !known.Contains(c))
            .ShouldBeEmpty();
    }

    private async Task<List<string>> HandlersAsync(string method)
    {
        var loader = Server.Services.GetRequiredService<PageLoader>();
        var found = new List<string>();
        foreach (
            var page in Server
                .Services.GetRequiredService<IActionDescriptorCollectionProvider>()
                .ActionDescriptors.Items.OfType<PageActionDescriptor>()
        )
        {
            var path = page.AttributeRouteInfo!.Template!.Replace(
                ":guid",
                "",
                StringComparison.Ordinal
            );
            if (path != "admin" && !path.StartsWith("admin/", StringComparison.Ordinal))
            {
                continue;
            }
            path = path["admin".Length..].TrimStart('/');
            var loaded = await loader.LoadAsync(page, EndpointMetadataCollection.Empty);
            found.AddRange(
                loaded
                    .HandlerMethods.Where(h => h.HttpMethod == method)
                    .Select(h => $"{path} {h.Name?.ToLowerInvariant()}".Trim())
            );
        }
        return found;
    }
}
