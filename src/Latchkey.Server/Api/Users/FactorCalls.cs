using System.ComponentModel;
using Latchkey.Server.Api.Calls;
using Latchkey.Server.Api.OpenApi;
using Latchkey.Server.Api.Tokens;
using Latchkey.Server.Directory;
using Latchkey.Server.Problems;
using Latchkey.Server.Roles;
using Latchkey.Server.SignIn.Factors;
using Latchkey.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Api.Users;

/// <summary>The second factors of a user, and what is asked of this user beside the rules for all (J-75, J-76).</summary>
internal sealed record FactorsBody
{
    /// <summary>How it stands with this user's second factor.</summary>
    [ReadOnly(true)]
    [WordsOf(typeof(EnrolmentStatuses), nameof(EnrolmentStatuses.Words))]
    public required string Status { get; init; }

    [ReadOnly(true)]
    public required bool Authenticator { get; init; }

    [ReadOnly(true)]
    public required int Passkeys { get; init; }

    [ReadOnly(true)]
    public required int RecoveryCodes { get; init; }

    /// <summary>Whether one is asked of this user whatever the rules say.</summary>
    public required bool Required { get; init; }

    /// <summary>Until when none is asked; null for not at all.</summary>
    public required DateTimeOffset? ExcludedUntil { get; init; }
}

/// <summary>Below <c>/api/v1/users/{user}/factors</c>.</summary>
internal sealed class FactorCalls(
    UserCalls users,
    FactorSetup setup,
    LatchkeyDbContext database,
    TimeProvider time,
    Refusal refusal
)
{
    private const string Path = "/users/{user}/factors";

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapCall(
            HttpMethod.Get,
            Path,
            new("showFactors", ApiScopes.UsersRead)
            {
                Answer = typeof(FactorsBody),
                Role = Capability.ReadUsers,
                Refusals = [404],
            },
            (string user, FactorCalls calls, CancellationToken ct) => calls.ShowAsync(user, ct)
        );
        api.MapCall(
            HttpMethod.Patch,
            Path,
            new("updateFactors", ApiScopes.UsersWrite)
            {
                Body = typeof(FactorsBody),
                Example = """{"required": true, "excluded_until": "2027-01-31T18:00:00Z"}""",
                Answer = typeof(FactorsBody),
                Refusals = [404, 415],
            },
            (string user, HttpRequest request, FactorCalls calls, CancellationToken ct) =>
                calls.UpdateAsync(user, request, ct)
        );
    }

    private async Task<ApiAnswer> ShowAsync(string name, CancellationToken ct) =>
        await users.FindAsync(name, ct) is { } user
            ? ApiAnswer.Shown(await BodyAsync(user, ct))
            : refusal.Unknown(UserCalls.Unknown, name);

    private async Task<ApiAnswer> UpdateAsync(
        string name,
        HttpRequest request,
        CancellationToken ct
    )
    {
        if (await users.FindAsync(name, ct) is not { } user)
        {
            return refusal.Unknown(UserCalls.Unknown, name);
        }
        if (user.Role is not null && users.ForbidsAdministrators() is { } no)
        {
            return no;
        }
        var now = await BodyAsync(user, ct);
        var read = await CallBody.ReadAsync(
            request,
            "factors",
            (section, _) =>
            {
                var body = now with
                {
                    Required = section.Flag("required") ?? now.Required,
                    ExcludedUntil = section.Text("excluded_until") is ""
                        ? null
                        : section.Time("excluded_until") ?? now.ExcludedUntil,
                };
                section.Skip("status", "authenticator", "passkeys", "recovery_codes");
                section.End();
                return body;
            },
            ct
        );
        if (read.Value is not { } said)
        {
            return refusal.Of(read.Problems);
        }
        var problem = await setup.SetStandingAsync(user, said.Required, said.ExcludedUntil, ct);
        return problem is null ? ApiAnswer.Shown(await BodyAsync(user, ct)) : refusal.Of([problem]);
    }

    private async Task<FactorsBody> BodyAsync(User user, CancellationToken ct)
    {
        var has = await UserFactors.ReadAsync(database, user.Id, ct);
        var enrolment = await EnrolmentStatuses.OfAsync(database, user, time.GetUtcNow(), ct);
        var standing = await database
            .FactorStandings.AsNoTracking()
            .SingleOrDefaultAsync(s => s.UserId == user.Id, ct);
        return new()
        {
            Status = EnrolmentStatuses.Word(enrolment.Status),
            Authenticator = has.Authenticator,
            Passkeys = has.Passkeys,
            RecoveryCodes = has.RecoveryCodes,
            Required = standing?.Required == true,
            ExcludedUntil = standing?.ExcludedUntil,
        };
    }
}
