using Latchkey.Server.Api.Tokens;
using Latchkey.Server.Applications;
using Latchkey.Server.Directory;
using Latchkey.Server.Directory.Accounts;
using Latchkey.Server.Insights;
using Latchkey.Server.Problems;
using Latchkey.Server.Roles;
using Latchkey.Server.SignIn.Factors;
using Latchkey.Server.SignIn.Passwords;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Tests.Insights;

/// <summary>What is gone is told as it was, and no secret with it (J-121).</summary>
public abstract class DeletionEventTests(TestIdentityProvider host)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Rule", "J-121")]
    public async Task A_user_that_is_deleted_is_told_as_it_was()
    {
        var user = await host.AddUserAsync(u => u.Department = "Research");
        var group = await host.GroupAsync();
        await using (var db = host.Open())
        {
            db.GroupMembers.Add(
                new()
                {
                    GroupId = group.Id,
                    UserId = user.Id,
                    AddedAt = host.Clock.GetUtcNow(),
                }
            );
            await db.SaveChangesAsync(Ct);
        }
        await host.AskAsync<UserService, object>(async users =>
            await users.DeleteAsync(user.Id, Ct)
        );
        var changes = await ChangesAsync(EventTypes.UserDelete, user.Id);
        changes.ShouldContain(new FieldChange("department", "Research", null));
        changes.ShouldContain(new FieldChange("groups", group.Name, null));
        changes.ShouldContain(new FieldChange("password", FieldChange.Masked, null));
    }

    [Fact]
    [Trait("Rule", "J-121")]
    public async Task A_group_that_is_deleted_is_told_as_it_was()
    {
        var group = await host.GroupAsync();
        await host.AskAsync<GroupService, object>(async groups =>
            await groups.DeleteAsync(group.Id, Ct)
        );
        (await ChangesAsync(EventTypes.GroupDelete, group.Id)).ShouldContain(
            new FieldChange("name", group.Name, null)
        );
    }

    [Fact]
    [Trait("Rule", "J-121")]
    public async Task An_application_that_is_deleted_is_told_as_it_was_without_its_key()
    {
        var application = await host.AddAsync(host.Input() with { Active = true });
        await host.AskAsync<ApplicationService, object>(async applications =>
            await applications.DeleteAsync(application.Id, Ct)
        );
        var changes = await ChangesAsync(EventTypes.ApplicationDelete, application.Id);
        changes.ShouldContain(new FieldChange("sp_entity_id", application.SpEntityId, null));
        changes.ShouldContain(new FieldChange("private_keys", FieldChange.Masked, null));
    }

    [Fact]
    [Trait("Rule", "J-121")]
    public async Task A_password_policy_that_is_deleted_is_told_as_it_was()
    {
        var policy = (
            await host.AskAsync<PasswordPolicyService, Outcome<PasswordPolicy>>(policies =>
                policies.CreateAsync(
                    new($"P {Guid.NewGuid():N}", new PasswordRules { MinLength = 17 }, []),
                    Ct
                )
            )
        ).Value!;
        await host.AskAsync<PasswordPolicyService, object>(async policies =>
            await policies.DeleteAsync(policy.Id, Ct)
        );
        var changes = await ChangesAsync(EventTypes.PasswordPolicyDelete, policy.Id);
        changes.ShouldContain(new FieldChange("name", policy.Name, null));
        changes.ShouldContain(change => change.From == "17");
    }

    [Fact]
    [Trait("Rule", "J-121")]
    public async Task Factors_that_are_taken_away_are_told_by_kind_and_name()
    {
        var user = await host.AddUserAsync();
        await using (var db = host.Open())
        {
            db.Authenticators.Add(
                new()
                {
                    UserId = user.Id,
                    ProtectedSecret = [1],
                    CreatedAt = host.Clock.GetUtcNow(),
                    ConfirmedAt = host.Clock.GetUtcNow(),
                }
            );
            await db.SaveChangesAsync(Ct);
        }
        await host.AskAsync<FactorSetup, object>(async factors =>
            await factors.RenewRecoveryCodesAsync(user, Ct)
        );
        await host.AskAsync<FactorSetup, Problem?>(factors => factors.ResetAsync(user, Ct));
        (await ChangesAsync(EventTypes.UserFactorsReset, user.Id)).ShouldBe([
            new FieldChange("authenticator", FieldChange.Masked, null),
            new FieldChange("recovery_codes", "10", null),
        ]);
    }

    [Fact]
    public async Task A_schedule_that_is_moved_is_told_with_the_time_before()
    {
        var user = await host.AddUserAsync();
        var (first, second) = (
            host.Clock.GetUtcNow().AddDays(1),
            host.Clock.GetUtcNow().AddDays(2)
        );
        await ScheduleAsync(first);
        await ScheduleAsync(second);
        (await ChangesAsync(EventTypes.UserSuspensionScheduled, user.Id)).ShouldBe([
            new FieldChange("at", first.ToString("u"), second.ToString("u")),
        ]);

        Task ScheduleAsync(DateTimeOffset at) =>
            host.AskAsync<UserStates, object>(async states =>
                await states.ScheduleAsync(user.Id, UserState.Suspended, at, null, Ct)
            );
    }

    [Fact]
    [Trait("Rule", "J-121")]
    public async Task An_imported_hash_is_in_no_event()
    {
        var hash = BCrypt.Net.BCrypt.HashPassword(
            TestIdentityProvider.Password,
            BCrypt.Net.BCrypt.GenerateSalt(4, 'b')
        );
        var name = $"hashed{Guid.NewGuid():N}";
        var made = await host.AskAsync<UserService, Outcome<User>>(users =>
            users.CreateAsync(
                new UserInput
                {
                    Username = name,
                    Email = $"{name}@example.test",
                    PasswordHash = hash,
                },
                Ct
            )
        );
        made.Problems.ShouldBeEmpty();
        await host.AskAsync<UserService, object>(async users =>
            await users.DeleteAsync(made.Value!.Id, Ct)
        );
        (await ChangesAsync(EventTypes.UserCreate, made.Value!.Id)).ShouldContain(
            new FieldChange("password", null, FieldChange.Masked)
        );
        (await SaidAnywhereAsync(hash)).ShouldBeFalse();
    }

    [Fact]
    [Trait("Rule", "J-121")]
    public async Task The_secret_of_an_api_token_is_in_no_event()
    {
        var owner = await host.AddUserAsync(u => u.Role = Role.Administrator);
        var made = await host.AskAsync<ApiTokenService, Outcome<NewApiToken>>(tokens =>
            tokens.CreateAsync("nightly", owner.Id, Ct)
        );
        (await SaidAnywhereAsync(made.Value!.Secret)).ShouldBeFalse();
        await using var db = host.Open();
        (await db.Events.AnyAsync(e => e.TargetId == made.Value!.Token.Id, Ct)).ShouldBeTrue();
    }

    [Fact]
    [Trait("Rule", "J-121")]
    public async Task The_secret_of_an_authenticator_app_is_in_no_event()
    {
        var user = await host.AddUserAsync();
        var offer = await host.AskAsync<FactorSetup, AuthenticatorOffer?>(factors =>
            factors.OfferAsync(user, Guid.CreateVersion7(), Ct)
        );
        var secret = offer!.Text.Replace(" ", "", StringComparison.Ordinal);
        (await SaidAnywhereAsync(secret)).ShouldBeFalse();
        (await SaidAnywhereAsync(offer.Text)).ShouldBeFalse();
        (await host.EventsAboutAsync(user)).ShouldContain(e =>
            e.Type == EventTypes.TotpStartEnrollment
        );
    }

    [Fact]
    [Trait("Rule", "J-121")]
    public async Task A_link_that_is_mailed_is_in_no_event()
    {
        var user = await host.AddUserAsync();
        string address;
        await using (var db = host.Open())
        {
            var link = await host.AskAsync<AccountLinks, NewAccountLink>(links =>
                links.CreateAsync(db, user, AccountLinkKind.PasswordReset, Ct)
            );
            address = link.Address;
            await db.SaveChangesAsync(Ct);
        }
        (await SaidAnywhereAsync(address.Split('=')[^1])).ShouldBeFalse();
    }

    private async Task<IReadOnlyList<FieldChange>> ChangesAsync(string type, Guid target)
    {
        await using var db = host.Open();
        var told = await db
            .Events.Where(e => e.Type == type && e.TargetId == target)
            .OrderByDescending(e => e.Id)
            .FirstAsync(Ct);
        return EventDetails.Read(told.Details).Changes;
    }

    private async Task<bool> SaidAnywhereAsync(string secret)
    {
        await using var db = host.Open();
        return await db.Events.AnyAsync(e => e.Details.Contains(secret), Ct);
    }

    public sealed class OnSqlite(SqliteIdentityProvider host)
        : DeletionEventTests(host),
            IClassFixture<SqliteIdentityProvider>;

    public sealed class OnPostgreSql(PostgreSqlIdentityProvider host)
        : DeletionEventTests(host),
            IClassFixture<PostgreSqlIdentityProvider>;
}
