using System.Net;
using Latchkey.Saml.AspNetCore.Tests.Fakes;
using Latchkey.Saml.Keys;
using Latchkey.Saml.Metadata;
using Latchkey.Saml.Protocol;
using Microsoft.Extensions.DependencyInjection;

namespace Latchkey.Saml.AspNetCore.Tests;

public sealed class MetadataTests
{
    private const string Address = "https://id.example.test/saml2/app/metadata";

    private readonly FakeIdentityProvider _idp = new();
    private readonly Fetches _fetches = new();

    public MetadataTests() => _fetches.Answer = () => _idp.Metadata();

    [Fact]
    public async Task This_applications_metadata_names_entity_ID_callback_and_certificate()
    {
        using var key = SigningKey.Create(
            "App",
            TestApplication.Start,
            TestApplication.Start.AddYears(1)
        );
        await using var app = await TestApplication.StartAsync(_idp, o => o.SigningKey = key);

        var response = await app.NewBrowser().GetAsync("/saml2/metadata");

        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/samlmetadata+xml");
        var verdict = MetadataReader.Read(
            await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken),
            app.Now
        );
        var entity = verdict.Value!.Entities.Single();
        entity.EntityId.ShouldBe(TestApplication.EntityId);
        entity.ServiceProvider!.AuthnRequestsSigned.ShouldBeTrue();
        entity
            .ServiceProvider.SigningCertificates.Single()
            .ToArray()
            .ShouldBe(key.Certificate.RawData);
        entity
            .ServiceProvider.AssertionConsumerServices.Single()
            .ShouldBe(new(SamlBindings.Post, "https://app.example.test/signin-saml2", 0, true));
    }

    [Fact]
    public async Task Metadata_is_fetched_at_the_first_sign_in_and_kept()
    {
        await using var app = await StartAsync();
        _fetches.Count.ShouldBe(0);

        await app.NewBrowser().SignInAsync(_idp, app.Now);
        await app.NewBrowser().SignInAsync(_idp, app.Now);

        _fetches.Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_identity_provider_that_is_down_gives_a_calm_page_and_few_fetches_until_it_is_up()
    {
        await using var app = await StartAsync();
        var answer = _fetches.Answer;
        _fetches.Answer = () => throw new HttpRequestException("Connection refused");

        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 5; i++)
        {
            statuses.Add((await app.NewBrowser().GetAsync("/private")).StatusCode);
        }

        var health = await app.NewBrowser().ReadAsync("/healthz");
        _fetches.Answer = answer;
        app.Time.Advance(TimeSpan.FromSeconds(2));
        var later = await app.NewBrowser().GetAsync("/private");

        statuses.ShouldAllBe(s => s == HttpStatusCode.ServiceUnavailable);
        health.ShouldBe("Unhealthy");
        later.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        _fetches.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_new_key_in_the_metadata_is_followed_in_the_middle_of_a_sign_in()
    {
        await using var app = await StartAsync();
        await app.NewBrowser().SignInAsync(_idp, app.Now);
        app.Time.Advance(TimeSpan.FromMinutes(2));
        _idp.ChangeKey();

        var response = await app.NewBrowser().SignInAsync(_idp, app.Now);

        response.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        _fetches.Count.ShouldBe(2);
        app.Log.Lines.ShouldContain(l =>
            l.StartsWith("IdentityProviderKeysChanged", StringComparison.Ordinal)
        );
    }

    [Fact, Trait("Rule", "X2")]
    public async Task X2_forged_signatures_do_not_make_a_storm_of_fetches()
    {
        await using var app = await StartAsync();
        await app.NewBrowser().SignInAsync(_idp, app.Now);
        app.Time.Advance(TimeSpan.FromMinutes(2));
        var forger = new FakeIdentityProvider();
        forger.ChangeKey();

        for (var i = 0; i < 5; i++)
        {
            (await app.NewBrowser().SignInAsync(forger, app.Now)).StatusCode.ShouldBe(
                HttpStatusCode.BadRequest
            );
        }

        _fetches.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Old_metadata_serves_while_new_is_fetched_and_a_failure_degrades_health()
    {
        await using var app = await StartAsync();
        await app.NewBrowser().SignInAsync(_idp, app.Now);
        _fetches.Answer = () => throw new HttpRequestException("Connection refused");
        app.Time.Advance(TimeSpan.FromHours(7));

        var response = await app.NewBrowser().SignInAsync(_idp, app.Now);

        response.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        await app.Log.WaitForAsync("MetadataFailed");
        (await app.NewBrowser().ReadAsync("/healthz")).ShouldBe("Degraded");
    }

    [Fact, Trait("Rule", "M3")]
    public async Task M3_another_entity_at_the_same_address_is_not_taken_over()
    {
        await using var app = await StartAsync();
        await app.NewBrowser().SignInAsync(_idp, app.Now);
        var other = new FakeIdentityProvider("https://evil.example.test/idp");
        _fetches.Answer = () => other.Metadata();
        app.Time.Advance(TimeSpan.FromHours(7));
        await app.NewBrowser().GetAsync("/private");
        await app.Log.WaitForAsync("MetadataFailed");

        var request = await app.NewBrowser().BeginAsync();

        request.Address.ShouldBe(_idp.SingleSignOnUrl);
    }

    private Task<TestApplication> StartAsync() =>
        TestApplication.StartAsync(authentication =>
            authentication.AddSaml2(o =>
            {
                o.EntityId = TestApplication.EntityId;
                o.IdpMetadata = Address;
                o.BackchannelHttpHandler = _fetches;
            })
        );

    private sealed class Fetches : HttpMessageHandler
    {
        private int _count;

        public int Count => _count;

        public Func<byte[]> Answer { get; set; } = () => [];

        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            Interlocked.Increment(ref _count);
            request.RequestUri!.ToString().ShouldBe(Address);
            return Task.FromResult(
                new HttpResponseMessage { Content = new ByteArrayContent(Answer()) }
            );
        }
    }
}
