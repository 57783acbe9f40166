using Latchkey.Server.Applications;
using Latchkey.Server.Applications.Mapping;
using Latchkey.Server.Directory.Attributes;
using Latchkey.Server.SignIn;
using Latchkey.Server.SingleSignOn;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Tests.SingleSignOn;

/// <summary>What several applications are told of a user, read at once.</summary>
public abstract class FactsOfManyTests(TestIdentityProvider server)
{
    private const ExpressionNeeds Everything =
        ExpressionNeeds.Manager
        | ExpressionNeeds.AllGroups
        | ExpressionNeeds.Pseudonym
        | ExpressionNeeds.GroupAttributes
        | ExpressionNeeds.AccessAttributes;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_application_is_told_what_it_is_told_alone()
    {
        var manager = await server.AddUserAsync();
        var user = await server.AddUserAsync(u => u.ManagerId = manager.Id);
        await server.GroupAsync(null, user);
        var wanted = new List<WantedFacts>();
        for (var i = 0; i < 3; i++)
        {
            var application = await server.AddApplicationAsync(new(server.Clock), null, user);
            wanted.Add(new(application, Everything, [await AccessAsync(application, $"{i}")]));
        }
        await server
            .Service<NameIds>()
            .PseudonymAsync(user.Id, wanted[1].Application.SpEntityId, Ct);

        var together = await ReadAsync(people => people.ReadAllAsync(user, wanted, Ct));

        for (var i = 0; i < wanted.Count; i++)
        {
            var alone = await ReadAsync(people =>
                people
                    .ReadAsync(
                        wanted[i].Application,
                        Everything,
                        user,
                        wanted[i].Groups,
                        [AuthnMethods.Password],
                        forReal: false,
                        Ct
                    )
                    .AsTask()
            );
            Text(together[i]).ShouldBe(Text(alone));
        }
        together[1].Pseudonym.ShouldNotBeNull();
    }

    private Task<T> ReadAsync<T>(Func<UserFactsReader, Task<T>> read) => server.AskAsync(read);

    /// <summary>The name of the group that gives access, which gets an attribute of its own.</summary>
    private async Task<string> AccessAsync(Application application, string value)
    {
        await using var db = server.Open();
        var access = await db.ApplicationGroups.SingleAsync(
            g => g.ApplicationId == application.Id,
            Ct
        );
        var group = await db.Groups.SingleAsync(g => g.Id == access.GroupId, Ct);
        group.Attributes =
        [
            new GroupAttribute("floor", AttributeType.String, value, server.Clock.GetUtcNow()),
        ];
        await db.SaveChangesAsync(Ct);
        return group.Name;
    }

    private static string Text(UserFacts facts) =>
        string.Join(
            '\n',
            [
                facts.ManagerEmail,
                facts.Pseudonym,
                string.Join(' ', facts.Groups),
                string.Join(' ', facts.AllGroups.Order(StringComparer.Ordinal)),
                string.Join(' ', facts.OfGroups("floor", null)),
                string.Join(' ', facts.Methods),
            ]
        );
}

public sealed class FactsOfManyOnSqlite(SqliteIdentityProvider server)
    : FactsOfManyTests(server),
        IClassFixture<SqliteIdentityProvider>;

public sealed class FactsOfManyOnPostgreSql(PostgreSqlIdentityProvider server)
    : FactsOfManyTests(server),
        IClassFixture<PostgreSqlIdentityProvider>;
