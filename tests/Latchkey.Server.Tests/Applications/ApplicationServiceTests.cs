using System.Text.Json;
using Latchkey.Server.Applications;
using Latchkey.Server.Certificates;
using Latchkey.Server.Directory;
using Latchkey.Server.Insights;
using Latchkey.Server.Problems;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Tests.Applications;

public abstract class ApplicationServiceTests(TestIdentityProvider host)
{
    [Fact]
    public async Task J_08_An_application_gets_an_address_and_an_entity_ID_of_its_own()
    {
        var made = await host.AddAsync(host.Input() with { Label = "Zürich Wiki (new)" });

        made.Slug.ShouldBe("zurich-wiki-new");
        made.IdpEntityId.ShouldBe("https://id.example.test/saml2/zurich-wiki-new");
    }

    [Fact]
    public async Task A_second_application_of_the_same_name_gets_another_address()
    {
        await host.AddAsync(host.Input() with { Label = "Twins" });

        var second = await host.AddAsync(host.Input() with { Label = "Twins" });

        second.Slug.ShouldBe("twins-2");
    }

    [Fact]
    public async Task K_03_Two_applications_may_share_the_entity_ID_of_the_service_provider()
    {
        var first = await host.AddAsync();

        var second = await host.AddAsync(host.Input() with { SpEntityId = first.SpEntityId });

        second.SpEntityId.ShouldBe(first.SpEntityId);
    }

    [Fact]
    [Trait("Rule", "J-08")]
    [Trait("Rule", "S2-10")]
    public async Task J_08_An_IdP_entity_ID_in_use_is_refused()
    {
        var first = await host.AddAsync();

        var second = await host.AskAsync(s =>
            s.CreateAsync(host.Input() with { IdpEntityId = first.IdpEntityId })
        );

        second.Problems.Single().Code.ShouldBe("idp-entity-id-taken");
    }

    [Fact]
    public async Task What_is_refused_leaves_nothing_behind()
    {
        var input = host.Input() with
        {
            Label = "Half",
            Active = true,
            GroupIds = [Guid.NewGuid()],
        };

        var outcome = await host.AskAsync(s => s.CreateAsync(input));

        outcome.Problems.Single().Code.ShouldBe("application-group-missing");
        (await host.AskAsync(s => s.FindBySlugAsync("half"))).ShouldBeNull();
    }

    [Fact]
    public async Task J_27_An_update_changes_what_it_says_and_nothing_else()
    {
        var made = await host.AddAsync(
            host.Input() with
            {
                DefaultRelayState = "/start",
                Attributes = [new("mail", AttributeKind.User, "email")],
            }
        );

        await host.AskAsync(s =>
            s.UpdateAsync(made.Id, new ApplicationInput { Label = "Renamed" }, made.Version)
        );

        var now = (await host.AskAsync(s => s.FindAsync(made.Id)))!;
        now.Label.ShouldBe("Renamed");
        now.DefaultRelayState.ShouldBe("/start");
        now.Attributes.ShouldBe(made.Attributes);
        now.AcsEndpoints.ShouldBe(made.AcsEndpoints);
    }

    [Fact]
    public async Task An_update_of_an_older_version_is_refused()
    {
        var made = await host.AddAsync();
        await host.AskAsync(s =>
            s.UpdateAsync(made.Id, new ApplicationInput { Label = "First" }, made.Version)
        );

        var late = await host.AskAsync(s =>
            s.UpdateAsync(made.Id, new ApplicationInput { Label = "Late" }, made.Version)
        );

        late.Problems.Single().ShouldBe(new Problem("application-changed", "version"));
    }

    [Fact]
    public async Task An_update_that_changes_nothing_writes_nothing()
    {
        var made = await host.AddAsync();

        var same = await host.AskAsync(s =>
            s.UpdateAsync(made.Id, new ApplicationInput { Label = made.Label }, made.Version)
        );

        same.Value!.Version.ShouldBe(made.Version);
        (await host.EventsOfAsync(made.Id)).Count.ShouldBe(1);
    }

    [Fact]
    [Trait("Rule", "J-04")]
    public async Task J_04_The_address_cannot_be_changed()
    {
        var made = await host.AddAsync();

        var moved = await host.AskAsync(s =>
            s.UpdateAsync(made.Id, new ApplicationInput { Slug = "elsewhere" }, null)
        );

        moved.Problems.Single().Code.ShouldBe("slug-fixed");
    }

    [Fact]
    [Trait("Rule", "J-20")]
    [Trait("Rule", "J-37")]
    [Trait("Rule", "S0-13")]
    public async Task J_20_Activation_makes_one_signing_certificate_and_keeps_it()
    {
        var made = await host.AddAsync();

        await host.AskAsync(s => s.ActivateAsync(made.Id));
        await host.AskAsync(s => s.DeactivateAsync(made.Id));
        await host.AskAsync(s => s.ActivateAsync(made.Id));

        await using var db = host.Open();
        (await db.ApplicationCertificates.CountAsync(c => c.ApplicationId == made.Id)).ShouldBe(1);
    }

    [Fact]
    [Trait("Rule", "J-37")]
    [Trait("Rule", "S0-13")]
    public async Task The_key_that_activation_makes_can_sign_as_the_application_is_set()
    {
        var rsa = await host.AddAsync(host.Input() with { Active = true });
        var curve = await host.AddAsync(
            host.Input() with
            {
                Active = true,
                SignatureAlgorithm = Saml.Keys.SignatureAlgorithm.EcdsaSha256,
            }
        );

        await using var db = host.Open();
        var made = db
            .ApplicationCertificates.Where(c =>
                c.ApplicationId == rsa.Id || c.ApplicationId == curve.Id
            )
            .ToDictionary(c => c.ApplicationId, Latchkey.Server.Certificates.CertificateFacts.Of);
        made[rsa.Id].ShouldBe(new("rsa", 2048, BySha1: false));
        made[curve.Id].ShouldBe(new("ecdsa", 256, BySha1: false));
    }

