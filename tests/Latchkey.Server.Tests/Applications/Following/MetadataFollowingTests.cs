using Latchkey.Saml.Keys;
using Latchkey.Server.Applications;
using Latchkey.Server.Applications.Following;
using Latchkey.Server.Directory;
using Latchkey.Server.Insights;
using Latchkey.Server.Problems;
using Latchkey.Server.Tests.SignIn;
using Latchkey.Server.Tests.SingleSignOn;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Tests.Applications.Following;

public sealed class MetadataFollowingOnSqliteTests(FollowingOnSqlite host)
    : MetadataFollowingTests(host),
        IClassFixture<FollowingOnSqlite>;

public sealed class MetadataFollowingOnPostgreSqlTests(FollowingOnPostgreSql host)
    : MetadataFollowingTests(host),
        IClassFixture<FollowingOnPostgreSql>;

/// <summary>A service provider publishes its metadata at an address of its own, and changes it.</summary>
public abstract partial class MetadataFollowingTests(TestIdentityProvider host) : IAsyncLifetime
{
    // Making one takes long enough to share them.
    private static readonly SigningKey s_old = SpMetadata.NewKey("old");
    private static readonly SigningKey s_new = SpMetadata.NewKey("new");
    private static readonly SigningKey s_publisher = SpMetadata.NewKey("publisher");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private TestServiceProvider _sp = null!;
    private SpMetadata _metadata = null!;
    private PublishedMetadata _site = null!;
    private Application _application = null!;
    private User _user = null!;
    private TestBrowser _browser = null!;

    public async ValueTask InitializeAsync()
    {
        _sp = new TestServiceProvider(host.Clock);
        _user = await host.AddUserAsync();
        _metadata = new SpMetadata(_sp.EntityId)
        {
            Acs = [_sp.Consumer],
            Signing = [s_old],
            Encryption = [s_old],
            SignsRequests = true,
            WantsSignedAssertions = true,
        };
        _application = await host.AddApplicationAsync(
            _sp,
            application =>
            {
                application.SpSigningCertificates = [Text(s_old)];
                application.SpEncryptionCertificates = [Text(s_old)];
                application.RequireSignedRequests = true;
                application.WantAssertionsSigned = true;
            },
            _user
        );
        _site = await PublishedMetadata.StartAsync(_metadata);
        _browser = await host.SignedInAsync(_user);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        // What is left of this test is not due in the next.
        await host.AskAsync((MetadataFollowing f) => f.StopAsync(_application, Ct));
        await _site.DisposeAsync();
    }

    private async Task FailsAsync()
    {
        _site.Failure = 503;
        (await RefreshAsync())!.Ok.ShouldBeFalse();
        _site.Failure = null;
    }

    private Task<Outcome<StartedFollowing>> StartAsync(SigningKey? pinned = null) =>
        host.AskAsync(
            (MetadataFollowing f) =>
                f.StartAsync(_application.Id, _site.Url, pinned is null ? [] : [Text(pinned)], Ct)
        );

    private async Task FollowAsync(SigningKey? pinned = null)
    {
        var started = await StartAsync(pinned);
        started.Problems.ShouldBeEmpty();
        started.Value!.Proposal.ShouldBeNull();
    }

    private Task<Outcome<RefreshReport>?> RefreshAsync() =>
        host.AskAsync((MetadataRefresh r) => r.RunAsync(_application.Id, true, Ct));

    private Task<IReadOnlyList<Guid>> DueAsync() =>
        host.AskAsync((MetadataRefresh r) => r.DueAsync(1000, Ct));

    private async Task MakeDueAsync()
    {
        var now = host.Clock.GetUtcNow();
        await using var db = host.Open();
        await db
            .FollowedMetadata.Where(f => f.ApplicationId == _application.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(f => f.NextAt, now), Ct);
    }

    /// <summary>Sessions end; whoever was signed in is signed in again.</summary>
    private async Task LaterAsync(TimeSpan time)
    {
        host.Clock.Advance(time);
        _browser = await host.SignedInAsync(_user);
    }

    private async Task<bool> IsAcceptedAsync(SigningKey key) =>
        (await AskAsync(key)).Field("SAMLResponse") is not null;

    private async Task<string?> RefusalAsync()
    {
        var page = await AskAsync(s_old);
        return (await host.EventsAsync(page.ReferenceCode!))
            .Single(e => e.Type == EventTypes.SamlResponseRefused)
            .FindingCode;
    }

    private Task<TestPage> AskAsync(SigningKey key) =>
        _browser.OpenAsync(_sp.Redirect(_sp.Request(), null, key), "cross-site");

    private SpMetadata Ending(int days) =>
        _metadata with
        {
            ValidUntil = host.Clock.GetUtcNow().AddDays(days),
        };

    private SpMetadata Lowered(string change) =>
        change switch
        {
            "acs-host" => _metadata with { Acs = [_sp.Consumer, "https://evil.example.test/acs"] },
            "acs-http" => _metadata with { Acs = [_sp.Consumer, "http://localhost/acs"] },
            "slo-host" => _metadata with { Slo = ["https://evil.example.test/logout"] },
            "signing-replaced" => _metadata with { Signing = [s_new] },
            "signing-gone" => _metadata with { Signing = [], SignsRequests = false },
            "encryption-gone" => _metadata with { Encryption = [] },
            "encryption-replaced" => _metadata with { Encryption = [s_new] },
            "signed-requests" => _metadata with { SignsRequests = false },
            _ => _metadata with { WantsSignedAssertions = false },
        };

    private static string Facts(Application application) =>
        string.Join(
            '\n',
            ApplicationChanges.Snapshot(application).Select(field => $"{field.Key}={field.Value}")
        );

    private static string Text(SigningKey key) => Convert.ToBase64String(key.Certificate.RawData);

    private async Task<Application> FindAsync() =>
        (await host.AskAsync(s => s.FindAsync(_application.Id)))!;

    private async Task<FollowedMetadata> FollowedAsync() =>
        (await host.AskAsync((MetadataFollowing f) => f.FindAsync(_application.Id, Ct)))!;

    private async Task<IReadOnlyList<Event>> EventsAsync(string type) =>
        [.. (await host.EventsOfAsync(_application.Id)).Where(e => e.Type == type)];

    private async Task<int> MailsAsync()
    {
        await using var db = host.Open();
        return await db.QueuedMails.CountAsync(m => m.Template == "metadata_alarm", Ct);
    }

    private async Task<int> AdministratorsAsync()
    {
        await using var db = host.Open();
        return await db.Users.CountAsync(u => u.Role != null, Ct);
    }
}
