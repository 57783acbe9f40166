using Latchkey.Server.Applications;
using Latchkey.Server.Directory;
using Latchkey.Server.Insights;
using Latchkey.Server.Mail;
using Latchkey.Server.Mail.Templates;
using Latchkey.Server.SignIn.Passwords;
using Latchkey.Web.Texts;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Tests.Insights;

/// <summary>Every change is told with before and after, and no secret is told at all (J-121).</summary>
public abstract class ChangeEventTests(TestIdentityProvider host)
{
    private const string UserSecret = "a passphrase that no event tells";
    private const string MailSecret = "mail-secret-that-no-event-tells";

    // Each save is of another value, whoever saved before: what does not change is no event.
    private static int s_number;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Rule", "J-121")]
    public async Task Every_type_that_tells_of_a_change_says_what_it_was_and_what_it_is()
    {
        await ChangeAllAsync();
        await using var db = host.Open();
        var told = (await db.Events.AsNoTracking().ToListAsync(Ct))
            .Where(e => IsChange(e.Type))
            .GroupBy(e => e.Type)
            .ToDictionary(
                same => same.Key,
                same => same.SelectMany(e => EventDetails.Read(e.Details).Changes).ToList()
            );

        told.Keys.Order(StringComparer.Ordinal)
            .ShouldBe(EventNames.All.Where(IsChange).Order(StringComparer.Ordinal));
        told.Where(type =>
                !type.Value.Exists(c => c.From is not null && c.To is not null && c.From != c.To)
            )
            .Select(type => type.Key)
            .ShouldBeEmpty();
    }

    [Fact]
    [Trait("Rule", "J-121")]
    public async Task No_secret_is_in_any_event_and_that_there_was_one_is_masked()
    {
        await ChangeAllAsync();
        await using var db = host.Open();
        var all = await db.Events.Select(e => e.Details).ToListAsync(Ct);
        all.Where(details =>
                details.Contains(UserSecret, StringComparison.Ordinal)
                || details.Contains(MailSecret, StringComparison.Ordinal)
            )
            .ShouldBeEmpty();
        all.ShouldContain(details =>
            details.Contains(FieldChange.Masked, StringComparison.Ordinal)
        );
    }

    private static bool IsChange(string type) => type.EndsWith("_update", StringComparison.Ordinal);

    /// <summary>One change of each kind.</summary>
    private async Task ChangeAllAsync()
    {
        var user = (
            await host.AskAsync<UserService, Problems.Outcome<User>>(users =>
            {
                var name = $"change{Guid.NewGuid():N}";
                return users.CreateAsync(
                    new UserInput
                    {
                        Username = name,
                        Email = $"{name}@example.test",
                        Department = "Research",
                        Password = UserSecret,
                    },
                    Ct
                );
            })
        ).Value!;
        await host.AskAsync<UserService, object>(async users =>
            await users.UpdateAsync(
                user.Id,
                UserInput.From(user) with
                {
                    Department = "Sales",
                },
                null,
                Ct
            )
        );
        var group = await host.GroupAsync();
        await host.AskAsync<GroupService, object>(async groups =>
            await groups.UpdateAsync(
                group.Id,
                GroupInput.From(group) with
                {
                    Name = group.Name + " too",
                },
                null,
                Ct
            )
        );
        var input = host.Input();
        var application = await host.AddAsync(input);
        await host.AskAsync<ApplicationService, object>(async applications =>
            await applications.UpdateAsync(
                application.Id,
                input with
                {
                    Slug = application.Slug,
                    Label = input.Label + " too",
                },
                null,
                Ct
            )
        );
        var policy = (
            await host.AskAsync<PasswordPolicyService, Problems.Outcome<PasswordPolicy>>(policies =>
                policies.CreateAsync(new($"P {Guid.NewGuid():N}", new PasswordRules(), []), Ct)
            )
        ).Value!;
        await host.AskAsync<PasswordPolicyService, object>(async policies =>
            await policies.UpdateAsync(
                policy.Id,
                new(policy.Name + " too", policy.Rules, []),
                null,
                Ct
            )
        );
        await host.AskAsync<EventRetention, object>(async retention =>
            await retention.SaveAsync(100 + Interlocked.Increment(ref s_number), Ct)
        );
        await host.AskAsync<EventRecorder, object>(async recorder =>
            await host.Service<MailSettingsService>()
                .SaveAsync(
                    new MailSettingsInput
                    {
                        Host = "mail.example.test",
                        Port = "587",
                        Username = "latchkey",
                        Password = MailSecret,
                        From = $"id{Interlocked.Increment(ref s_number)}@example.test",
                    },
                    recorder,
                    Ct
                )
        );
        var words = (
            await host.Service<MailTemplateService>()
                .ReadAsync(MailTemplates.Welcome, LanguageTags.English, Ct)
        ).Words;
        await host.AskAsync<EventRecorder, object>(async recorder =>
            await host.Service<MailTemplateService>()
                .SaveAsync(
                    MailTemplates.Welcome,
                    LanguageTags.English,
                    words with
                    {
                        Subject = $"Hello {Guid.NewGuid():N}",
                    },
                    recorder,
                    Ct
                )
        );
    }
}

public sealed class ChangeEventsOnSqlite(SqliteIdentityProvider host)
    : ChangeEventTests(host),
        IClassFixture<SqliteIdentityProvider>;

public sealed class ChangeEventsOnPostgreSql(PostgreSqlIdentityProvider host)
    : ChangeEventTests(host),
        IClassFixture<PostgreSqlIdentityProvider>;