    [Fact]
    [Trait("Rule", "J-118")]
    public async Task Everything_that_is_done_leaves_an_event_with_its_changes()
    {
        var (first, second) = (await host.GroupAsync(), await host.GroupAsync());
        var made = await host.AddAsync(host.Input() with { GroupIds = [first.Id], Active = true });

        await host.AskAsync(s => s.SetGroupsAsync(made.Id, [second.Id]));
        await host.AskAsync(s =>
            s.UpdateAsync(made.Id, new ApplicationInput { Description = "New" }, null)
        );
        await host.AskAsync(s => s.DeleteAsync(made.Id));

        var events = await host.EventsOfAsync(made.Id);
        events
            .Select(e => e.Type)
            .ShouldBe([
                EventTypes.ApplicationCreate,
                EventTypes.AssociationChange,
                EventTypes.CertificateCreate,
                EventTypes.AssociationChange,
                EventTypes.AssociationChange,
                EventTypes.ApplicationUpdate,
                EventTypes.ApplicationDelete,
            ]);
        var change = JsonDocument.Parse(events[5].Details).RootElement.GetProperty("changes")[0];
        change.GetProperty("field").GetString().ShouldBe("description");
        change.GetProperty("to").GetString().ShouldBe("New");
    }

    [Fact]
    public async Task I6_No_event_holds_a_private_key()
    {
        var made = await host.AddAsync(host.Input() with { Active = true });

        var key = (await host.Queries.ActiveCertificateAsync(made.Id))!.ProtectedPrivateKey;
        var events = await host.EventsOfAsync(made.Id);

        events.ShouldAllBe(e => !e.Details.Contains(Convert.ToBase64String(key)));
    }

    [Fact]
    public async Task Deleting_takes_certificate_and_groups_along()
    {
        var group = await host.GroupAsync();
        var made = await host.AddAsync(host.Input() with { GroupIds = [group.Id], Active = true });

        await host.AskAsync(s => s.DeleteAsync(made.Id));

        await using var db = host.Open();
        (
            await db.ApplicationCertificates.AnyAsync(c => c.ApplicationId == made.Id)
        ).ShouldBeFalse();
        (await db.ApplicationGroups.AnyAsync(g => g.ApplicationId == made.Id)).ShouldBeFalse();
    }

    [Fact]
    public async Task S0_20_The_list_finds_what_is_active_without_a_group()
    {
        var made = await host.AddAsync(host.Input() with { Label = "Lonely", Active = true });

        var page = await host.Queries.ListAsync("LONE", "nobody", 1, 10);

        page.Rows.Single().Id.ShouldBe(made.Id);
        page.Rows[0].OpenToNobody.ShouldBeTrue();
    }

    [Fact]
    public async Task Access_counts_each_activated_user_once()
    {
        var (ada, alan) = (await host.UserAsync(), await host.UserAsync());
        var gone = await host.UserAsync(state: UserState.Suspended);
        var (first, second) = (
            await host.GroupAsync(null, ada, alan, gone),
            await host.GroupAsync(null, ada)
        );

        (await host.Access.LetInAsync([first.Id, second.Id], [])).ShouldBe(2);
    }

    [Fact]
    public async Task A_person_is_checked_with_the_groups_that_let_them_in()
    {
        var user = await host.UserAsync("checked-" + Guid.NewGuid().ToString("N")[..8]);
        var group = await host.GroupAsync("Door " + user.Username, user);
        var made = await host.AddAsync(host.Input() with { GroupIds = [group.Id] });

        var answer = (await host.Access.CheckAsync(made.Id, user.Username)).Single();

        answer.Through.ShouldBe([group.Name]);
    }

    [Fact]
    public async Task I6_The_private_key_is_stored_only_protected()
    {
        var made = await host.AddAsync(host.Input() with { Active = true });

        var row = (await host.Queries.ActiveCertificateAsync(made.Id))!;
        using var key = host.Certificates.OpenSigningKey(row);

        Should.Throw<NotSupportedException>(() => key.ExportPkcs8());
        Should.Throw<System.Security.Cryptography.CryptographicException>(() =>
            Saml.Keys.SigningKey.Import(row.ProtectedPrivateKey, row.Certificate)
        );
        key.Certificate.RawData.ShouldBe(row.Certificate);
        row.NotAfter.ShouldBe(row.NotBefore.AddYears(3));
    }

    [Fact]
    public async Task I6_A_private_key_cannot_be_opened_for_another_application()
    {
        var made = await host.AddAsync(host.Input() with { Active = true });
        var row = (await host.Queries.ActiveCertificateAsync(made.Id))!;
        var moved = new ApplicationCertificate
        {
            ApplicationId = Guid.CreateVersion7(),
            Certificate = row.Certificate,
            ProtectedPrivateKey = row.ProtectedPrivateKey,
            NotBefore = row.NotBefore,
            NotAfter = row.NotAfter,
            CreatedAt = row.CreatedAt,
        };

        Should.Throw<System.Security.Cryptography.CryptographicException>(() =>
            host.Certificates.OpenSigningKey(moved)
        );
    }
}

public sealed class ApplicationServiceOnSqlite(SqliteIdentityProvider host)
    : ApplicationServiceTests(host),
        IClassFixture<SqliteIdentityProvider>;

public sealed class ApplicationServiceOnPostgreSql(PostgreSqlIdentityProvider host)
    : ApplicationServiceTests(host),
        IClassFixture<PostgreSqlIdentityProvider>;
