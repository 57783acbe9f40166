using Latchkey.Saml.Issuing;
using Latchkey.Saml.Metadata;
using Latchkey.Saml.Protocol;
using Latchkey.Server.Applications;
using Latchkey.Server.SignIn;

namespace Latchkey.Server.SingleSignOn;

/// <summary>Puts together what a Response says; the same for a sign-in and for its preview.</summary>
internal sealed class ResponseComposer(IdSource ids, TimeProvider time)
{
    /// <param name="runtime">The application.</param>
    /// <param name="consumer">Where it goes.</param>
    /// <param name="inResponseTo">The request's ID; null when we start.</param>
    /// <param name="said">What is said about the user.</param>
    /// <param name="authnInstant">When the user proved who they are.</param>
    /// <param name="sessionEnds">When the session here ends.</param>
    public ResponseToIssue Compose(
        ApplicationRuntime runtime,
        IndexedEndpoint consumer,
        string? inResponseTo,
        SaidOfUser said,
        DateTimeOffset authnInstant,
        DateTimeOffset sessionEnds
    )
    {
        var application = runtime.Application;
        var now = time.GetUtcNow();
        return new()
        {
            Id = ids.Next(),
            IssueInstant = now,
            Issuer = application.IdpEntityId,
            Destination = consumer.Location,
            InResponseTo = inResponseTo,
            Encryption = runtime.Encryption,
            Assertion = new()
            {
                Id = ids.Next(),
                Audience = application.SpEntityId,
                NameId = said.NameId,
                // Service providers whose clock is behind ours refuse an assertion from the future.
                NotBefore = now - TimeSpan.FromSeconds(application.ClockSkewSeconds),
                NotOnOrAfter = now + TimeSpan.FromSeconds(application.AssertionLifetimeSeconds),
                AuthnInstant = authnInstant,
                SessionIndex = ids.NextSessionIndex(),
                SessionNotOnOrAfter = application.SessionLifetimeMinutes switch
                {
                    null => null,
                    0 => sessionEnds,
                    { } minutes => now + TimeSpan.FromMinutes(minutes),
                },
                AuthnContextClassRef = said.AuthnContextClassRef,
                Attributes = said.Attributes,
            },
        };
    }
}

/// <summary>What a Response says about a user.</summary>
internal sealed record SaidOfUser(
    NameId NameId,
    string AuthnContextClassRef,
    IReadOnlyList<SamlAttribute> Attributes
);
