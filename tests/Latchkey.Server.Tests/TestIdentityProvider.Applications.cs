using Latchkey.Saml.Metadata;
using Latchkey.Server.Applications;
using Latchkey.Server.Certificates;
using Latchkey.Server.Directory;
using Latchkey.Server.Insights;
using Latchkey.Server.SignIn;
using Latchkey.Server.Tests.Applications;
using Latchkey.Server.Tests.SingleSignOn;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.EntityFrameworkCore;
using Role = Latchkey.Server.Roles.Role;

namespace Latchkey.Server.Tests;

/// <summary>What tests of applications put into it, and who looks at them.</summary>
public abstract partial class TestIdentityProvider
{
    internal ApplicationQueries Queries => Service<ApplicationQueries>();

    internal AccessQueries Access => Service<AccessQueries>();

    internal CertificateService Certificates => Service<CertificateService>();

    /// <summary>Asks the service in a scope of its own, as a request does.</summary>
    internal Task<TResult> AskAsync<TResult>(Func<ApplicationService, Task<TResult>> ask) =>
        AskAsync<ApplicationService, TResult>(ask);

    /// <summary>Enough for an application of its own.</summary>
    internal ApplicationInput Input()
    {
        var number = Interlocked.Increment(ref _count);
        return new ApplicationInput
        {
            Label = $"Application {number}",
            SpEntityId = $"urn:example:sp:{number}",
            AcsEndpoints = ApplicationInput.AcsFrom([$"https://sp{number}.example.test/acs"]),
        };
    }

    internal async Task<Application> AddAsync(ApplicationInput? input = null)
    {
        var outcome = await AskAsync(service => service.CreateAsync(input ?? Input()));
        outcome.Problems.ShouldBeEmpty();
        return outcome.Value!;
    }

    internal async Task<Group> GroupAsync(string? name = null, params User[] members)
    {
        name ??= $"Group {Interlocked.Increment(ref _count)}";
        await using var db = Open();
        var group = new Group
        {
            Name = name,
            NormalizedName = name.ToUpperInvariant(),
            CreatedAt = Clock.GetUtcNow(),
            UpdatedAt = Clock.GetUtcNow(),
        };
        db.Groups.Add(group);
        foreach (var member in members)
        {
            db.GroupMembers.Add(
                new GroupMember
                {
                    GroupId = group.Id,
                    UserId = member.Id,
                    AddedAt = Clock.GetUtcNow(),
                }
            );
        }
        await db.SaveChangesAsync();
        return group;
    }

    /// <summary>A user without password or name.</summary>
    internal Task<User> UserAsync(
        string? name = null,
        UserState state = UserState.Activated,
        bool administrator = false
    ) =>
        AddUserAsync(user =>
        {
            (user.FirstName, user.LastName, user.PasswordHash) = (null, null, null);
            (user.State, user.Role) = (state, administrator ? Role.Owner : null);
            if (name is not null)
            {
                (user.Username, user.NormalizedUsername) = (name, name.ToUpperInvariant());
                user.Email = $"{name}@example.test";
            }
        });

    /// <summary>An application for that service provider, granted to a group of its own that holds these users.</summary>
    internal async Task<Application> AddApplicationAsync(
        TestServiceProvider serviceProvider,
        Action<Application>? adjust = null,
        params User[] users
    )
    {
        var number = Interlocked.Increment(ref _count);
        var now = Clock.GetUtcNow();
        var application = new Application
        {
            Slug = serviceProvider.Slug,
            Label = $"Wiki {number}",
            IdpEntityId = serviceProvider.IdpEntityId,
            SpEntityId = serviceProvider.EntityId,
            AcsEndpoints =
            [
                new IndexedEndpoint(
                    Saml.Protocol.SamlBindings.Post,
                    serviceProvider.Consumer,
                    0,
                    true
                ),
            ],
            Active = true,
            CreatedAt = now,
            UpdatedAt = now,
        };
        adjust?.Invoke(application);
        var certificate = Service<CertificateService>().Create(application);
        certificate.SignsFrom = now;
        var group = new Group
        {
            Name = $"Group {number}",
            NormalizedName = $"GROUP {number}",
            CreatedAt = now,
            UpdatedAt = now,
        };
        await using var database = Open();
        database.Applications.Add(application);
        database.Groups.Add(group);
        await database.SaveChangesAsync();
        database.ApplicationCertificates.Add(certificate);
        database.ApplicationGroups.Add(
            new()
            {
                ApplicationId = application.Id,
                GroupId = group.Id,
                AddedAt = now,
            }
        );
        foreach (var user in users)
        {
            database.GroupMembers.Add(
                new()
                {
                    GroupId = group.Id,
                    UserId = user.Id,
                    AddedAt = now,
                }
            );
        }
        await database.SaveChangesAsync();
        serviceProvider.IdpCertificate = certificate.Certificate;
        return application;
    }

    internal async Task ChangeAsync(Application application, Action<Application> change)
    {
        await using var database = Open();
        change(await database.Applications.SingleAsync(a => a.Id == application.Id));
        await database.SaveChangesAsync();
    }

    /// <summary>Grants an application to one user alone.</summary>
    internal async Task LetInAsync(Application application, User user)
    {
        await using var database = Open();
        database.ApplicationUsers.Add(
            new()
            {
                ApplicationId = application.Id,
                UserId = user.Id,
                AddedAt = Clock.GetUtcNow(),
            }
        );
        await database.SaveChangesAsync();
    }

    internal async Task<IReadOnlyList<Event>> EventsOfAsync(Guid applicationId)
    {
        await using var db = Open();
        return await db
            .Events.Where(e => e.ApplicationId == applicationId)
            .OrderBy(e => e.Id)
            .ToListAsync();
    }

    /// <summary>A browser in which an owner is signed in.</summary>
    internal async Task<AdminBrowser> BrowserAsync() =>
        await BrowserAsync(await UserAsync(administrator: true));

    /// <summary>A browser in which that user is signed in.</summary>
    internal async Task<AdminBrowser> BrowserAsync(User user, string? languages = null)
    {
        var session = await Service<SessionService>()
            .StartAsync(
                user,
                AuthnMethods.Password,
                null,
                null,
                TestContext.Current.CancellationToken
            );
        var cookie = $"{Service<SignInCookies>().SessionName}={session.Secret}";
        return new AdminBrowser(_app!.GetTestServer().CreateHandler(), cookie)
        {
            Languages = languages,
        };
    }

    /// <summary>Reads an application's metadata from an address, as a service provider does.</summary>
    internal async Task<int> ReadMetadataAsync(
        Application application,
        string address,
        string agent = "sp/1.0",
        Action<HttpContext>? adjust = null
    )
    {
        var context = await _app!
            .GetTestServer()
            .SendAsync(http =>
            {
                http.Request.Method = "GET";
                http.Request.Scheme = "https";
                http.Request.Host = new HostString("id.example.test");
                http.Request.Path = $"/saml2/{application.Slug}/metadata";
                http.Request.Headers.UserAgent = agent;
                http.Connection.RemoteIpAddress = System.Net.IPAddress.Parse(address);
                adjust?.Invoke(http);
            });
        return context.Response.StatusCode;
    }

    /// <summary>A client that is nobody.</summary>
    internal HttpClient Stranger() => _app!.GetTestClient();
}
