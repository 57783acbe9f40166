using Latchkey.Server.Directory;
using Latchkey.Server.Directory.Accounts;
using Latchkey.Server.Directory.Attributes;
using Latchkey.Server.Insights;
using Latchkey.Server.Mail;
using Latchkey.Server.Portal.Settings;
using Latchkey.Server.SignIn.Factors;
using Latchkey.Server.SignIn.Sessions;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Tests.Insights;

/// <summary>Each setting of the organisation tells what it was and what it is, and not another one for it (J-121).</summary>
public abstract class SettingEventTests(TestIdentityProvider host)
{
    // Each save is of another value, whoever saved before: what does not change is no event.
    private static int s_number;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [Trait("Rule", "J-121")]
    [InlineData("event_retention_days")]
    [InlineData("from")]
    [InlineData("portal.help_name")]
    [InlineData("sessions.idle_minutes")]
    [InlineData("second_factor.enrolment_days")]
    [InlineData("starting_state_apply")]
    [InlineData("description")]
    public async Task A_setting_tells_what_it_was_and_what_it_is(string field)
    {
        await SaveAsync(field, Interlocked.Increment(ref s_number));
        await SaveAsync(field, Interlocked.Increment(ref s_number));
        await using var db = host.Open();
        var told = await db
            .Events.Where(e => e.Type == EventTypes.OrganizationUpdate)
            .OrderByDescending(e => e.Id)
            .FirstAsync(Ct);
        var change = EventDetails.Read(told.Details).Changes.ShouldHaveSingleItem();
        change.Field.ShouldBe(field);
        change.From.ShouldNotBeNull();
        change.From.ShouldNotBe(change.To);
    }

    private Task<object> SaveAsync(string field, int number) =>
        field switch
        {
            "event_retention_days" => host.AskAsync<EventRetention, object>(async settings =>
                await settings.SaveAsync(100 + number, Ct)
            ),
            "from" => host.AskAsync<EventRecorder, object>(async recorder =>
                await host.Service<MailSettingsService>()
                    .SaveAsync(
                        new MailSettingsInput
                        {
                            Host = "mail.example.test",
                            Port = "587",
                            From = $"id{number}@example.test",
                        },
                        recorder,
                        Ct
                    )
            ),
            "portal.help_name" => host.AskAsync<PortalSettingsService, object>(async settings =>
                await settings.SaveAsync(new PortalSettings { HelpName = $"Help {number}" }, Ct)
            ),
            "sessions.idle_minutes" => host.AskAsync<SessionSettingsService, object>(
                async settings =>
                    await settings.SaveAsync(
                        SessionSettings.Default with
                        {
                            IdleMinutes = 100 + number,
                        },
                        Ct
                    )
            ),
            "second_factor.enrolment_days" => host.AskAsync<FactorRulesService, object>(
                async settings =>
                    await settings.SaveAsync(
                        FactorRules.Default with
                        {
                            EnrolmentDays = 10 + number,
                        },
                        Ct
                    )
            ),
            "starting_state_apply" => host.AskAsync<StartingStates, object>(async settings =>
            {
                var state = number % 2 == 0 ? UserState.Staged : UserState.Activated;
                await settings.SaveAsync(CreationWay.Apply, state, Ct);
                return state;
            }),
            _ => host.AskAsync<AttributeDefinitions, object>(async settings =>
                await settings.SaveAsync(
                    new("badge", "Badge", $"No. {number}", AttributeType.String),
                    isNew: false,
                    Ct
                )
            ),
        };

    public sealed class OnSqlite(SqliteIdentityProvider host)
        : SettingEventTests(host),
            IClassFixture<SqliteIdentityProvider>;

    public sealed class OnPostgreSql(PostgreSqlIdentityProvider host)
        : SettingEventTests(host),
            IClassFixture<PostgreSqlIdentityProvider>;
}
