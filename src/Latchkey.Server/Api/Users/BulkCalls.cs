using System.ComponentModel;
using Latchkey.Server.Api.Calls;
using Latchkey.Server.Api.Declaration;
using Latchkey.Server.Api.OpenApi;
using Latchkey.Server.Api.Tokens;
using Latchkey.Server.Directory;
using Latchkey.Server.Directory.Accounts;
using Latchkey.Server.Problems;
using Latchkey.Server.Storage;
using Latchkey.Web.Texts;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Api.Users;

/// <summary>One thing to be done to several users (J-62).</summary>
internal sealed record BulkBody
{
    [WordsOf(typeof(BulkActions), nameof(BulkActions.Names))]
    public required string Do { get; init; }

    [Description("User names or ids, 2,000 at the most.")]
    public required IReadOnlyList<string> Users { get; init; }

    [Description("When they are activated or suspended; left out for now.")]
    public DateTimeOffset? At { get; init; }

    [Description("Whether those who become active are told by mail.")]
    public bool? Mail { get; init; }

    [Description("Where the mails go instead of the users' own addresses.")]
    public string? MailTo { get; init; }

    [Description("The name or id of the group that they join or leave.")]
    public string? Group { get; init; }
}

/// <summary>For whom it was not done, and why.</summary>
internal sealed record BulkFailureBody(Guid Id, string Username, string Code, string Text);

/// <param name="Done">For how many it was done.</param>
internal sealed record BulkResultsBody(int Done, IReadOnlyList<BulkFailureBody> Failed);

/// <summary><c>/api/v1/bulk/users</c>: what the list of users does with those ticked in it.</summary>
internal sealed class BulkCalls(
    BulkActions actions,
    UserCalls users,
    Names names,
    IDbContextFactory<LatchkeyDbContext> databases,
    ITexts texts,
    Refusal refusal
)
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapCall(
            HttpMethod.Post,
            "/bulk/users",
            new("bulkUsers", ApiScopes.UsersWrite)
            {
                Body = typeof(BulkBody),
                Required = ["do", "users"],
                Example =
                    """{"do": "suspend", "users": ["ada", "grace"], "at": "2027-01-31T18:00:00Z"}""",
                Answer = typeof(BulkResultsBody),
                // Each user is changed by itself, and stays changed if the next one cannot be.
                Repeatable = false,
                Refusals = [415],
            },
            (HttpRequest request, BulkCalls calls, CancellationToken ct) =>
                calls.RunAsync(request, ct)
        );

    private async Task<ApiAnswer> RunAsync(HttpRequest request, CancellationToken ct)
    {
        var read = await CallBody.ReadAsync(request, "order", (section, _) => Read(section), ct);
        if (read.Value is not { } said)
        {
            return refusal.Of(read.Problems);
        }
        if (said.Users.Count > BulkActions.Most)
        {
            return refusal.Of([new Problem("bulk-too-many", "users", BulkActions.Most)]);
        }
        var problems = new List<Problem>();
        var ids = await names.UsersAsync(said.Users, "users", problems, ct) ?? [];
        var mail = said.Do == "mail" || said.Mail == true ? new ActivationMail(said.MailTo) : null;
        ActivationMails.Check(mail, problems);
        var group = said.Group is null
            ? null
            : await names.GroupsAsync([said.Group], "group", problems, ct);
        if (problems.Count > 0)
        {
            return refusal.Of(problems);
        }
        if (await AnyWithRoleAsync(ids, ct) && users.ForbidsAdministrators() is { } no)
        {
            return no;
        }
        var order = new BulkOrder(said.Do, said.At, mail, group?.Single());
        var results = await actions.RunAsync(order, [.. ids], ct);
        return ApiAnswer.Shown(
            new BulkResultsBody(
                results.Count(r => r.Problem is null),
                [
                    .. results
                        .Where(r => r.Problem is not null)
                        .Select(r => new BulkFailureBody(
                            r.Id,
                            r.Username,
                            r.Problem!.Code,
                            texts.Say(r.Problem)
                        )),
                ]
            )
        );
    }

    /// <summary>Asks only for what belongs to what is to be done, so that the rest is unknown instead of passed over.</summary>
    private static BulkBody Read(Section section)
    {
        var what = section.Required("do");
        if (what.Length > 0 && !BulkActions.Names.Contains(what))
        {
            var known = string.Join(", ", BulkActions.Names);
            section.Add("do", "declaration-not-word", "do", what, known);
        }
        if (section.Texts("users") is not { Count: > 0 } names)
        {
            section.Add("users", "declaration-key-missing", "order", "users");
            names = [];
        }
        var body = new BulkBody
        {
            Do = what,
            Users = names,
            At = what is "activate" or "suspend" ? section.Time("at") : null,
            Mail = what == "activate" ? section.Flag("mail") : null,
            MailTo = what is "activate" or "mail" ? Filled(section.Text("mail_to")) : null,
            Group = what is "join" or "leave" ? section.Required("group") : null,
        };
        section.End();
        return body;
    }

    private static string? Filled(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private async Task<bool> AnyWithRoleAsync(IReadOnlyCollection<Guid> ids, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        return await db.Users.AnyAsync(u => ids.Contains(u.Id) && u.Role != null, ct);
    }
}
