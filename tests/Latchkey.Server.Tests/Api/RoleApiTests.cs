using Latchkey.Server.Api.OpenApi;
using Latchkey.Server.Roles;
using Latchkey.Server.Tests.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Latchkey.Server.Tests.Api;

/// <summary>What a token may do is what the role of its user allows, call by call.</summary>
[Trait("Rule", "S2-03")]
public sealed class RoleApiTests(SqliteDatabase database)
    : ApiTest(database),
        IClassFixture<SqliteDatabase>
{
    /// <summary>In words of its own, so that a slip in the table of roles or at an endpoint is one here.</summary>
    private static readonly string[] s_helpDesk =
    [
        "endOpenSession",
        "endSession",
        "endSessions",
        "listEvents",
        "listOpenSessions",
        "listSessions",
        "listUserApplications",
        "listUsers",
        "resetFactors",
        "resetPassword",
        "sendActivationMail",
        "showEvent",
        "showFactors",
        "showOpenSession",
        "showOverview",
        "showSchedule",
        "showUser",
        "unlockUser",
    ];

    /// <summary>Posted, and yet it only says what would be.</summary>
    private static readonly string[] s_readingPosts = ["plan"];

    private static readonly string[] s_ownersOnly = ["updateEventSettings", "updateMailSettings"];

    [Fact]
    public async Task The_help_desk_may_do_these_calls_and_no_others() =>
        (await OpenToAsync(Role.HelpDesk)).ShouldBe(s_helpDesk);

    [Fact]
    public async Task An_auditor_may_read_by_every_call_and_change_by_none() =>
        (await OpenToAsync(Role.Auditor)).ShouldBe(
            Names(c => c.Method == "GET" || s_readingPosts.Contains(c.Operation.Name))
        );

    [Fact]
    public async Task An_administrator_may_do_all_but_what_is_for_owners() =>
        (await OpenToAsync(Role.Administrator)).ShouldBe(
            Names(c => !s_ownersOnly.Contains(c.Operation.Name))
        );

    [Fact]
    public async Task An_owner_may_do_every_call() =>
        (await OpenToAsync(Role.Owner)).ShouldBe(Names(_ => true));

    [Theory]
    [InlineData("/users")]
    [InlineData("/events")]
    public async Task The_help_desk_looks_up_and_takes_no_list_away(string list)
    {
        var auditor = await TokenOfAsync(Role.Auditor);
        Use(await TokenOfAsync(Role.HelpDesk));
        var first = await SendAsync("GET", $"{list}?limit=1");
        var next = $"{list}?limit=1&cursor={first["next_cursor"].GetString()}";

        (await SendAsync("GET", next)).Problems.ShouldBe(["403 list-first-page-only cursor"]);

        Use(auditor);
        (await SendAsync("GET", next)).Status.ShouldBe(200);
    }

    private IReadOnlyList<MappedOperation> Calls =>
        Server.Services.GetRequiredService<ApiOperations>().All;

    private IEnumerable<string> Names(Func<MappedOperation, bool> which) =>
        Calls.Where(which).Select(c => c.Operation.Name).Order(StringComparer.Ordinal);

    /// <summary>The calls that are not refused for the role. They lead to things that are not there: what is asked is only who is let in.</summary>
    private async Task<List<string>> OpenToAsync(Role role)
    {
        Use(await TokenOfAsync(role));
        var open = new List<string>();
        foreach (var call in Calls)
        {
            var path = call.Path;
            foreach (var name in call.Parameters)
            {
                path = path.Replace($"{{{name}}}", "nothing", StringComparison.Ordinal);
            }
            using var request = new HttpRequestMessage(new HttpMethod(call.Method), path);
            using var response = await Client.SendAsync(request, Ct);
            var text = await response.Content.ReadAsStringAsync(Ct);
            if (!text.Contains("token-role-too-low", StringComparison.Ordinal))
            {
                ((int)response.StatusCode).ShouldNotBe(403, call.Operation.Name);
                open.Add(call.Operation.Name);
            }
        }
        open.Sort(StringComparer.Ordinal);
        return open;
    }
}
