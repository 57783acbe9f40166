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

/// <summary>What an address says and nobody takes over unseen: it waits for an administrator (rule M3).</summary>
public abstract partial class MetadataFollowingTests
{
    [Theory]
    [InlineData("acs-host", "acs_urls")]
    [InlineData("acs-http", "acs_urls")]
    [InlineData("slo-host", "slo_urls")]
    [InlineData("signing-replaced", "sp_signing_certificates")]
    [InlineData("signing-gone", "sp_signing_certificates")]
    [InlineData("encryption-gone", "sp_encryption_certificates")]
    [InlineData("encryption-replaced", "sp_encryption_certificates")]
    [InlineData("signed-requests", "require_signed_requests")]
    [InlineData("signed-assertions", "want_assertions_signed")]
    [Trait("Rule", "M3")]
    public async Task What_lowers_security_waits_for_an_administrator(string change, string field)
    {
        await FollowAsync();
        var before = Facts(await FindAsync());
        _site.Publish(Lowered(change));

        (await RefreshAsync())!.Value!.Held.ShouldContain(field);

        Facts(await FindAsync()).ShouldBe(before);
        (await EventsAsync(EventTypes.MetadataAlarm))
            .Single()
            .FindingCode.ShouldBe("metadata-held");
    }

    [Fact]
    [Trait("Rule", "M3")]
    public async Task What_is_harmless_is_taken_over_beside_what_waits()
    {
        await FollowAsync();
        _site.Publish(
            _metadata with
            {
                Acs = [_sp.Consumer, _sp.Consumer + "/second"],
                WantsSignedAssertions = false,
            }
        );

        await RefreshAsync();

        (await FindAsync()).AcsEndpoints.Count.ShouldBe(2);
        (await FindAsync()).WantAssertionsSigned.ShouldBeTrue();
    }

    [Fact]
    [Trait("Rule", "M3")]
    public async Task What_waits_goes_on_waiting_and_is_told_once()
    {
        await FollowAsync();
        _site.Publish(Lowered("signing-replaced"));
        await RefreshAsync();

        (await RefreshAsync())!.Value!.Held.ShouldBe(["sp_signing_certificates"]);

        (await EventsAsync(EventTypes.MetadataAlarm)).Count.ShouldBe(1);
    }

    [Fact]
    [Trait("Rule", "M3")]
    public async Task What_waited_is_forgotten_when_the_service_provider_takes_it_back()
    {
        await FollowAsync();
        _site.Publish(Lowered("signing-replaced"));
        await RefreshAsync();
        _site.Publish(_metadata);

        (await RefreshAsync())!.Value!.Held.ShouldBeEmpty();
    }

    [Fact]
    [Trait("Rule", "M3")]
    public async Task What_an_administrator_changed_is_not_overwritten()
    {
        await FollowAsync();
        await host.AskAsync(s =>
            s.UpdateAsync(
                _application.Id,
                new ApplicationInput { SpSigningCertificates = [Text(s_old), Text(s_publisher)] },
                null
            )
        );
        await RefreshAsync();
        (await FindAsync()).SpSigningCertificates.Count.ShouldBe(2);
        _site.Publish(_metadata with { Signing = [s_old, s_new] });

        (await RefreshAsync())!.Value!.Held.ShouldBe(["sp_signing_certificates"]);

        (await FindAsync()).SpSigningCertificates.ShouldBe([Text(s_old), Text(s_publisher)]);
    }
}
